"""Who owns a home: one process at a time holds the lock, and answers for the others.

Chroma loses vectors when two processes write, and serves deleted ones when one reads what another
wrote. So whoever holds ``var/owner.lock`` has the index open and listens on a port of the loopback
address; ``var/owner.json``, which only its user can read, says where, with a token.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hmac
import json
import logging
import os
import secrets
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import wire
from assistant.home import Home
from assistant.wire import Json
from corpus.errors import ArchiveError, HomeBusy, IndexFailure
from index.entries import Progress, ProgressListener

_LARGEST_REQUEST = 10_000_000
_GOODBYE_SECONDS = 5.0
"""How long a stopped owner waits for the calls under way."""
_log = logging.getLogger(__name__)

Handler = Callable[[str, dict[str, Json], ProgressListener], Json]
"""Takes the name of a call, its arguments and a listener, and returns a JSON value."""


class CallerGone(BaseException):
    """Whoever asked has gone away, so the work is stopped; what was done so far is kept.

    No Exception: a file that cannot be read is passed over, but this must end the whole request.
    """


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that has a home open. ``url`` is its chat's address, when it is a chat."""

    pid: int
    command: str
    port: int
    token: str
    url: str | None = None


class Ownership:
    """The lock on a home, held by this process until ``release``."""

    def __init__(self, home: Home, command: str) -> None:
        """Take the lock. Raises HomeBusy at once when another process has it."""
        from filelock import FileLock, Timeout

        self._file = home.state / "owner.json"
        self._server: _Server | None = None
        self._command = command
        try:
            home.state.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(home.state / "owner.lock", timeout=0, thread_local=False)
            self._lock.acquire()
        except Timeout:
            raise HomeBusy("another process has this home open: wait until it is done") from None
        except OSError as error:
            raise _unwritable(self._file, error) from error

    def answer(self, handler: Handler) -> None:
        """Begin to answer the calls of other processes, each in a thread of its own."""
        token = secrets.token_hex(32)
        self._server = _Server(handler, token)
        port = int(self._server.server_address[1])
        self._owner = Owner(os.getpid(), self._command, port, token)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self._write()

    def announce(self, url: str) -> None:
        """Let others know the address of the chat."""
        self._owner = dataclasses.replace(self._owner, url=url)
        self._write()

    def stop_answering(self) -> None:
        """Take no more calls, and give those under way some seconds to finish.

        A call that takes longer (a large document) ends with the process: nothing of it is lost,
        as the next sync takes up what it left.
        """
        with contextlib.suppress(OSError):  # left behind, it names a process that is gone
            self._file.unlink()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.wait(_GOODBYE_SECONDS)
            self._server = None

    def release(self) -> None:
        """Let go of the lock."""
        self.stop_answering()
        self._lock.release()

    def _write(self) -> None:
        temporary = self._file.with_suffix(".tmp")
        try:
            temporary.unlink(missing_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(dataclasses.asdict(self._owner), file)
            temporary.replace(self._file)
        except OSError as error:
            raise _unwritable(self._file, error) from error


def _unwritable(file: Path, error: OSError) -> IndexFailure:
    return IndexFailure(
        f"the state folder {file.parent} could not be written ({error.strerror}): check its "
        "rights and the disk's free space"
    )


def read_owner(home: Home) -> Owner | None:
    """Return who has a home open, as far as its file tells."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return Owner(**json.loads((home.state / "owner.json").read_text("utf-8")))
    return None


def is_alive(owner: Owner) -> bool:
    """Tell whether a process that wrote ``owner.json`` still answers."""
    import socket

    try:
        with socket.create_connection(("127.0.0.1", owner.port), timeout=2):
            return _exists(owner.pid)
    except OSError:
        return False


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def busy(home: Home) -> HomeBusy:
    """Return the error that names who has a home open, and what to do."""
    owner = read_owner(home)
    if owner is None:
        return HomeBusy(
            f"another process has {home.root} open and does not answer: wait for it or end it"
        )
    who = f"'{owner.command}' (process {owner.pid})"
    if owner.url:
        return HomeBusy(f"{home.root} is open already in {who}: its chat is at {owner.url}")
    return HomeBusy(f"{home.root} is open in {who}: wait until that is done, or end it")


class _Server(socketserver.ThreadingTCPServer):
    """Knows the calls under way, so that they can be waited for; they are daemon threads, which
    do not keep the process from ending."""

    block_on_close = False
    allow_reuse_address = False
    request_queue_size = 128  # of the five by default, others would be turned away

    def __init__(self, handler: Handler, token: str) -> None:
        self.handle_call = handler
        self.token = token
        self._calls: set[threading.Thread] = set()
        super().__init__(("127.0.0.1", 0), _Request)

    def wait(self, seconds: float) -> None:
        """Wait until the calls under way are answered, but not longer than ``seconds``."""
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
        assert isinstance(self.server, _Server)
        server = self.server
        line = self.rfile.readline(_LARGEST_REQUEST)
        if not line:
            return
        with contextlib.suppress(CallerGone):
            self.wfile.write(wire.reply(lambda: self._answer(server, line)))

    def _tell(self, progress: Progress) -> None:
        try:
            self.wfile.write(wire.progress_line(progress))
        except OSError:
            raise CallerGone from None

    def _answer(self, server: _Server, line: bytes) -> Json:
        try:
            request = json.loads(line)
            token, call, arguments = request["token"], request["call"], request["arguments"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ArchiveError("that request could not be read: run the command again") from error
        if not hmac.compare_digest(str(token).encode("utf-8", "replace"), server.token.encode()):
            raise ArchiveError("that request carries a wrong token: run the command again")
        try:
            return server.handle_call(call, arguments, self._tell)
        except ArchiveError:
            raise
        except Exception as error:
            _log.exception("call %s", call)
            raise ArchiveError(
                f"{call!r} failed in the process that has the home open ({type(error).__name__}): "
                "its log has the details"
            ) from error
