"""Each request gets an id, is counted, and is told of in a line of JSON where that is wanted.

Nothing that somebody asked, sent or got goes in: not the address either, which names documents.
"""

from __future__ import annotations

import contextvars
import json
import logging
import secrets
import sys
import time

from assistant.serve.headers import App, Message, Receive, Scope, Send
from assistant.serve.metrics import Metrics
from assistant.users import user_of

REQUEST_ID: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
"""The id of the request that is being answered, for the log and the answer's headers alike."""
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_LEFT = 499  # as nginx has it: the caller left before there was an answer
_log = logging.getLogger(__name__)


def log_requests() -> None:
    """Write a line for each request to stderr from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    _log.propagate = False


class Observed:
    """An ASGI application around another one."""

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, name = time.perf_counter(), _LEFT, secrets.token_hex(8)
        REQUEST_ID.set(name)

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (b"x-request-id", name.encode())]
                message["headers"] = headers
            await send(message)

        try:
            await self._app(scope, receive, send_and_see)
        finally:
            seconds = time.perf_counter() - begun
            route, method = route_of(scope), scope["method"]
            method = method if method in _METHODS else "other"
            self._metrics.request(route, method, status, seconds)
            if _log.isEnabledFor(logging.INFO):
                _log.info(_line(name, scope, method, route, status, seconds))


def _line(name: str, scope: Scope, method: str, route: str, status: int, seconds: float) -> str:
    user = user_of(scope)
    told = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "id": name,
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "user": user.name if user else None,
    }
    return json.dumps(told)


def route_of(scope: Scope) -> str:
    """Return the pattern of the address; those of the page are one."""
    first = scope["path"].split("/")[1:2]
    if first == ["mcp"]:
        return "/mcp"
    path = getattr(scope.get("route"), "path", None)
    own = isinstance(path, str) and path.startswith(("/api/", "/v1/", "/healthz", "/readyz"))
    return str(path) if own or path == "/metrics" else "other"
