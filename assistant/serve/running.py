"""Listening on an address, and serving an ASGI application there until somebody stops it."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Sequence

import uvicorn

from assistant.serve.headers import App
from corpus.errors import ArchiveError, UsageError


def serve_app(
    app: App,
    listener: socket.socket,
    *,
    goodbye_seconds: int,
    ready: Callable[[], None],
    proxies: Sequence[str],
) -> None:
    """Serve until Ctrl-C or SIGTERM, then give requests under way some seconds to finish.

    ``ready`` is called once the application answers. ``proxies`` are the addresses that are
    believed about where a request comes from; without any, it comes from whoever connected.
    """
    server = server_of(app, goodbye_seconds=goodbye_seconds, ready=ready, proxies=proxies)
    with listener:
        _run(server, listener)


def server_of(
    app: App, *, goodbye_seconds: int, ready: Callable[[], None], proxies: Sequence[str]
) -> uvicorn.Server:
    """Return a server of an application that is not running yet; see ``serve_app``."""
    config = uvicorn.Config(
        app,
        log_level="critical",
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=[*proxies],
        timeout_graceful_shutdown=goodbye_seconds,
    )
    return _Server(config, ready)


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


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes any free one.

    Raises UsageError for a host that is none, and ArchiveError where the port can't be had.
    """
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
