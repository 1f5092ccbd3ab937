"""Starting and stopping the browser chat."""

from __future__ import annotations

import signal
import socket
import threading
import webbrowser
from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal

from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.downloads import add_downloads
from assistant.web.headers import SecurityHeaders
from assistant.web.page import build_page
from assistant.web.theme import ASSETS, asset, theme
from assistant.web.visitor import Visitors
from corpus.errors import ArchiveError, UsageError

import gradio as gr  # isort: skip
import uvicorn
from fastapi import FastAPI

if TYPE_CHECKING:
    from assistant.archive import Archive

# A page that is open keeps a connection open; it is not worth waiting for longer than this.
GOODBYE_SECONDS = 1


def build(archive: Archive) -> gr.Blocks:
    """Return the page over an open archive, ready to be served."""
    return build_page(archive)


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
    listener = _listen(host, port)
    address = _address(host, listener.getsockname()[1])

    def ready() -> None:
        on_ready(address)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    config = uvicorn.Config(
        application(archive, loopback_only=_is(host, "is_loopback")),
        log_level="critical",
        server_header=False,
        timeout_graceful_shutdown=GOODBYE_SECONDS,
    )
    with listener:
        _run(_Server(config, ready), listener)


def application(archive: Archive, *, loopback_only: bool) -> SecurityHeaders:
    """Return the page as an ASGI application with its headers."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_downloads(app, archive)
    gr.mount_gradio_app(
        app,
        build(archive),
        path="/",
        theme=theme(),
        css=asset("page.css") + asset("search.css") + asset("history.css"),
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
    served = Visitors(app) if archive.settings.keep_chats else app
    return SecurityHeaders(served, loopback_only=loopback_only)


class _Server(uvicorn.Server):
    """A server that tells when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    # The server raises the signal that stopped it once more at its end. These handlers take it,
    # so that a wanted stop is no failure.
    wanted = (signal.SIGINT, signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread():
        server.run(sockets=[listener])
        return
    before = [signal.signal(number, lambda *_: None) for number in wanted]
    try:
        server.run(sockets=[listener])
    finally:
        for number, handler in zip(wanted, before, strict=True):
            signal.signal(number, handler)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, proto, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, proto)
    except (OSError, OverflowError) as error:
        raise UsageError(f"Can't listen on {host}: {error}. Choose another --host.") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen()
    except OSError as error:
        listener.close()
        raise ArchiveError(
            f"Port {port} on {host} can't be used ({error.strerror}). Choose another with --port, "
            "or --port 0 for any free one."
        ) from error
    return listener


def _address(host: str, port: int) -> str:
    everywhere = not host or _is(host, "is_unspecified")
    name = "localhost" if everywhere else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _is(host: str, kind: Literal["is_loopback", "is_unspecified"]) -> bool:
    try:
        return bool(getattr(ip_address(host), kind))
    except ValueError:
        return host == "localhost" and kind == "is_loopback"


__all__ = ["application", "build", "serve"]
