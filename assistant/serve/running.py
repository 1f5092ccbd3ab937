"""Listening on an address, and serving an ASGI application there until somebody stops it."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.serve.headers import App, Receive, Scope, Send
from corpus.errors import ArchiveError, UsageError

HEAD_SECONDS = 20.0
"""How long somebody may take to send the first line and the headers of a request."""
BODY_SECONDS = 600.0
"""How long the body may take: 50 MB at 700 kbit a second."""
_SIGNS_OF_LIFE = "/gradio_api/heartbeat/"
"""Where a page that is open stays connected, whatever it does."""
_log = logging.getLogger(__name__)


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
    believed about where a request comes from; without any, it comes from whoever connected. Raises
    ArchiveError where the application does not start.
    """
    server = server_of(app, goodbye_seconds=goodbye_seconds, ready=ready, proxies=proxies)
    with listener:
        _run(server, listener)


def server_of(
    app: App, *, goodbye_seconds: int, ready: Callable[[], None], proxies: Sequence[str]
) -> uvicorn.Server:
    """Return a server of an application that is not running yet; see ``serve_app``."""
    config = uvicorn.Config(
        _Lived(app),
        # Always the same one, whatever else is installed: it takes 64 KB of headers at most.
        http=_Patient,
        ws="none",
        # A failure while the application starts is one of the server's, and not passed over.
        lifespan="on",
        log_level="critical",
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=[*proxies],
        timeout_graceful_shutdown=goodbye_seconds,
    )
    return _Server(config, ready)


class _Patient(H11Protocol):
    """A connection, which is closed where a request does not come to an end."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._sending: object = None
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request, unless too many are connected."""
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            transport.abort()
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait for the rest of the request."""
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def only_listens(self) -> bool:
        """Tell whether it is there to show that a page is open."""
        return self.scope is not None and self.scope["path"].startswith(_SIGNS_OF_LIFE)

    def _wait(self) -> None:
        sending = (self.conn.their_state, self.cycle)
        if sending == self._sending:  # a byte now and then gives nobody more time
            return
        self._stop_waiting()
        self._sending = sending
        seconds = {h11.IDLE: HEAD_SECONDS, h11.SEND_BODY: BODY_SECONDS}.get(sending[0])
        if seconds is not None:
            self._patience = self.loop.call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def most_connections() -> int:
    """Return how many may be open: half of the files that the process may have open, so that
    whoever opens many cannot keep it from opening its own."""
    try:
        import resource
    except ImportError:  # not on this system
        return 500
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 10_000 if most < 0 else min(10_000, max(100, most // 2))


class _Lived:
    """An ASGI application around another one, which tells the log why it could not begin or end."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the application's life."""
        try:
            await self._app(scope, receive, send)
        except Exception:
            if scope["type"] == "lifespan":
                _log.exception("the service could not start or end")
            raise


class _Server(uvicorn.Server):
    """A server that tells when it answers, and at its end waits for answers only."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit:
            raise ArchiveError(
                "the service could not start: var/assistant.log in the home has the reason"
            ) from None
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        leaving = asyncio.create_task(self._leave_listeners())
        try:
            await super().shutdown(sockets)
        finally:
            leaving.cancel()

    async def _leave_listeners(self) -> None:
        """Close what never ends by itself, once nothing else is under way: a page that is closed
        loses the answers that it waits for."""
        while True:
            await asyncio.sleep(0.1)
            under_way = [one for one in self.server_state.connections if isinstance(one, _Patient)]
            if all(one.only_listens() for one in under_way):
                for one in under_way:
                    one.transport.close()


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
