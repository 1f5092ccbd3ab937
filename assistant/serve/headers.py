"""Security headers on every response, and no writing from another site's page.

Plain ASGI, because a wrapper that reads whole responses would hold back the streamed answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Gradio's page needs inline scripts and evaluates its components' code. What a poisoned document
# would need is still refused: images, fonts, frames, forms and connections to any other host.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)

_FOREIGN = b"This page answers only to its own address.\n"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_OWN = frozenset({"none", "same-origin"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class SecurityHeaders:
    """An ASGI application around another one.

    ``loopback_only`` is for a server that listens on this machine alone: it then answers only to
    this machine's names, so that a foreign page cannot reach it under a name of its own.
    """

    def __init__(self, app: App, *, loopback_only: bool) -> None:
        self._app = app
        self._loopback_only = loopback_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        if _has_two_lengths(scope):
            await _refuse(send_with_headers, 400, b"The body has two lengths: send one.\n")
        elif self._foreign(scope):
            await _refuse(send_with_headers, 403, _FOREIGN)
        else:
            await self._app(scope, receive, send_with_headers)

    def _foreign(self, scope: Scope) -> bool:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        if self._loopback_only and _name(host) not in _LOOPBACK:
            return True
        # Browsers name the page that sends a request; the newer headers cannot be left out by one.
        site = headers.get(b"sec-fetch-site", "none")
        if scope["method"] in _READING:
            # Nobody else's page may read an answer, but how long a search took it could measure.
            # A link that a person follows is another thing.
            return site not in _OWN and headers.get(b"sec-fetch-dest") != "document"
        # A form of a page without referrers, like these, has the origin "null" all the same.
        if site == "same-origin" and origin == "null":
            return False
        if site not in _OWN:
            return True
        return origin is not None and _place(origin) != host


def _has_two_lengths(scope: Scope) -> bool:
    """Tell whether a proxy might see another end of the request, and a second one after that."""
    names = {name.lower() for name, _ in scope["headers"]}
    return {b"content-length", b"transfer-encoding"} <= names


async def _refuse(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _name(host: str) -> str | None:
    if "@" in host or "/" in host:  # of an address, that would be another part than the name
        return None
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _place(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
