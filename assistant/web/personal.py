"""The page as it is for whoever opens it: their language, and what their account may do.

Gradio makes one page for everybody. What differs is put in where it leaves the server: the marks of
``wording`` become texts, and the page's scripts are given theirs.
"""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape

from assistant.serve.headers import App, Message, Receive, Scope, Send
from assistant.users import User, user_of
from assistant.web.theme import ASSETS, asset
from assistant.web.visitor import cookies_of
from assistant.web.wording import FIRST, speaking, spoken, texts, with_texts

_PAGES = ("/", "/config")
_USED = re.compile(r"\bsay(\.count)?\(\s*'([a-z][a-z0-9_.]*)'")
_HTML = re.compile(r'<html\s+lang="en"')


class Personal:
    """An ASGI application around the page's."""

    def __init__(self, app: App, *, users: str) -> None:
        self._app, self._users = app, users

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, in the language of its browser."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        language = spoken(cookies_of(scope))
        with speaking(language):
            if scope["method"] != "GET" or scope["path"] not in _PAGES:
                await self._app(scope, receive, send)
                return
            # A page that was packed could not be read here.
            kept = [one for one in scope["headers"] if one[0].lower() != b"accept-encoding"]
            whole = _Whole(send, language, self._rights(scope))
            await self._app(dict(scope) | {"headers": kept}, receive, whole)

    def _rights(self, scope: Scope) -> str:
        """Return attributes that the style sheet and the scripts go by; none without accounts."""
        user = user_of(scope) if self._users != "off" else None
        return rights(user, leaves=self._users == "accounts") if user else ""


class _Whole:
    """Holds a response back until it is whole, and sends it on as this reader's."""

    def __init__(self, send: Send, language: str, attributes: str) -> None:
        self._send, self._language, self._attributes = send, language, attributes
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        page = self._body.decode("utf-8")
        body = personal(page, self._language, self._attributes).encode("utf-8")
        headers = [one for one in self._start["headers"] if one[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send(dict(self._start) | {"headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def personal(page: str, language: str, attributes: str = "") -> str:
    """Return the page in a language, with its scripts' texts and a reader's attributes."""
    begun = f'<html lang="{language}"{attributes}'
    scripts = f"<script>window.archiveTexts={_script_texts(language)};\n{asset('say.js')}</script>"
    page = _HTML.sub(lambda _: begun, page, count=1)
    return with_texts(page.replace("<head>", f"<head>{scripts}", 1), language)


def rights(user: User, *, leaves: bool) -> str:
    """Return who somebody is, what they may do, and whether they can sign out here."""
    more = " data-curates" * user.may("curate") + " data-looks-after" * user.may("look after")
    more += " data-leaves" * leaves
    return f' data-user="{escape(user.name)}"{more}'


@cache
def _script_texts(language: str) -> str:
    """Return the texts that the page's scripts use, as JSON that may stand in a script."""
    keys = set()
    for script in ASSETS.glob("*.js"):
        for counts, key in _USED.findall(script.read_text("utf-8")):
            keys |= {f"{key}.one", f"{key}.other"} if counts else {key}
    known = {**texts(FIRST), **texts(language)}
    return json.dumps({key: known[key] for key in sorted(keys)}, ensure_ascii=False)
