"""Answers that are sent as they come about, as server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Mapping
from typing import Any, TypeVar

import anyio
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from assistant.answers import Event
from assistant.serve.errors import said_of
from assistant.serve.headers import Receive, Send
from assistant.serve.limits import Gate
from index.entries import Progress, ProgressListener

Result = TypeVar("Result")
Events = Generator[Event, None, None]


LISTENING_SECONDS = 60.0
"""How long a part may wait to be taken. Who takes nothing would keep a place of those who ask."""


class _NobodyListens(Exception):
    """Whoever asked has gone away, which ends the work."""


class EventStream(StreamingResponse):
    """The events of an answer, each put into lines as it happens.

    What goes wrong before the first event is an answer with its status, as for any other request;
    later, ``failed`` puts it into lines. Where the caller goes away, the work is stopped.
    """

    def __init__(
        self,
        gate: Gate,
        begin: Callable[[], Events],
        lines: Callable[[Event], Iterable[str]],
        failed: Callable[[int, str, str], Iterable[str]],
    ) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__((), headers=headers, media_type="text/event-stream")
        self._gate, self._begin, self._lines, self._failed = gate, begin, lines, failed

    async def stream_response(self, send: Send) -> None:
        """Send everything."""
        async with self._gate.turn(), _opened(self._begin) as events:

            def step() -> str | None:
                event = next(events, None)
                return None if event is None else "".join(self._lines(event))

            def next_step() -> str | None:
                try:
                    return step()
                except Exception as error:  # which ends the events, too
                    return "".join(self._failed(*said_of(error)))

            said = await run_in_threadpool(step)
            start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(start)
            with contextlib.suppress(TimeoutError):  # who takes nothing is left alone
                while said is not None:
                    await _send_text(send, said)
                    said = await run_in_threadpool(next_step)
                await send({"type": "http.response.body", "body": b"", "more_body": False})


@contextlib.asynccontextmanager
async def _opened(begin: Callable[[], Events]) -> AsyncIterator[Events]:
    """Give the events; in the end they are closed, which stops what makes them."""
    events = await run_in_threadpool(begin)
    try:
        yield events
    finally:
        with anyio.CancelScope(shield=True):
            await run_in_threadpool(events.close)


async def _send_text(send: Send, text: str) -> None:
    if text:
        async with asyncio.timeout(LISTENING_SECONDS):
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def event_lines(value: Mapping[str, Any] | str, name: str = "") -> str:
    """Return one server-sent event."""
    data = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return (f"event: {name}\n" if name else "") + f"data: {data}\n\n"


async def while_connected(
    gate: Gate, receive: Receive, work: Callable[[ProgressListener], Result]
) -> Result:
    """Return what ``work`` returns, once it is its turn.

    It gets a listener that raises once nobody waits any more.
    """
    gone = threading.Event()

    def listener(_: Progress) -> None:
        if gone.is_set():
            raise _NobodyListens

    async def watch() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()

    async with gate.turn():
        watching = asyncio.create_task(watch())
        try:
            return await run_in_threadpool(work, listener)
        finally:
            watching.cancel()
