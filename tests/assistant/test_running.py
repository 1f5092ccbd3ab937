"""How serving begins and ends."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from typing import Any

import pytest

from assistant.serve.places import address_of
from assistant.serve.running import listen, serve_app, server_of
from corpus.errors import ArchiveError


@pytest.mark.parametrize("told", [True, False])
def test_an_application_that_does_not_start_is_an_error_with_its_reason_in_the_log(
    told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        if told:  # as Starlette does; what it is made of may only raise
            await send({"type": "lifespan.startup.failed", "message": "no tools today"})
        raise RuntimeError("no tools today")

    def ready() -> None:
        raise AssertionError("it says that it answers")

    listener = listen("127.0.0.1", 0)
    with (
        caplog.at_level(logging.ERROR),
        pytest.raises(ArchiveError, match=r"could not start: var/assistant\.log") as failed,
    ):
        serve_app(broken, listener, goodbye_seconds=1, ready=ready, proxies=())
    assert (failed.value.exit_code, listener.fileno()) == (3, -1)
    assert "no tools today" in caplog.text


@pytest.mark.parametrize("asked", [True, False])
def test_a_stop_waits_for_answers_and_not_for_pages_that_are_open(asked: bool) -> None:
    """It would wait for a minute; a page that is open stays so until the answer is there."""
    happened, may_answer, ready = list[str](), threading.Event(), threading.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        if scope["path"] == "/answer":
            await asyncio.to_thread(may_answer.wait, 30)
            happened.append("answered")
        else:
            while (await receive())["type"] != "http.disconnect":
                pass
            happened.append("closed")
        await send({"type": "http.response.body", "body": b" and whole"})

    def opened(path: str) -> socket.socket:
        host, _, port = address_of("127.0.0.1", listener).rpartition("/")[2].partition(":")
        connection = socket.create_connection((host, int(port)), timeout=30)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert b"begun" in connection.recv(1000)
        return connection

    listener = listen("127.0.0.1", 0)
    server = server_of(app, goodbye_seconds=60, ready=ready.set, proxies=())
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert ready.wait(30)
    with opened("/gradio_api/heartbeat/a") as page:
        answer = opened("/answer") if asked else None
        server.should_exit = True
        if answer is not None:
            page.settimeout(0.7)
            with pytest.raises(TimeoutError):
                page.recv(1)
            may_answer.set()
            assert b"and whole" in answer.recv(1000)
            answer.close()
        thread.join(30)
        assert not thread.is_alive()
    assert happened == (["answered"] if asked else []) + ["closed"]
