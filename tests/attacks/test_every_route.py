"""Every route, every error and every function: headers, who gets in, and who may do what.

The lists come from the applications themselves, so that a new route or function fails here until
somebody has said whose it is.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from assistant.accounts import ACCOUNTS, Accounts
from assistant.archive import Archive
from assistant.serve.headers import HEADERS
from assistant.settings import Settings
from assistant.web.app import application

from ..assistant.program import fast_parts
from ..assistant.serving import running
from ..assistant.small_corpus import write_home
from ..fakes import BagOfStems
from .every_route import Route, filled, page_routes, service_routes

READ = {
    ("GET", "/api/documents"), ("GET", "/api/documents/{document_id:path}"),
    ("GET", "/api/search"), ("POST", "/api/search"), ("POST", "/api/ask"), ("POST", "/mcp"),
    ("POST", "/v1/chat/completions"), ("GET", "/v1/models"), ("GET", "/v1/models/{name}"),
    ("GET", "/openapi.json"), ("HEAD", "/openapi.json"),
}  # fmt: skip
CURATE = {
    ("POST", "/api/documents"),
    ("POST", "/api/documents/from-web"),
    ("DELETE", "/api/documents/{document_id:path}"),
}
LOOK_AFTER = {("GET", "/metrics")}
BACKUP = ("GET", "/backups/{name}")
"""A route of the page that is for whoever looks after the archive."""
OPEN = {("GET", "/healthz"), ("GET", "/readyz")}
CURATING = {
    "add",
    "fetch",
    "remove",
    "handle_2",
    "handle_3",
    "handle_4",
    "handle_5",
    "check",
    "repair",
    "bring_back",
    "settle",
}
READING = {
    "ask", "search", "submit", "ask_example", "ask_again", "search_for", "stop", "clear", "reopen",
    "open", "reloaded", "sort", "more", "others", "show", "show_1", "show_2", "show_3",
    "show_4", "handle", "handle_1",
}  # fmt: skip
"""Functions of the page by the names that Gradio gives them; those of scripts have none."""
SERVER = {
    "chats", "rename", "delete", "undo", "judge", "state", "filter_choices", "why", "why_not",
    "page_picture", "copies", "answer", "wish", "document",
}  # fmt: skip
"""What components of the page call: of one's own conversations, or reading."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = write_home(tmp_path_factory.mktemp("routes") / "home")
    with pytest.MonkeyPatch.context() as patch:
        for name, part in fast_parts().items():
            patch.setattr(name, part)
        settings = Settings(users="accounts", requests_per_minute=0)
        with Archive(home, settings, embedder=BagOfStems()) as opened:
            opened.sync()
            yield opened


@pytest.fixture(scope="module")
def token(archive: Archive) -> str:
    accounts = Accounts(archive.home.state / ACCOUNTS)
    accounts.add("rita", "reader", None)
    return accounts.new_token("rita")


@pytest.fixture(scope="module")
def client(archive: Archive, token: str) -> Iterator[httpx.Client]:
    with (
        running(application(archive, loopback_only=True)) as address,
        httpx.Client(base_url=address, timeout=30) as made,
    ):
        yield made


def answered(client: httpx.Client, route: Route, **options: object) -> httpx.Response:
    """Return the head of an answer, also of one that never ends."""
    with client.stream(route[0], filled(route[1]), **options) as answer:  # type: ignore[arg-type]
        return answer


def bare(answer: httpx.Response) -> list[str]:
    """Return which headers an answer lacks, or says otherwise."""
    wanted = [(name.decode(), value.decode()) for name, value in HEADERS]
    lacking = [name for name, value in wanted if answer.headers.get(name) != value]
    return lacking + ([] if "x-request-id" in answer.headers else ["x-request-id"])


def test_every_route_of_the_service_is_somebodys(archive: Archive) -> None:
    assert service_routes(archive) == READ | CURATE | LOOK_AFTER | OPEN


def test_every_function_of_the_page_is_somebodys(client: httpx.Client, token: str) -> None:
    config = client.get("/config", headers={"authorization": f"Bearer {token}"}).json()
    named = {one["api_name"] for one in config["dependencies"] if one["backend_fn"]}
    assert named == CURATING | READING
    called = {name for one in config["components"] for name in one["props"].get("server_fns") or ()}
    assert called == SERVER


@pytest.mark.slow
def test_nobody_who_is_not_signed_in_gets_past_the_door_and_every_answer_has_the_headers(
    client: httpx.Client, archive: Archive, token: str, record_property: pytest.RecordProperty
) -> None:
    routes = sorted(service_routes(archive) | page_routes(archive))
    let_in, lacking, statuses = set(), {}, {}
    known = {"authorization": f"Bearer {token}"}
    for route in routes:
        unknown = answered(client, route)
        if unknown.status_code not in (401, 405):
            let_in.add(route)
        told = answered(client, route, headers=known)
        statuses[route] = told.status_code
        for answer in (unknown, told):
            if found := bare(answer):
                lacking[route] = found
    assert let_in == OPEN | {("GET", "/logout")}  # and /login, to whoever has a password
    assert lacking == {}
    broken = {route: status for route, status in statuses.items() if status >= 500}
    assert broken == {}
    refused = {route for route, status in statuses.items() if status == 403}
    assert CURATE - {("POST", "/api/documents"), ("POST", "/api/documents/from-web")} <= refused
    assert refused >= LOOK_AFTER | {BACKUP}
    record_property("inputs", 2 * len(routes))
    print(f"routes: {len(routes)}, requests: {2 * len(routes)}")


def test_a_backup_goes_to_who_looks_after_the_archive_and_nobody_else(
    client: httpx.Client, archive: Archive, token: str
) -> None:
    accounts = Accounts(archive.home.state / ACCOUNTS)
    tokens = {"reader": token}
    for role in ("curator", "admin"):
        accounts.add(f"some-{role}", role, None)
        tokens[role] = accounts.new_token(f"some-{role}")
    folder = archive.home.root / "backups"
    folder.mkdir()
    (folder / "a.zip").write_bytes(b"whole")
    (folder / "link.zip").symlink_to(archive.home.state / ACCOUNTS)
    (folder / "secret.txt").write_bytes(b"not one")

    def status(role: str, name: str) -> int:
        headers = {"authorization": f"Bearer {tokens[role]}"}
        return client.get(f"/backups/{name}", headers=headers).status_code

    assert [status(role, "a.zip") for role in tokens] == [403, 403, 200]
    others = ("b.zip", "link.zip", "secret.txt", "..%2fassistant.toml", "..%2f..%2fa.zip")
    assert {status("admin", name) for name in others} == {404}


def test_what_gradio_has_besides_is_not_there(
    client: httpx.Client, archive: Archive, token: str
) -> None:
    known = {"authorization": f"Bearer {token}"}
    parts = ("vibe", "process_recording", "proxy=", "monitoring", "dev/", "deep_link", "stream/")
    others = [one for one in page_routes(archive) if any(part in one[1] for part in parts)]
    assert len(others) > 15
    assert {answered(client, one, headers=known).status_code for one in others} == {404}


def test_errors_have_the_headers_too(
    client: httpx.Client, token: str, record_property: pytest.RecordProperty
) -> None:
    known = {"authorization": f"Bearer {token}"}
    large, odd = b"x" * 1_100_000, {"content-type": "application/json"} | known
    seen = [
        client.get("/api/nowhere", headers=known),
        client.get("/no-such-page", headers=known),
        client.get("/gradio_api/file=/etc/passwd", headers=known),
        client.get("/static/..%2f..%2fconfig", headers=known),
        client.put("/api/ask", headers=known),
        client.get("/mcp", headers=known),
        client.post("/api/ask", content=b"{", headers=odd),
        client.post("/api/ask", content=large, headers=odd),
        client.post("/api/ask", json={"question": ""}, headers=known),
        client.post("/v1/chat/completions", json={}, headers=known),
        client.get("/api/documents/none", headers=known),
        client.get("/metrics", headers=known),
        client.get("/healthz", headers={"host": "evil.example"}),
        client.post("/api/ask", json={}, headers=known | {"origin": "http://evil.example"}),
        client.post("/login", data={"name": "rita", "password": "wrong"}),
        client.post("/logout"),
        client.request("PROPFIND", "/", headers=known),
    ]
    statuses = [one.status_code for one in seen]
    assert {404, 405, 413, 400, 403, 401, 303, 422} <= set(statuses)
    assert max(statuses) < 500
    assert {str(one.request.url): bare(one) for one in seen if bare(one)} == {}
    record_property("inputs", len(seen))
    print("errors tried:", len(seen), sorted(set(statuses)))
