"""The service as an ASGI application, alone or beside the browser page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from fastapi import FastAPI

from assistant.accounts import ACCOUNTS, Accounts
from assistant.serve.asking import add_asking
from assistant.serve.documents import CuratorsOnly, add_documents
from assistant.serve.errors import add_error_handlers
from assistant.serve.headers import App, Receive, Scope, SecurityHeaders, Send
from assistant.serve.health import add_health
from assistant.serve.limits import BodyLimit
from assistant.serve.mcp_http import McpOverHttp, with_running
from assistant.serve.observed import Observed
from assistant.serve.openai import add_openai
from assistant.serve.places import address_of, is_loopback
from assistant.serve.rates import RateLimit
from assistant.serve.running import listen, serve_app
from assistant.serve.service import Service
from assistant.serve.sign_in import SignedIn
from corpus import trace

if TYPE_CHECKING:
    from assistant.archive import Archive
    from assistant.settings import Settings

GOODBYE_SECONDS = 10
"""How long a stopped service goes on with the answers under way."""
_PATHS = ("api", "v1", "healthz", "readyz", "metrics", "openapi.json")
"""First parts of the addresses that are the service's, and not the page's."""
_ABOUT = (
    "Questions to a curated corpus of documents; every answer quotes them, word for word. The "
    "objects are those that the commands print with --json."
)


def api(service: Service) -> FastAPI:
    """Return the service's routes."""
    app = FastAPI(
        title="Archive",
        description=_ABOUT,
        version=_version(),
        docs_url=None,  # its page would fetch scripts from elsewhere
        redoc_url=None,
    )
    add_error_handlers(app)
    add_asking(app, service)
    add_documents(app, service)
    add_openai(app, service)
    add_health(app, service)
    return app


def guarded(service: Service, page: App | None, *, loopback_only: bool) -> App:
    """Return the service, and the page where there is one, with limits and headers."""
    routes, settings = api(service), service.archive.settings
    largest = (settings.max_file_mb + 1) * 1_000_000
    limited = BodyLimit(CuratorsOnly(routes, settings), largest_upload=largest)
    mcp = McpOverHttp(service)
    split = Split({"mcp": mcp} | dict.fromkeys(_PATHS, limited), page or limited)
    app = with_running(split, mcp)
    if settings.requests_per_minute:
        app = RateLimit(app, settings)
    if settings.users != "off":
        app = SignedIn(
            app, settings, Accounts(service.archive.home.state / ACCOUNTS, settings.database)
        )
    app = SecurityHeaders(app, loopback_only=loopback_only)
    if trace.is_heard():
        from assistant.tracing import Traced

        app = Traced(app)
    return Observed(app, service.metrics)


def serve(archive: Archive, *, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve programs until Ctrl-C or SIGTERM; port 0 takes any free one.

    ``on_ready`` gets the address once it answers. Raises ArchiveError when it can't be listened on.
    """
    listener = listen(host, port)
    address = address_of(host, listener)
    app = guarded(Service(archive), None, loopback_only=is_loopback(host))
    serve_app(
        app,
        listener,
        goodbye_seconds=GOODBYE_SECONDS,
        ready=lambda: on_ready(address),
        proxies=proxies(archive.settings),
    )


def proxies(settings: Settings) -> Sequence[str]:
    """Return who is believed about where a request comes from.

    Where a proxy says who people are, nobody: it counts whether it was the proxy that said so.
    """
    return () if settings.users == "header" else settings.trusted_proxies


class Split:
    """An ASGI application that chooses among others by the first part of the path."""

    def __init__(self, by_part: Mapping[str, App], others: App) -> None:
        self._by_part, self._others = by_part, others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        first = scope["path"].split("/")[1:2] if scope["type"] == "http" else []
        chosen = self._by_part.get(first[0], self._others) if first else self._others
        await chosen(scope, receive, send)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("archive-assistant")
    except PackageNotFoundError:
        return "0"
