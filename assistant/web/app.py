"""The browser chat, with the service for programs beside it, as an ASGI application."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.examples import ExampleMaker
from assistant.serve.api import GOODBYE_SECONDS, guarded, proxies
from assistant.serve.headers import App
from assistant.serve.places import address_of, is_loopback
from assistant.serve.running import listen, serve_app
from assistant.serve.service import Service
from assistant.tabs import offered_tabs
from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.downloads import add_downloads
from assistant.web.page import build_page
from assistant.web.personal import Personal
from assistant.web.restrained import restrain
from assistant.web.rights import PageGuard
from assistant.web.theme import ASSETS, asset, theme
from assistant.web.visitor import Visitors
from assistant.web.wording import marking

import gradio as gr  # isort: skip
from fastapi import FastAPI

if TYPE_CHECKING:
    from assistant.archive import Archive

STYLES = (
    *("page.css", "evidence.css", "corpus.css", "details.css", "search.css", "history.css"),
    *("settings.css", "answer.css", "rights.css"),
)


def serve(
    archive: Archive,
    *,
    host: str,
    port: int,
    open_browser: bool,
    on_ready: Callable[[str], None],
) -> None:
    """Serve the page until Ctrl-C or SIGTERM; port 0 takes any free one.

    ``on_ready`` gets the page's address once it answers. Raises ArchiveError when the address
    can't be listened on.
    """
    listener = listen(host, port)
    address = address_of(host, listener)

    def ready() -> None:
        on_ready(address)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    app = application(archive, loopback_only=is_loopback(host))
    with ExampleMaker(archive):
        serve_app(
            app,
            listener,
            goodbye_seconds=GOODBYE_SECONDS,
            ready=ready,
            proxies=proxies(archive.settings),
        )


def application(archive: Archive, *, loopback_only: bool) -> App:
    """Return the page and the service as an ASGI application with its headers."""
    restrain()
    tabs = offered_tabs()
    with marking():
        blocks = build_page(archive, tabs)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_downloads(app, archive)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme(),
        css="".join([*map(asset, STYLES), *(tab.style for tab in tabs)]),
        favicon_path=str(ASSETS / "favicon.svg"),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=f"{archive.settings.max_file_mb}mb",
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
    )
    page = Personal(PageGuard(app, archive), users=archive.settings.users)
    visited = Visitors(page) if archive.settings.keep_chats else page
    return guarded(Service(archive), visited, loopback_only=loopback_only)


__all__ = ["application", "serve"]
