"""Whose conversations a browser sees: its account's, or its own by a secret in a cookie.

The secret, where there are no accounts, is made when the page is first opened, no script can read
it, and only its hash is kept with the conversations. Other sites' pages cannot make the browser
send it along, except by a link that a person follows: were it not sent then, the page would take
them for somebody new.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from assistant.serve.headers import App, Message, Receive, Scope, Send
from assistant.users import user_of

COOKIE = "archive-reader"
_SECRET = re.compile(r"[0-9a-f]{64}")
# Browsers keep no cookie for longer than 400 days; each visit begins them anew.
_SECONDS = 400 * 24 * 3600


class Visitors:
    """An ASGI application around another one, which gives each browser its secret."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; the page's own brings the cookie, new or renewed."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        value = cookie_of(_secret(cookies_of(scope)) or new_secret(), str(scope.get("scheme")))

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Nothing between here and the browser may give one's page to another.
                added = ((b"set-cookie", value.encode()), (b"cache-control", b"private, no-cache"))
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def new_secret() -> str:
    """Return a secret for a browser that has none."""
    return secrets.token_hex(32)


def cookie_of(secret: str, scheme: str) -> str:
    """Return the header that gives a browser its secret."""
    safe = "; Secure" if scheme == "https" else ""
    return f"{COOKIE}={secret}; Path=/; Max-Age={_SECONDS}; HttpOnly; SameSite=Lax{safe}"


def reader_of(cookies: Mapping[str, str]) -> str:
    """Return the reader that a request's cookies stand for; empty, who has nothing, without."""
    secret = _secret(cookies)
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def asker(request: Any) -> str:
    """Return whose conversations a request may see: those of its account, else of its browser."""
    user = user_of(getattr(request, "scope", None) or {})
    return user.reader if user else reader_of(dict(request.cookies))


def _secret(cookies: Mapping[str, str]) -> str:
    given = cookies.get(COOKIE, "")
    return given if _SECRET.fullmatch(given) else ""


def cookies_of(scope: Scope) -> dict[str, str]:
    """Return the cookies that came along with a request."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name.lower() == b"cookie":
            try:
                morsels = SimpleCookie(value.decode("latin-1"))
            except CookieError:
                continue
            found |= {key: morsel.value for key, morsel in morsels.items()}
    return found
