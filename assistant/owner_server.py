"""How the owner of a home answers other processes: a line of JSON in, lines of JSON out.

It listens on the loopback address; whoever asks has to know the token.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import logging
import socketserver
import threading
import time
from collections.abc import Callable
from typing import Any

from assistant import wire
from assistant.wire import Json
from corpus.errors import ArchiveError
from index.entries import Progress

_LARGEST_REQUEST = 10_000_000
_log = logging.getLogger(__name__)


class CallerGone(KeyboardInterrupt):
    """Whoever asked has gone away, so the work is stopped; what was done so far is kept.

    No Exception: a file that cannot be read is passed over, but this must end the whole request, as
    Ctrl-C ends a run of this process.
    """


class Caller:
    """Whoever asked, who hears how far the work is and what is new before it is answered.

    Telling raises CallerGone where nobody listens any more.
    """

    def __init__(self, write: Callable[[bytes], object], stopping: threading.Event) -> None:
        self._write = write
        self._stopping = stopping

    def __call__(self, progress: Progress) -> None:
        """Tell of progress."""
        self._send(wire.progress_line(progress))

    def news(self, value: Json) -> None:
        """Tell of something new; with None, only see whether to go on."""
        if self._stopping.is_set():  # a call without end must not keep the owner
            raise CallerGone
        self._send(wire.news_line(value))

    def _send(self, line: bytes) -> None:
        try:
            self._write(line)
        except OSError:
            raise CallerGone from None


Handler = Callable[[str, dict[str, Json], Caller], Json]
"""Takes the name of a call, its arguments and the caller, and returns a JSON value."""


class Server(socketserver.ThreadingTCPServer):
    """Knows the calls under way, so that they can be waited for; they are daemon threads, which
    do not keep the process from ending."""

    block_on_close = False
    allow_reuse_address = False
    request_queue_size = 128  # of the five by default, others would be turned away

    def __init__(self, handler: Handler, token: str) -> None:
        self.handle_call = handler
        self.token = token
        self.stopping = threading.Event()
        self._calls: set[threading.Thread] = set()
        super().__init__(("127.0.0.1", 0), _Request)

    def wait(self, seconds: float) -> None:
        """Wait until the calls under way are answered, but not longer than ``seconds``; those that
        only tell what is new end."""
        self.stopping.set()
        deadline = time.monotonic() + seconds
        for thread in list(self._calls):
            thread.join(max(0.0, deadline - time.monotonic()))

    def process_request(self, request: Any, client_address: Any) -> None:
        """Handle one call in a thread of its own."""
        arguments = (request, client_address)
        thread = threading.Thread(target=self._handled, args=arguments, daemon=True)
        self._calls.add(thread)
        thread.start()

    def _handled(self, request: Any, client_address: Any) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            self._calls.discard(threading.current_thread())

    def handle_error(self, request: object, client_address: object) -> None:
        """Log what a broken connection raised; the owner's terminal is for its own output."""
        _log.warning("a call from another process broke off", exc_info=True)


class _Request(socketserver.StreamRequestHandler):
    timeout = 30  # seconds for the request line; an idle connection must not keep the owner open

    def handle(self) -> None:
        assert isinstance(self.server, Server)
        server = self.server
        line = self.rfile.readline(_LARGEST_REQUEST)
        if not line:
            return
        with contextlib.suppress(KeyboardInterrupt):  # or what a run makes of it
            self.wfile.write(wire.reply(lambda: self._answer(server, line)))

    def _answer(self, server: Server, line: bytes) -> Json:
        try:
            request = json.loads(line)
            token, call, arguments = request["token"], request["call"], request["arguments"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ArchiveError("that request could not be read: run the command again") from error
        if not hmac.compare_digest(str(token).encode("utf-8", "replace"), server.token.encode()):
            raise ArchiveError("that request carries a wrong token: run the command again")
        try:
            caller = Caller(self.wfile.write, server.stopping)
            return server.handle_call(call, arguments, caller)
        except ArchiveError:
            raise
        except Exception as error:
            _log.exception("call %s", call)
            raise ArchiveError(
                f"{call!r} failed in the process that has the home open ({type(error).__name__}): "
                "its log has the details"
            ) from error
