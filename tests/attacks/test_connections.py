"""Connections that are slow, too many, or say two things at once: a real server, raw sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.accounts import ACCOUNTS, Accounts
from assistant.archive import Archive
from assistant.serve import running as adapter
from assistant.serve import streaming
from assistant.serve.api import guarded
from assistant.serve.limits import Gate
from assistant.serve.service import Service
from assistant.settings import Settings

from ..assistant.serving import running
from ..assistant.small_corpus import write_home
from ..fakes import BagOfStems

HOST = "Host: 127.0.0.1\r\n"
CLOSING = f"{HOST}Connection: close\r\n"
SECOND = f"GET /metrics HTTP/1.1\r\n{CLOSING}Authorization: Bearer {{ada}}\r\n\r\n"
TWO_THINGS = {
    "both lengths": "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": "Content-Length: 0\r\nContent-Length: 50\r\n\r\n",
    "odd coding": "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "coding in front": "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "space before the colon": "Content-Length : 50\r\n\r\n",
    "signed length": "Content-Length: +50\r\n\r\n",
    "less than nothing": "Content-Length: -1\r\n\r\n",
    "length in other digits": "Content-Length: ٥\r\n\r\n",
    "chunk without end": "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFFF\r\n",
    "two names of the host": "Host: evil.example\r\nContent-Length: 0\r\n\r\n",
    "a name with a user": None,
}
"""What follows the first lines of a request; a second one stands behind each."""


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Read a whole body, wait a little, and answer."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    while (await receive()).get("more_body"):
        pass
    await asyncio.sleep(0.6 if scope["path"] == "/slow" else 0)
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


@contextlib.contextmanager
def connected(address: str) -> Iterator[socket.socket]:
    place = urlsplit(address)
    assert place.hostname
    assert place.port
    with socket.create_connection((place.hostname, place.port), timeout=20) as made:
        yield made


def heard(connection: socket.socket) -> bytes:
    """Return all that comes until the other side hangs up."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65_536):
            said += part
    return said


def told(address: str, request: str) -> bytes:
    with connected(address) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(request.encode())
        return heard(connection)


def test_who_does_not_come_to_an_end_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "HEAD_SECONDS", 0.4)
    monkeypatch.setattr(adapter, "BODY_SECONDS", 0.4)
    half = {"nothing": "", "a head": f"GET / HTTP/1.1\r\n{HOST}"}
    half["a body"] = f"POST / HTTP/1.1\r\n{HOST}Content-Length: 9\r\n\r\n1234"
    with running(hello) as address:
        for name, sent in half.items():
            with connected(address) as connection:
                connection.sendall(sent.encode())
                assert heard(connection) == b"", name
        with connected(address) as connection:  # a byte now and then is no reason to wait
            connection.sendall(half["a head"].encode() + b"X: ")
            begun = time.monotonic()
            with contextlib.suppress(ConnectionError):
                while time.monotonic() < begun + 10:
                    connection.sendall(b"a")
                    time.sleep(0.05)
            assert time.monotonic() < begun + 10
        assert httpx.get(f"{address}/slow").text == "hello"  # an answer may take its time
        with httpx.Client(base_url=address) as client:
            assert [client.get("/").text for _ in range(3)] == ["hello"] * 3


def test_a_head_without_end_is_refused_before_it_is_kept() -> None:
    with running(hello) as address:
        for start in (f"GET / HTTP/1.1\r\n{HOST}X: ", "GET /?"):
            assert told(address, start + "a" * 300_000).startswith(b"HTTP/1.1 400 ")
        assert httpx.get(address, headers={"x": "a" * 30_000}).text == "hello"


def test_whoever_opens_many_connections_leaves_files_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert 100 <= adapter.most_connections() <= 10_000
    monkeypatch.setattr(adapter, "most_connections", lambda: 3)
    with running(hello) as address, contextlib.ExitStack() as opened:
        for _ in range(3):
            opened.enter_context(connected(address))
        with connected(address) as refused:
            assert heard(refused) == b""
        opened.close()
        for _ in range(100):
            with contextlib.suppress(httpx.TransportError):
                assert httpx.get(address).text == "hello"
                return
            time.sleep(0.05)
        pytest.fail("nobody was let in again")


def test_who_takes_nothing_of_an_answer_keeps_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "LISTENING_SECONDS", 0.05)
    gate, stopped = Gate("questions", at_once=1, waiting=1), []

    def events() -> Iterator[str]:
        try:
            yield from "ab"
        finally:
            stopped.append(True)

    async def send(message: Any) -> None:
        if message.get("body"):
            await asyncio.sleep(60)

    stream = streaming.EventStream(
        gate,
        lambda: events(),  # type: ignore[arg-type, return-value]
        lambda event: [str(event)],
        lambda *_: ["failed"],
    )
    asyncio.run(asyncio.wait_for(stream.stream_response(send), 10))
    assert (gate.taken, stopped) == (0, [True])


# ------------------------------------------------------------------ with accounts


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = write_home(tmp_path_factory.mktemp("connections") / "home")
    settings = Settings(users="accounts", requests_per_minute=0)
    with Archive(home, settings, embedder=BagOfStems()) as opened:
        opened.sync()
        yield opened


@pytest.fixture(scope="module")
def tokens(archive: Archive) -> dict[str, str]:
    accounts = Accounts(archive.home.state / ACCOUNTS)
    for name, role in (("rita", "reader"), ("ada", "admin")):
        accounts.add(name, role, None)
    return {name: accounts.new_token(name) for name in ("rita", "ada")}


@pytest.fixture(scope="module")
def address(archive: Archive, tokens: dict[str, str]) -> Iterator[str]:
    with running(guarded(Service(archive), None, loopback_only=True)) as found:
        yield found


def test_a_request_that_says_two_things_is_refused_and_nothing_behind_it_is_heard(
    address: str, tokens: dict[str, str], record_property: pytest.RecordProperty
) -> None:
    behind = SECOND.format(**tokens)
    assert b"archive_" in told(address, behind)  # by itself it is answered
    start = f"POST /api/ask HTTP/1.1\r\n{HOST}Authorization: Bearer {tokens['rita']}\r\n"
    for name, rest in TWO_THINGS.items():
        sent = start + rest if rest else start.replace("127", "evil.example@127") + "\r\n"
        said = told(address, sent + (behind if rest else ""))
        assert said.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 403 ")), name
        assert said.count(b"HTTP/1.1 ") == 1, name
        assert b"archive_requests" not in said, name
    record_property("inputs", len(TWO_THINGS))


def test_brackets_without_end_are_a_mistake_and_no_crash(
    address: str, tokens: dict[str, str]
) -> None:
    known = {"authorization": f"Bearer {tokens['rita']}", "content-type": "application/json"}
    deep = "[" * 200_000 + "]" * 200_000
    bodies = {
        "/api/ask": f'{{"question": {deep}}}',
        "/v1/chat/completions": f'{{"model": "archive", "messages": {deep}}}',
        "/mcp": f'{{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {deep}}}',
    }
    for path, body in bodies.items():
        json_ = known | {"accept": "application/json, text/event-stream"}
        told_ = httpx.post(address + path, content=body, headers=json_, timeout=90)
        assert told_.status_code == 400, path
        assert json.loads(told_.text)["error"]


def test_files_of_a_reader_are_refused_before_they_come(
    address: str, tokens: dict[str, str]
) -> None:
    for path in ("/api/documents", "/api/documents/from-web"):
        with connected(address) as connection:
            connection.sendall(
                f"POST {path} HTTP/1.1\r\n{HOST}Authorization: Bearer {tokens['rita']}\r\n"
                "Content-Type: multipart/form-data; boundary=b\r\n"
                "Content-Length: 900000\r\n\r\n".encode()
            )
            assert connection.recv(65_536).startswith(b"HTTP/1.1 403 ")
