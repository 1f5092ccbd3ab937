"""The page's side of kept conversations: who sees what, what is shown again, what goes wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from fastapi.testclient import TestClient

from assistant.archive import Archive
from assistant.chats_database import ChatsDatabase
from assistant.chats_offers import MINUTES, Offers
from assistant.home import Home
from assistant.settings import Settings
from assistant.web.app import application
from assistant.web.chat import message_text, turns
from assistant.web.conversation import Conversation
from assistant.web.evidence import empty_html
from assistant.web.history import listed, said
from assistant.web.keeping import Keeping, number_of
from assistant.web.markup import plain_text, references_in
from assistant.web.visitor import COOKIE, reader_of
from corpus.errors import UnknownChat, UsageError

from ..chroma_server import free_port
from ..fakes import BagOfStems
from .small_corpus import FERRY, NOWHERE, WORTH, write_home

ANNE, BO = "a" * 64, "b" * 64
ONE, TWO = "1" * 32, "2" * 32


def browser(secret: str) -> Any:
    return SimpleNamespace(cookies={COOKIE: secret} if secret else {})


@pytest.fixture
def archive(fast: None, home: Home) -> Iterator[Archive]:
    with Archive(home, Settings(), embedder=BagOfStems()) as opened:
        opened.sync()
        yield opened


def conversation(archive: Archive) -> Conversation:
    with gr.Blocks():
        parts = gr.Chatbot(), gr.Textbox(), *(gr.HTML() for _ in range(5))
        return Conversation(archive, *parts)


def ask(
    page: Conversation, question: str, before: list[Any], secret: str = ANNE, chat: str = ONE
) -> list[Any]:
    """Ask as the page does, and return the messages that it then shows."""
    *_, last, _ = page.ask(question, before, "", chat, "", browser(secret))
    return list(last[1])


def texts(messages: list[Any]) -> list[str]:
    return [plain_text(message_text(message)) for message in messages]


def test_a_turn_is_on_disk_before_its_answer_is_shown_whole(archive: Archive) -> None:
    kept = []
    for box, messages, *_ in conversation(archive).ask(WORTH, [], "", ONE, "", browser(ANNE)):
        if isinstance(messages, list) and number_of(messages[-1]):
            kept = archive.chats.open(ONE, reader_of({COOKIE: ANNE})).turns
            assert [one.id for one in kept] == [number_of(messages[-1])]
            assert kept[0].shown == messages[-1]["content"]
            assert box == gr.skip()
    assert kept
    assert kept[0].answer["citations"]
    assert kept[0].made_with["model"] == "bag-of-stems"
    assert kept[0].recipe == kept[0].answer["recipe"]
    [folder] = [one for one in (archive.home.state / "index").iterdir() if one.is_dir()]
    assert folder.name.startswith(kept[0].recipe)


def test_a_reopened_conversation_is_the_same_and_is_gone_on_with(archive: Archive) -> None:
    page = conversation(archive)
    shown = ask(page, WORTH, [])
    event = SimpleNamespace(_data={"chat": ONE})
    _, again, sources, _ = page.reopen("", event, browser(ANNE))  # type: ignore[arg-type]
    assert texts(again) == texts(shown)
    assert references_in(message_text(again[-1])) == references_in(message_text(shown[-1]))
    assert "Sources" in sources
    assert "data-asked=" in sources
    follow = ask(page, "When does it end?", again)
    assert "Searched for" in message_text(follow[-1])
    assert "31 March 2031" in texts(follow)[-1]
    reloaded, _ = page.reloaded(ONE, browser(ANNE))
    assert texts(reloaded["value"]) == texts(follow)
    assert len(turns(reloaded["value"])) == 2


def test_a_declined_question_comes_back_with_what_came_closest(archive: Archive) -> None:
    page = conversation(archive)
    ask(page, NOWHERE, [])
    _, sources = page.reloaded(ONE, browser(ANNE))
    assert "Closest passages" in sources
    for name in ("ferry", "council", "library"):
        archive.remove([name])
    assert page.reloaded(ONE, browser(ANNE))[1] == empty_html()


@pytest.mark.parametrize("secret", [BO, "", "no secret", "*"])
def test_nobody_opens_a_conversation_of_somebody_else(archive: Archive, secret: str) -> None:
    page = conversation(archive)
    ask(page, WORTH, [])
    reloaded, sources = page.reloaded(ONE, browser(secret))
    assert (reloaded["value"], sources) == ([], empty_html())
    reader = reader_of({COOKIE: secret})
    assert listed(archive, Keeping(archive), reader)["chats"] == []
    [row] = listed(archive, Keeping(archive), reader_of({COOKIE: ANNE}))["chats"]
    assert (row["id"], row["title"]) == (ONE, WORTH)


def test_somebody_who_guesses_an_id_adds_nothing_to_it(archive: Archive) -> None:
    page = conversation(archive)
    ask(page, WORTH, [])
    messages = ask(page, "Who signed it?", [], secret=BO)
    assert message_text(messages[-1]).startswith("<small>Not kept&#58; ")
    assert number_of(messages[-1]) is None
    assert archive.chats.open(ONE).chat.turns == 1


def test_without_a_cookie_or_where_it_is_switched_off_nothing_is_kept(
    fast: None, home: Home
) -> None:
    off = Settings(keep_chats=False)
    with Archive(home, off, embedder=BagOfStems()) as archive:
        archive.sync()
        assert number_of(ask(conversation(archive), WORTH, [])[-1]) is None
        assert listed(archive, Keeping(archive), ANNE) == {"on": False, "remark": "", "chats": []}
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        assert number_of(ask(conversation(archive), WORTH, [], secret="")[-1]) is None
        assert "no cookies" in listed(archive, Keeping(archive), "")["remark"]
    assert not (home.state / "chats.sqlite").exists()


def test_asking_again_replaces_what_was_kept(archive: Archive) -> None:
    page = conversation(archive)
    messages = ask(page, WORTH, ask(page, "Who signed the ferry contract?", []))
    *_, last, _ = page.ask_again(messages, "", ONE, "", browser(ANNE))
    kept = archive.chats.open(ONE).turns
    assert [one.question for one in kept] == ["Who signed the ferry contract?", WORTH]
    assert [number_of(one) for one in last[1] if one["role"] == "assistant"] == [
        one.id for one in kept
    ]


def test_two_tabs_that_ask_at_once_lose_no_turn(archive: Archive) -> None:
    page = conversation(archive)
    questions = [f"{WORTH} {number}" for number in range(6)]

    def tab(question: str) -> None:
        ask(page, question, [])

    threads = [threading.Thread(target=tab, args=(one,)) for one in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.question for one in archive.chats.open(ONE).turns) == questions


def test_a_disk_that_takes_nothing_costs_a_line_and_no_answer(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.chats.close()
    (archive.home.state / "chats.sqlite").mkdir()
    messages = ask(conversation(archive), WORTH, [])
    assert message_text(messages[-1]).startswith("<small>Not kept&#58; The conversations in ")
    assert "Blue Wave Lines" in texts(messages)[-1]
    assert turns(messages)[0].question == WORTH
    remark = listed(archive, Keeping(archive), ANNE)["remark"]
    assert "could not be kept or read" in remark


def test_a_database_that_is_away_costs_a_line_that_does_not_say_where_it_is(
    archive: Archive,
) -> None:
    archive.chats.close()
    archive.chats._file = ChatsDatabase(f"postgresql://archive@127.0.0.1:{free_port()}/archive")
    messages = ask(conversation(archive), WORTH, [])
    note = "Conversations can be neither kept nor read now"
    assert message_text(messages[-1]).startswith(f"<small>Not kept&#58; {note}")
    assert "Blue Wave Lines" in texts(messages)[-1]
    assert "database is away" in listed(archive, Keeping(archive), ANNE)["remark"]
    assert "127.0.0.1" not in f"{messages}"


def test_a_damaged_file_costs_a_remark_and_the_chat_goes_on(archive: Archive) -> None:
    file = archive.home.state / "chats.sqlite"
    file.write_bytes(b"no database" * 1000)
    assert number_of(ask(conversation(archive), WORTH, [])[-1]) == 1
    found = listed(archive, Keeping(archive), reader_of({COOKIE: ANNE}))
    assert [one["id"] for one in found["chats"]] == [ONE]
    assert "chats.sqlite.damaged-" in found["remark"]
    assert found["remark"].startswith("The kept conversations could not be read")


def test_old_conversations_go_after_the_days_that_are_set(fast: None, home: Home) -> None:
    with Archive(home, Settings(chats_days=30), embedder=BagOfStems()) as archive:
        archive.sync()
        page = conversation(archive)
        ask(page, WORTH, [])
        with archive.chats._file.writing() as connection:
            connection.execute("UPDATE chats SET changed = '2020-01-01T00:00:00.000+00:00'")
        found = listed(archive, Keeping(archive), reader_of({COOKIE: ANNE}))
        assert found["chats"] == []


def test_a_damaged_answer_is_not_shown(archive: Archive) -> None:
    page = conversation(archive)
    ask(page, WORTH, [])
    with archive.chats._file.writing() as connection:
        connection.execute("UPDATE turns SET shown = replace(shown, '18', '81')")
    reloaded, _ = page.reloaded(ONE, browser(ANNE))
    assert "damaged" in texts(reloaded["value"])[-1]


# ---------------------------------------------------------------- what readers say


@pytest.fixture
def answered(archive: Archive) -> tuple[Archive, int, str]:
    messages = ask(conversation(archive), WORTH, [])
    turn = number_of(messages[-1])
    assert turn
    return archive, turn, str(references_in(message_text(messages[-1]))[0])


def test_a_verdict_a_report_and_taking_them_back(answered: tuple[Archive, int, str]) -> None:
    archive, turn, ref = answered
    reader = reader_of({COOKIE: ANNE})
    said(archive, {"chat": ONE, "turn": str(turn), "verdict": "bad", "comment": "No."}, reader)
    said(archive, {"chat": ONE, "ref": ref, "verdict": "wrong citation"}, reader)
    [kept] = archive.chats.open(ONE).turns
    assert [(one.verdict, one.marker) for one in kept.feedback] == [
        ("bad", None),
        ("wrong citation", 1),
    ]
    messages = conversation(archive).reloaded(ONE, browser(ANNE))[0]["value"]
    assert messages[-1]["metadata"]["id"] == f"answer:{turn}:bad:1"
    said(archive, {"chat": ONE, "ref": ref, "verdict": ""}, reader)
    said(archive, {"chat": ONE, "turn": turn, "verdict": ""}, reader)
    assert archive.chats.judged() == ()


@pytest.mark.parametrize(
    "sent",
    [
        {"verdict": "good", "turn": 9_999},
        {"verdict": "perfect", "turn": 1},
        {"verdict": "wrong citation", "turn": 1},
        {"verdict": "wrong citation", "ref": "0123456789abcdef.0.5.1"},
    ],
)
def test_a_verdict_on_nothing_is_refused(
    answered: tuple[Archive, int, str], sent: dict[str, Any]
) -> None:
    archive, _, _ = answered
    with pytest.raises((UnknownChat, UsageError)):
        said(archive, {"chat": ONE, **sent}, reader_of({COOKIE: ANNE}))
    assert archive.chats.judged() == ()


# ---------------------------------------------------------------- over HTTP


@pytest.fixture
def site(archive: Archive) -> Iterator[TestClient]:
    app = application(archive, loopback_only=True)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def secret_of(site: TestClient) -> str:
    page = site.get("/")
    assert page.headers["cache-control"] == "private, no-cache"
    morsel = SimpleCookie(page.headers["set-cookie"])[COOKIE]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/")
    return morsel.value


def test_a_browser_gets_a_secret_and_keeps_it(site: TestClient) -> None:
    secret = secret_of(site)
    assert len(secret) == 64
    assert secret_of(site) == secret
    site.cookies.clear()
    assert secret_of(site) != secret
    site.cookies.set(COOKIE, "forged; Path=/")
    assert len(secret_of(site)) == 64
    assert "set-cookie" not in site.get("/favicon.ico").headers


def test_a_conversation_is_downloaded_by_its_own_browser_alone(
    site: TestClient, archive: Archive
) -> None:
    secret = secret_of(site)
    ask(conversation(archive), WORTH, [], secret=secret)
    page = site.get(f"/chats/{ONE}/html")
    assert page.status_code == 200
    assert page.headers["content-disposition"] == (
        'attachment; filename="how-much-is-the-ferry-contract-with-blue-wave-lines-worth.html"'
    )
    assert page.headers["cache-control"] == "no-store"
    assert "Blue Wave Lines" in page.text
    assert site.get(f"/chats/{ONE}/markdown").headers["content-type"].startswith("text/markdown")
    for address in (f"/chats/{TWO}/html", f"/chats/{ONE}/exe", "/chats/..%2f..%2fetc/html"):
        assert site.get(address).status_code == 404
    site.cookies.clear()
    assert site.get(f"/chats/{ONE}/html").status_code == 404
    secret_of(site)
    assert "belongs to somebody else" in site.get(f"/chats/{ONE}/html").text


def test_the_calls_of_the_page_act_for_the_cookie_that_comes_along(
    site: TestClient, archive: Archive
) -> None:
    secret = secret_of(site)
    ask(conversation(archive), WORTH, [], secret=secret)
    parts = site.get("/config").json()["components"]
    [talk] = [one for one in parts if one["props"].get("elem_id") == "talk"]

    def call(name: str, sent: object) -> Any:
        body = {
            "data": json.dumps(sent) if sent is not None else None,
            "fn_name": name,
            "component_id": talk["id"],
            "session_hash": "x",
        }
        return site.post("/gradio_api/component_server", json=body).json()

    assert [one["title"] for one in call("chats", None)["chats"]] == [WORTH]
    done = call("rename", {"chat": ONE, "title": "The ferry"})
    assert done == {"error": "", "title": "The ferry"}
    assert "could not be read" in call("rename", ["not", "an", "object"])["error"]
    mine = dict(site.cookies)
    site.cookies.clear()
    assert "no cookies" in call("delete", {"chat": ONE})["error"]
    secret_of(site)
    assert "somebody else" in call("delete", {"chat": ONE})["error"]
    assert archive.chats.open(ONE).chat.title == "The ferry"
    site.cookies.clear()
    site.cookies.update(mine)
    assert call("delete", {"chat": ONE}) == {"error": "", "title": ""}
    assert call("chats", None)["chats"] == []


@pytest.mark.parametrize("fresh", [True, False], ids=["new browser", "known browser"])
def test_a_link_brings_conversations_into_the_browser_that_opens_it_once(
    site: TestClient, archive: Archive, fresh: bool
) -> None:
    page = conversation(archive)
    ask(page, WORTH, [])
    ask(page, NOWHERE, [], secret=BO, chat=TWO)
    mine = "" if fresh else secret_of(site)
    token = archive.chats.offers.make([])
    answer = site.get(f"/chats/link/{token}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    secret = SimpleCookie(answer.headers["set-cookie"])[COOKIE].value
    assert len(secret) == 64
    assert fresh or secret == mine
    assert {one.id for one in archive.chats.list(reader_of({COOKIE: secret}))} == {ONE, TWO}
    assert archive.chats.list(reader_of({COOKIE: ANNE})) == ()
    assert site.get(f"/chats/link/{token}").status_code == 404
    assert site.get("/chats/link/guessed").status_code == 404


def test_a_link_for_some_brings_those_and_grows_old() -> None:
    moment = [0.0]
    offers = Offers(lambda: moment[0])
    first, second = offers.make([ONE]), offers.make([])
    assert offers.take(first) == (ONE,)
    moment[0] = MINUTES * 60 + 1
    assert offers.take(second) is None


def test_another_sites_page_cannot_call(site: TestClient) -> None:
    secret_of(site)
    answer = site.post(
        "/gradio_api/component_server", json={}, headers={"origin": "http://evil.example"}
    )
    assert answer.status_code == 403


def test_chats_outlive_a_rebuild_and_the_state_of_the_index(fast: None, tmp_path: Path) -> None:
    home = write_home(tmp_path / "home", {"ferry.md": FERRY})
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        ask(conversation(archive), WORTH, [])
        archive.sync(rebuild=True)
        assert archive.chats.open(ONE).chat.turns == 1
    with Archive(home, Settings(), embedder=BagOfStems(), mend=True) as archive:
        archive.sync()
        assert archive.chats.open(ONE).chat.turns == 1
