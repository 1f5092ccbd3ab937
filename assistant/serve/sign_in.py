"""Who sends a request: a token, a browser that signed in, or a proxy that vouches for somebody."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.accounts import SESSION_SECONDS, Accounts
from assistant.serve.errors import answered, refusal, said_of
from assistant.serve.headers import App, Receive, Scope, Send
from assistant.serve.limits import Gate
from assistant.serve.rates import network_of
from assistant.serve.tries import Tries
from assistant.users import USER, User
from assistant.web.told import translated
from assistant.web.wording import counted, language, say, speaking, spoken
from corpus.errors import ArchiveError

if TYPE_CHECKING:
    from assistant.settings import Settings

COOKIE = "archive-session"
OPEN = frozenset({"/healthz", "/readyz"})
"""Addresses for everybody, besides the way in and out."""
_LARGEST_FORM = 10_000
_WHO = "sign in at /login, or send a token as 'Authorization: Bearer ...'"


class SignedIn:
    """An ASGI application around another one, which gets requests of known people only."""

    def __init__(self, app: App, settings: Settings, accounts: Accounts) -> None:
        self._app, self._settings, self._accounts = app, settings, accounts
        self._tries = Tries()
        # A password takes 64 MiB to check: many at a time would take all the memory there is.
        self._checking = Gate("passwords", at_once=2, waiting=16)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":  # nothing here speaks it, so nobody is asked who it is
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        with speaking(spoken(request.cookies)):
            await self._answered(request, send)

    async def _answered(self, request: Request, send: Send) -> None:
        scope, receive = request.scope, request.receive
        if scope["path"] == "/login" and self._settings.users == "accounts":
            try:
                answer = await self._login(request)
            except ArchiveError as error:
                status, _, message = said_of(error)
                answer = _page(translated(message), status)
            await answer(scope, receive, send)
        elif scope["path"] == "/logout" and self._settings.users == "accounts":
            # A page with a button: an address alone could be called from anywhere.
            posted = scope["method"] == "POST"
            left = await self._signed_out(request) if posted else HTMLResponse(_leaving())
            await left(scope, receive, send)
        else:
            await self._serve(request, send)

    async def _serve(self, request: Request, send: Send) -> None:
        scope = request.scope
        try:
            user = await run_in_threadpool(self._who, request)
        except ArchiveError as error:
            await _failed(scope["path"], error)(scope, request.receive, send)
            return
        if user is None and scope["path"] not in OPEN:
            await _refusal(request)(scope, request.receive, send)
            return
        if user is not None:
            scope[USER] = user
        await self._app(scope, request.receive, send)

    def _who(self, request: Request) -> User | None:
        if self._settings.users == "header":
            return self._by_header(request)
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self._accounts.by_token(token.strip())
        return self._accounts.by_session(request.cookies.get(COOKIE, ""))

    def _by_header(self, request: Request) -> User | None:
        """Return whom a proxy vouches for. From anywhere else the header is worth nothing."""
        peer = request.client.host if request.client else ""
        given = request.headers.getlist(self._settings.users_header)
        if peer not in self._settings.trusted_proxies or len(given) != 1 or not given[0].strip():
            return None
        name = given[0].strip()
        return User(name, self._accounts.role_of(name) or "reader")

    async def _login(self, request: Request) -> Response:
        if request.method in ("GET", "HEAD"):
            return _page()
        if request.method != "POST":
            return Response(status_code=405, headers={"allow": "GET, POST"})
        name, password = await _form(request)
        by_name = f"name {name}"
        address = network_of(request.client.host if request.client else "") or "this machine"
        async with self._checking.turn():
            if wait := max(self._tries.wait(by_name), self._tries.wait(address)):
                return _later(math.ceil(wait))
            user = await run_in_threadpool(self._accounts.by_password, name, password)
            if user is None:
                self._tries.failed(by_name, doubling=False)
                self._tries.failed(address, doubling=True)
        if user is None:
            return _page(say("signing.wrong"), 401)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            COOKIE,
            self._accounts.session(user),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer

    async def _signed_out(self, request: Request) -> Response:
        answer: Response = RedirectResponse("/login", 303)
        try:
            await run_in_threadpool(self._accounts.end_session, request.cookies.get(COOKIE, ""))
        except ArchiveError as error:  # the browser forgets it all the same
            status, _, message = said_of(error)
            answer = _page(translated(message), status)
        answer.delete_cookie(COOKIE)
        return answer


def _failed(path: str, error: ArchiveError) -> Response:
    """Return why nobody can be known: in words, where a browser asks for the page."""
    if path != "/":
        return refusal(path, error)
    status, _, message = said_of(error)
    return _page(translated(message), status)


async def _form(request: Request) -> tuple[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            return "", ""
    fields = parse_qs(body.decode("utf-8", "replace"))
    return fields.get("name", [""])[0], fields.get("password", [""])[0]


def _refusal(request: Request) -> Response:
    """Send people to where they sign in, and tell programs what they lack."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/login", 303)
    answer = answered(request.url.path, 401, "NotSignedIn", f"nobody is signed in: {_WHO}")
    answer.headers["www-authenticate"] = "Bearer"
    return answer


def _later(seconds: int) -> Response:
    minutes = math.ceil(seconds / 60)
    answer = _page(counted("signing.too_many", minutes), 429)
    answer.headers["retry-after"] = str(seconds)
    return answer


def _page(wrong: str = "", status: int = 200) -> Response:
    note = f'<p role="alert">{html.escape(wrong)}</p>' if wrong else ""
    page = f"{_head()}{note}{_form_html()}"
    return HTMLResponse(page, status, {"cache-control": "no-store"})


def _head() -> str:
    name = say("page.title")
    return f"""<!doctype html>
<html lang="{language()}"><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>{_STYLE}</style></head><body><main><h1>{name}</h1>"""


def _form_html() -> str:
    return f"""<form method="post" action="/login">
<label for="name">{say("signing.name")}</label>
<input id="name" name="name" autocomplete="username" required autofocus>
<label for="password">{say("signing.password")}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>{say("signing.sign_in")}</button>
</form></main></body></html>
"""


def _leaving() -> str:
    return f"""{_head()}<form method="post" action="/logout">
<button>{say("page.sign_out")}</button>
</form></main></body></html>
"""


_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 12vh auto; max-width: 22rem }
main { padding: 0 1rem }
h1 { font-size: 1.4rem }
label { display: block; margin-top: 1rem }
input, button { box-sizing: border-box; font: inherit; padding: .5rem; width: 100% }
button { margin-top: 1.5rem }
"""
