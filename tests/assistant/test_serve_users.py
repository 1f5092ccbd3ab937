"""Who gets in, and what each may do: every route and every function of the page, tried by each."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.accounts import ACCOUNTS, Accounts
from assistant.archive import Archive
from assistant.serve.api import guarded
from assistant.serve.service import Service
from assistant.serve.sign_in import COOKIE, SignedIn
from assistant.settings import Settings
from assistant.web.app import application

from ..chroma_server import free_port
from ..fakes import BagOfStems
from .program import fast_parts
from .serving import running
from .small_corpus import FERRY_WORTH, WORTH, listing, write_home

PASSWORD = "correct horse battery"
SECRET_QUESTION = "How many zebras does the mayor keep?"
CHAT = "5" * 32
CURATING = {
    "bring_back",
    "upload",
    "fetch",
    "remove",
    "save",
    "restore",
    "take_out",
    "release",
    "check",
    "repair",
    "settle",
}
"""The events of the page that change documents, or read through all of them."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = write_home(tmp_path_factory.mktemp("users") / "home")
    with pytest.MonkeyPatch.context() as patch:
        for name, part in fast_parts().items():
            patch.setattr(name, part)
        with Archive(home, Settings(users="accounts"), embedder=BagOfStems()) as opened:
            opened.sync()
            yield opened


@pytest.fixture(scope="module")
def tokens(archive: Archive) -> dict[str, str]:
    accounts = Accounts(archive.home.state / ACCOUNTS)
    for name, role in (("rita", "reader"), ("cora", "curator"), ("ada", "admin")):
        accounts.add(name, role, PASSWORD)
    return {name: accounts.new_token(name) for name in ("rita", "cora", "ada")}


@pytest.fixture(scope="module")
def address(archive: Archive, tokens: dict[str, str]) -> Iterator[str]:
    with running(application(archive, loopback_only=True)) as found:
        yield found


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@contextlib.contextmanager
def signed_in(address: str, name: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30) as client:
        done = client.post("/login", data={"name": name, "password": PASSWORD})
        assert (done.status_code, done.headers["location"]) == (303, "/")
        yield client


# ------------------------------------------------------------------ getting in


def test_without_an_account_only_the_way_in_is_answered(address: str) -> None:
    answered = {}
    for method, path, body in requests_of(address):
        answered[method, path] = httpx.request(method, address + path, **body).status_code
    open_ones = {place for place, status in answered.items() if status != 401}
    assert open_ones == {("GET", "/healthz"), ("GET", "/readyz")}
    for path in ("/", "/config", "/gradio_api/info", "/chats/x/html", "/mcp", "/openapi.json"):
        assert httpx.get(address + path).status_code == 401
    page = httpx.get(f"{address}/", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login")
    told = httpx.post(f"{address}/v1/chat/completions", json={}).json()["error"]
    assert (told["type"], told["code"]) == ("authentication_error", "NotSignedIn")


def test_a_browser_signs_in_and_out(address: str) -> None:
    with signed_in(address, "rita") as client:
        cookie = client.cookies.jar
        (session,) = [one for one in cookie if one.name == "archive-session"]
        assert session.has_nonstandard_attr("HttpOnly")
        assert client.get("/", headers={"accept": "text/html"}).status_code == 200
        assert "Sign out" in client.get("/logout").text
        assert client.get("/api/documents").status_code == 200
        copied = {"cookie": f"archive-session={session.value}"}
        with signed_in(address, "rita") as elsewhere:
            assert httpx.get(f"{address}/api/documents", headers=copied).status_code == 200
            client.post("/logout")
            assert client.get("/api/documents").status_code == 401
            assert httpx.get(f"{address}/api/documents", headers=copied).status_code == 401
            assert elsewhere.get("/api/documents").status_code == 200


def test_wrong_passwords_and_tokens_do_not_get_in_and_are_slowed_down(archive: Archive) -> None:
    service = Service(archive)
    with running(guarded(service, None, loopback_only=True)) as address:
        for given in ("x", "x" * 300, "archive_00000000_" + "0" * 64):
            got = httpx.get(f"{address}/api/documents", headers=bearer(given))
            assert got.status_code == 401
        foreign = httpx.post(
            f"{address}/login",
            data={"name": "rita", "password": PASSWORD},
            headers={"origin": "http://evil.example"},
        )
        assert foreign.status_code == 403
        wrong = {"name": "<b>rita</b>", "password": "not it at all"}
        statuses = [httpx.post(f"{address}/login", data=wrong).status_code for _ in range(6)]
        assert statuses == [401] * 5 + [429]
        right = httpx.post(f"{address}/login", data={"name": "rita", "password": PASSWORD})
        assert (right.status_code, "set-cookie" in right.headers) == (429, False)
        large = httpx.post(f"{address}/login", content=b"name=" + b"x" * 50_000)
        assert large.status_code in (401, 429)


def test_damaged_accounts_let_nobody_in_and_say_so(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.serve.api.ACCOUNTS", str(tmp_path / ACCOUNTS))
    (tmp_path / ACCOUNTS).write_text("{", "utf-8")
    with running(guarded(Service(archive), None, loopback_only=True)) as address:
        asked = httpx.get(f"{address}/api/documents", headers=bearer("archive_0_0"))
        by_name = httpx.post(f"{address}/login", data={"name": "ada", "password": PASSWORD})
        cookie = {"cookie": "archive-session=ada:9999999999:0"}
        returned = httpx.get(f"{address}/api/documents", headers=cookie)
    assert asked.status_code == 401  # no token looks so, and nothing has to be read for that
    assert (by_name.status_code, returned.status_code) == (503, 503)
    assert returned.json()["error"]["type"] == "AccountsFailure"
    assert "move it away" in by_name.text


def test_a_header_counts_where_a_trusted_proxy_sends_it(archive: Archive) -> None:
    def asked(proxies: tuple[str, ...], headers: Any) -> httpx.Response:
        settings = Settings(users="header", users_header="X-User", trusted_proxies=proxies)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(archive, "settings", settings)
            app = guarded(Service(archive), None, loopback_only=True)
            with running(app, proxies=()) as address:
                remove = httpx.delete(f"{address}/api/documents/nope", headers=headers)
                listed = httpx.get(f"{address}/api/documents", headers=headers)
        return listed, remove

    here = ("127.0.0.1",)
    cora, unknown = {"X-User": "cora"}, {"X-User": "somebody"}
    assert [one.status_code for one in asked(here, cora)] == [200, 404]
    assert [one.status_code for one in asked(here, unknown)] == [200, 403]
    assert [one.status_code for one in asked(("10.0.0.1",), cora)] == [401, 401]
    assert [one.status_code for one in asked(here, {})] == [401, 401]
    named = signs_in_nowhere(archive)
    assert named == [401, 401]
    twice = [("X-User", "somebody"), ("X-User", "cora")]
    assert [one.status_code for one in asked(here, twice)] == [401, 401]
    spoofed = cora | {"X-Forwarded-For": "10.0.0.1"}
    assert [one.status_code for one in asked(("10.0.0.1",), spoofed)] == [401, 401]


def signs_in_nowhere(archive: Archive) -> list[int]:
    """Return what the way in answers where a proxy says who people are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "settings", Settings(users="header"))
        with running(guarded(Service(archive), None, loopback_only=True)) as address:
            sent = {"name": "ada", "password": PASSWORD}
            posted = httpx.post(f"{address}/login", data=sent)
            return [posted.status_code, httpx.get(f"{address}/login").status_code]


# ------------------------------------------------------------------ who may do what


def requests_of(address: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Return one request for each route of the schema, as the schema has it."""
    question = {"question": WORTH}
    message = {"role": "user", "content": WORTH}
    bodies: dict[tuple[str, str], dict[str, Any]] = {
        ("POST", "/api/ask"): {"json": question},
        ("POST", "/api/search"): {"json": {"query": WORTH}},
        ("GET", "/api/search"): {"params": {"q": WORTH}},
        ("GET", "/api/documents"): {},
        ("POST", "/api/documents"): {"files": {"files": ("a.txt", b"")}},
        ("POST", "/api/documents/from-web"): {"json": {"urls": ["http://127.0.0.1:1/"]}},
        ("GET", "/api/documents/{document_id}"): {},
        ("DELETE", "/api/documents/{document_id}"): {},
        ("POST", "/v1/chat/completions"): {"json": {"model": "archive", "messages": [message]}},
        ("GET", "/v1/models"): {},
        ("GET", "/v1/models/{name}"): {},
        ("GET", "/healthz"): {},
        ("GET", "/readyz"): {},
        ("GET", "/metrics"): {},
    }
    names = {"document_id": "nope", "name": "archive"}
    return [
        (method, re.sub(r"{(\w+)}", lambda found: names[found[1]], path), body)
        for (method, path), body in bodies.items()
    ]


def test_every_route_asks_for_the_right_that_it_needs(address: str, tokens: dict[str, str]) -> None:
    schema = httpx.get(f"{address}/openapi.json", headers=bearer(tokens["rita"])).json()
    routes = [(way.upper(), path) for path, ways in schema["paths"].items() for way in ways]
    assert len(routes) == len(requests_of(address))
    refused: dict[str, set[tuple[str, str]]] = {}
    for name, token in tokens.items():
        refused[name] = set()
        for method, path, body in requests_of(address):
            got = httpx.request(method, address + path, headers=bearer(token), timeout=30, **body)
            if got.status_code == 403:
                assert got.json()["error"]["type"] == "NotAllowed"
                refused[name].add((method, path))
            else:
                assert got.status_code in (200, 404, 422)
    changing = {
        ("POST", "/api/documents"),
        ("POST", "/api/documents/from-web"),
        ("DELETE", "/api/documents/nope"),
    }
    assert refused == {
        "rita": changing | {("GET", "/metrics")},
        "cora": {("GET", "/metrics")},
        "ada": set(),
    }


def test_tools_answer_people_who_are_known(address: str, tokens: dict[str, str]) -> None:
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"question": WORTH}},
    }
    accept = {"accept": "application/json, text/event-stream"}
    assert httpx.post(f"{address}/mcp", json=call, headers=accept).status_code == 401
    told = httpx.post(f"{address}/mcp", json=call, headers=accept | bearer(tokens["rita"]))
    assert FERRY_WORTH in told.text


def call_of_the_page(client: httpx.Client, number: int, data: list[Any], event: Any) -> str:
    """Call a function of the page by its number, as its script does, and return all it says."""
    joined = client.post(
        "/gradio_api/queue/join",
        json={
            "data": data,
            "fn_index": number,
            "session_hash": f"s{number}",
            "event_data": event,
            "trigger_id": None,
        },
    )
    if joined.status_code != 200:
        return joined.text
    said = []
    with client.stream("GET", f"/gradio_api/queue/data?session_hash=s{number}") as answer:
        for line in answer.iter_lines():
            said.append(line)
            if "process_completed" in line or "close_stream" in line:
                break
    return "\n".join(said)


def test_no_function_of_the_page_lets_a_reader_change_anything_or_see_anothers_chat(
    address: str, archive: Archive, tokens: dict[str, str]
) -> None:
    with signed_in(address, "ada") as ada, signed_in(address, "rita") as rita:
        keep_a_conversation(ada)
        config = rita.get("/config").json()
        before = listing(archive.home.documents)
        chats = archive.chats.list()
        assert [one.title for one in chats] == [SECRET_QUESTION]
        tried, refused = 0, set()
        for one in config["dependencies"]:
            if not one["backend_fn"]:
                continue
            event = {"id": "ferry", "chat": CHAT, "address": "http://127.0.0.1:1/", "limit": "1"}
            event |= {"index": 0, "value": {"text": WORTH}}
            filled = [_filled(config, number) for number in one["inputs"]]
            said = call_of_the_page(rita, one["id"], filled, event)
            assert "zebra" not in said, one["id"]
            if "may not curate" in said:
                refused.add(one["targets"][0][1])
            tried += 1
        for component in config["components"]:
            for name in component["props"].get("server_fns") or ():
                sent = {"chat": CHAT, "title": "Mine", "turn": 1, "verdict": "good"}
                body = {
                    "data": json.dumps(sent),
                    "component_id": component["id"],
                    "fn_name": name,
                    "session_hash": "s",
                }
                said = rita.post("/gradio_api/component_server", json=body).text
                assert "zebra" not in said, name
                tried += 1
        assert refused == CURATING
        assert tried > 20
        print("functions tried:", tried)
        assert listing(archive.home.documents) == before
        assert [(one.id, one.title) for one in archive.chats.list() if one.id == CHAT] == [
            (CHAT, SECRET_QUESTION)
        ]
        assert archive.chats.judged() == ()
        assert rita.get(f"/chats/{CHAT}/html").status_code == 404
        assert "zebra" in ada.get(f"/chats/{CHAT}/html").text
        upload = rita.post("/gradio_api/upload", files={"files": ("a.txt", b"A text.")})
        assert upload.status_code == 403
        taken = ada.post("/gradio_api/upload", files={"files": ("a.txt", b"A text.")})
        assert taken.status_code == 200


def test_a_curator_changes_documents_on_the_page(address: str, archive: Archive) -> None:
    (archive.home.documents / "gone.txt").write_text("The kiosk closed in June 2021.", "utf-8")
    archive.sync()
    with signed_in(address, "cora") as cora:
        config = cora.get("/config").json()
        (remove,) = [
            one["id"]
            for one in config["dependencies"]
            if any(target[1] == "remove" for target in one["targets"])
        ]
        said = call_of_the_page(cora, remove, ["", None], {"id": "gone"})
    assert "Removed" in said
    assert not (archive.home.documents / "gone.txt").exists()


def keep_a_conversation(client: httpx.Client) -> None:
    """Ask a question on the page, which is kept under the account."""
    config = client.get("/config").json()
    (submit,) = [
        one for one in config["dependencies"] if one["targets"] and one["targets"][0][1] == "submit"
    ]
    said = call_of_the_page(client, submit["id"], [SECRET_QUESTION, [], "", CHAT, ""], None)
    assert "process_completed" in said


def _filled(config: Any, number: int) -> Any:
    """Return something that a component of the page may hold."""
    (kind,) = [one["type"] for one in config["components"] if one["id"] == number]
    return {"chatbot": [], "state": None, "textbox": "ferry", "file": None}.get(kind, "")


def test_another_home_has_other_accounts(tmp_path: Path, tokens: dict[str, str]) -> None:
    assert Accounts(tmp_path / ACCOUNTS).by_token(tokens["ada"]) is None


def test_who_is_not_known_does_not_hear_where_a_database_is_that_is_away(tmp_path: Path) -> None:
    settings = Settings(users="accounts", database=f"postgresql://a@127.0.0.1:{free_port()}/a")
    accounts = Accounts(tmp_path / ACCOUNTS, settings.database)
    app = SignedIn(Starlette(), settings, accounts)
    with TestClient(app, cookies={COOKIE: "rita.9999999999.0"}) as client:
        asked = client.get("/"), client.post("/login", data={"name": "rita", "password": PASSWORD})
        asked_of_api = client.get("/api/documents", headers={"authorization": "Bearer 5"})
    for one in asked:
        assert one.status_code == 503
        assert '<p role="alert">nobody can be signed in now, as the database is away' in one.text
    assert asked_of_api.status_code in (401, 503)
    assert not any("127.0.0.1" in one.text for one in (*asked, asked_of_api))
