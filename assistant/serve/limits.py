"""What the service takes at most: bytes of a body, and requests at a time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from assistant.serve.errors import refusal
from assistant.serve.headers import App, Message, Receive, Scope, Send
from corpus.errors import BodyTooLarge, TooBusy

LARGEST_JSON = 1_000_000
"""Bytes of a body without files."""
LARGEST_OF_PAGE = 4_000_000
"""Bytes of what the page sends at a time: a conversation of a thousand turns, of some 3 KB each."""


class Gate:
    """Lets some work go on at a time, lets some more wait, and refuses the rest.

    Once it is full it takes no one until half of those who wait have had their turn. Otherwise who
    asks on and on takes each place that comes free, and who was told to wait never gets one.
    """

    def __init__(self, what: str, *, at_once: int, waiting: int) -> None:
        self._what = what
        self._most = at_once + waiting
        self._opens_at = at_once + waiting // 2
        self._is_full = False
        self._free = asyncio.Semaphore(at_once)
        self.taken = 0

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn. Raises TooBusy where too many wait, or did a moment ago."""
        if self.taken >= self._most:
            self._is_full = True
        elif self.taken <= self._opens_at:
            self._is_full = False
        if self._is_full:
            raise TooBusy(f"{self.taken} {self._what} are being answered: try again in a moment")
        self.taken += 1
        try:
            async with self._free:
                yield
        finally:
            self.taken -= 1


class BodyLimit:
    """An ASGI application around another one, which gets no body that is too large.

    Raises BodyTooLarge inside the other one as it reads, so that nothing more of it is kept.
    """

    def __init__(self, app: App, *, largest_upload: int) -> None:
        self._app = app
        self._largest_upload = largest_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        has_files = headers.get(b"content-type", b"").startswith(b"multipart/form-data")
        most = self._largest_upload if has_files else LARGEST_JSON
        seen = 0

        async def receive_so_much() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if max(seen, announced) > most:
                raise _too_large(most)
            return message

        announced = _announced(scope)
        await self._app(scope, receive_so_much, send)


class WholeBody:
    """An ASGI application around another one, which gets a body once it is whole and small enough.

    For one that cannot be told while it reads, as Gradio's, which reads whatever comes.
    """

    def __init__(self, app: App, *, largest: int) -> None:
        self._app, self._largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        body, more, announced = bytearray(), True, _announced(scope)
        while more and max(len(body), announced) <= self._largest:
            message = await receive()
            if message["type"] != "http.request":  # the caller has gone
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if more or len(body) > self._largest:
            await refusal(scope["path"], _too_large(self._largest))(scope, receive, send)
            return
        whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]
        del body

        async def receive_whole() -> Message:
            return whole.pop() if whole else await receive()

        await self._app(scope, receive_whole, send)


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length[:20]) if length.isdigit() else 0


def _too_large(most: int) -> BodyTooLarge:
    return BodyTooLarge(f"the request's body is larger than {most:,} bytes: send less at a time")
