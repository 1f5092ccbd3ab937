"""``assistant chats`` and ``assistant verify``, on real files and also through the owner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.contract import ask_json
from assistant.home import Home
from assistant.kept import Feedback, NewTurn
from assistant.settings import Settings
from assistant.web.visitor import COOKIE, reader_of

from ..fakes import BagOfStems
from .conftest import Command, json_of
from .small_corpus import COUNCIL_WORTH, FERRY, FERRY_WORTH, NOWHERE, WORTH
from .test_processes import owning
from .test_read_only import powerless, protected

ONE, TWO = "1" * 32, "2" * 32
ANNE = reader_of({COOKIE: "a" * 64})


@pytest.fixture
def asked(fast: None, home: Home) -> Home:
    """A home with two kept conversations, as the chat leaves it."""
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        for chat, question in ((ONE, WORTH), (TWO, NOWHERE)):
            answer = archive.ask(question)
            said = dict(ask_json(answer))
            new = NewTurn(question, said, "shown", {}, answer.recipe, answer.made_with)
            turn = archive.chats.keep(chat, ANNE, new)
        archive.chats.judge(TWO, turn, Feedback("bad", comment="It was Story Musgrave."))
    return home


@pytest.fixture
def run(command: Command, asked: Home) -> Any:
    return lambda *arguments: command(*arguments, "--home", str(asked.root))


def test_conversations_are_listed_shown_renamed_and_deleted(run: Any, asked: Home) -> None:
    rows = json_of(run("chats", "list", "--json"))
    assert [(one["id"], one["title"], one["questions"]) for one in rows] == [
        (TWO, NOWHERE, 1),
        (ONE, WORTH, 1),
    ]
    assert set(rows[0]) == {"id", "title", "created", "changed", "questions"}
    shown = json_of(run("chats", "show", ONE[:6], "--json"))
    [turn] = shown["turns"]
    assert turn["answer"]["citations"][0]["quote"] in (FERRY_WORTH, COUNCIL_WORTH)
    assert turn["made_with"]["model"] == "bag-of-stems"
    assert turn["answer"]["recipe"] == turn["recipe"]
    assert set(turn) == {
        *("id", "asked", "question", "filters", "answer", "recipe", "made_with", "feedback"),
        *("sound", "wish"),
    }
    assert json_of(run("chats", "rename", ONE, "The ferry", "--json")) == {"title": "The ferry"}
    assert "The ferry" in run("chats", "list").out
    assert f"> {WORTH}" in run("chats", "show", ONE).out
    assert json_of(run("chats", "delete", "1111", "--json")) == {"deleted": [ONE]}
    assert [one["id"] for one in json_of(run("chats", "list", "--json"))] == [TWO]
    gone = run("chats", "show", ONE)
    assert (gone.code, gone.out) == (3, "")
    assert "'assistant chats list" in gone.err or "`assistant chats list" in gone.err
    assert WORTH.encode() not in (asked.state / "chats.sqlite").read_bytes()


def test_nothing_is_deleted_where_one_of_several_is_unknown(run: Any) -> None:
    assert run("chats", "delete", ONE, "f" * 32).code == 3
    assert len(json_of(run("chats", "list", "--json"))) == 2


def test_an_id_that_begins_two_conversations_names_neither(
    run: Any, asked: Home, fast: None
) -> None:
    with Archive(asked, Settings(), embedder=BagOfStems()) as archive:
        archive.chats.keep("1" * 31 + "2", ANNE, NewTurn("Why?", {"answer": "So."}, "So."))
    assert run("chats", "show", "1111").code == 3
    assert run("chats", "show", "111").code == 3


def test_what_readers_said_is_listed_with_its_turn(run: Any) -> None:
    [turn] = json_of(run("chats", "feedback", "--json"))
    assert (turn["chat"], turn["question"], turn["history"]) == (TWO, NOWHERE, [])
    assert turn["answer"]["abstained"]
    [said] = turn["feedback"]
    assert (said["verdict"], said["comment"]) == ("bad", "It was Story Musgrave.")
    line = run("chats", "feedback").out
    assert f"bad  {NOWHERE}: It was Story Musgrave." in line


def test_a_home_without_conversations_says_so_and_makes_no_file(
    command: Command, home: Home
) -> None:
    at = ("--home", str(home.root))
    assert "No conversation is kept" in command("chats", "list", *at).out
    assert "Nobody has said" in command("chats", "feedback", *at).out
    assert command("chats", "show", ONE, *at).code == 3
    assert not (home.state / "chats.sqlite").exists()


# ---------------------------------------------------------------- export and verify


@pytest.fixture
def exported(run: Any, tmp_path: Path) -> Path:
    file = tmp_path / "ferry.html"
    json_of(run("chats", "export", ONE, str(file), "--json"))
    return file


def test_an_export_is_verified(run: Any, exported: Path, tmp_path: Path) -> None:
    found = json_of(run("verify", str(exported), "--json"))
    [turn] = json_of(run("chats", "show", ONE, "--json"))["turns"]
    count = len(turn["answer"]["citations"])
    assert (found["passed"], found["stands"], found["missing"]) == (True, count, 0)
    assert set(found) == {
        *("file", "format", "title", "exported", "quotes", "stands", "elsewhere", "gone"),
        *("missing", "passed"),
    }
    first, cited = found["quotes"][0], turn["answer"]["citations"][0]
    assert first["now"] == {key: cited[key] for key in ("document_id", "sha256", "start", "end")}
    assert "stand" in run("verify", str(exported)).out
    answer = tmp_path / "answer.json"
    answer.write_text(run("ask", WORTH, "--json").out, encoding="utf-8")
    assert run("verify", str(answer)).code == 0
    markdown = tmp_path / "ferry.md"
    run("chats", "export", ONE, str(markdown))
    assert markdown.read_text("utf-8").startswith("<!-- archive-assistant: conversation 1, ")
    assert run("verify", str(markdown)).code == 0


def test_an_export_is_not_written_over(run: Any, exported: Path) -> None:
    before = exported.read_bytes()
    again = run("chats", "export", ONE, str(exported))
    assert (again.code, again.out) == (2, "")
    assert "--force" in again.err
    assert exported.read_bytes() == before
    assert run("chats", "export", ONE, str(exported), "--force").code == 0
    assert run("chats", "export", ONE, str(exported / "below" / "x.html")).code == 3
    assert run("chats", "export", ONE, "-", "--format", "markdown").out.startswith("<!-- archive")


def statuses(ran: Any) -> dict[str, str]:
    found = json.loads(ran.out)
    return {one["document_id"]: one["status"] for one in found["quotes"]}


def test_a_quote_whose_document_changed_is_found_where_it_stands_now(
    run: Any, exported: Path, asked: Home
) -> None:
    before = statuses(run("verify", str(exported), "--json"))
    assert before == {"ferry": "stands", "council": "stands"}
    changed = FERRY.replace("The city signed", "A new first sentence. The city signed")
    (asked.documents / "ferry.md").write_text(changed, encoding="utf-8")
    ran = run("verify", str(exported), "--json")
    assert (ran.code, statuses(ran)) == (1, {"ferry": "elsewhere", "council": "stands"})
    found = json.loads(ran.out)
    [moved] = [one for one in found["quotes"] if one["status"] == "elsewhere"]
    assert moved["now"]["start"] == moved["start"] + len("A new first sentence. ")
    assert moved["now"]["sha256"] != moved["sha256"]
    assert (found["elsewhere"], found["passed"]) == (1, False)
    said = run("verify", str(exported))
    assert said.code == 1
    assert "changed: answer 1 " in said.out
    assert "1 of 2 quotes stand at their place." in said.out


def test_a_quote_that_moved_to_another_document_and_one_that_is_gone(
    run: Any, exported: Path, asked: Home
) -> None:
    (asked.documents / "ferry.md").unlink()
    (asked.documents / "new.txt").write_text(f"Afterwards\n\n{FERRY_WORTH} So it was.", "utf-8")
    (asked.documents / "council.md").unlink()
    ran = run("verify", str(exported), "--json")
    assert (ran.code, statuses(ran)) == (1, {"ferry": "elsewhere", "council": "gone"})
    where = {one["document_id"]: one["now"] for one in json.loads(ran.out)["quotes"]}
    assert where["ferry"]["document_id"] == "new"
    assert where["council"] is None


def test_a_renamed_document_still_has_its_quotes(run: Any, exported: Path, asked: Home) -> None:
    (asked.documents / "ferry.md").rename(asked.documents / "boat.md")
    found = json_of(run("verify", str(exported), "--json"))
    assert {one["now"]["document_id"] for one in found["quotes"]} == {"boat", "council"}


def test_a_changed_word_an_offset_and_a_hash_are_caught(
    run: Any, exported: Path, tmp_path: Path
) -> None:
    text = exported.read_text("utf-8")
    forged = tmp_path / "forged.html"
    quoted = ">" + FERRY_WORTH + "</blockquote>"
    assert quoted in text
    for old, new, status in (
        (quoted, quoted.replace("18 million", "81 million"), "gone"),
        ('data-start="0"', 'data-start="1"', "elsewhere"),
        ('data-document="ferry" data-sha256="', 'data-document="ferry" data-sha256="00', ""),
    ):
        forged.write_text(text.replace(old, new, 1), encoding="utf-8")
        ran = run("verify", str(forged), "--json")
        found = json.loads(ran.out)
        assert (ran.code, found["passed"]) == (1, False)
        if status:
            assert found[status] == 1
        else:
            assert found["missing"] == 1


def test_a_declined_question_quotes_nothing(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "declined.html"
    run("chats", "export", TWO, str(file))
    ran = run("verify", str(file))
    assert (ran.code, "quotes nothing" in ran.out) == (0, True)


def test_a_missing_file_is_named(run: Any, tmp_path: Path) -> None:
    ran = run("verify", str(tmp_path / "none.html"))
    assert (ran.code, ran.out) == (3, "")
    assert "none.html could not be read (No such file or directory)" in ran.err


def test_a_link_needs_the_chat_to_be_open(run: Any) -> None:
    ran = run("chats", "link")
    assert (ran.code, ran.out) == (2, "")
    assert "assistant chat --home" in ran.err


def test_short_quotes_are_looked_for_in_their_own_document_only(fast: None, home: Home) -> None:
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        client = LocalClient(archive)
        quote = {"document_id": "none", "sha256": "0" * 64, "start": 0, "end": 5, "quote": "ferry"}
        assert client.look_for_quotes([quote])[0]["status"] == "gone"  # type: ignore[list-item]
        quote["document_id"] = "ferry"
        assert client.look_for_quotes([quote])[0]["status"] == "elsewhere"  # type: ignore[list-item]


def test_the_commands_work_while_the_chat_has_the_home(
    asked: Home, command: Command, tmp_path: Path
) -> None:
    at = ("--home", str(asked.root))
    with owning(asked):
        assert len(json_of(command("chats", "list", "--json", *at))) == 2
        file = tmp_path / "ferry.html"
        assert command("chats", "export", ONE, str(file), *at).code == 0
        assert json_of(command("verify", str(file), "--json", *at))["passed"]
        json_of(command("chats", "rename", ONE, "The ferry", "--json", *at))
        assert len(json_of(command("chats", "feedback", "--json", *at))) == 1
        made = json_of(command("chats", "link", ONE, "--json", *at))["url"]
        assert made.startswith("http://127.0.0.1:7860/chats/link/")
        assert command("chats", "link", "f" * 32, *at).code == 3
        json_of(command("chats", "delete", ONE, TWO, "--json", *at))
        assert json_of(command("chats", "list", "--json", *at)) == []
        unknown = command("chats", "show", ONE, *at)
        assert (unknown.code, "there is no conversation" in unknown.err) == (3, True)


@pytest.mark.slow
def test_conversations_of_a_home_that_may_not_be_written_are_read_and_stay(
    asked: Home, tmp_path: Path
) -> None:
    at = ("--home", str(asked.root))
    with protected(asked):
        shown = powerless("chats", "show", ONE, "--json", *at, temporary=tmp_path / "one")
        assert (shown.code, json.loads(shown.out or "{}").get("title")) == (0, WORTH), shown.err
        ran = powerless("chats", "delete", ONE, *at, temporary=tmp_path / "two")
    assert (ran.code, ran.out) == (3, "")
    assert "could not be written" in ran.err
