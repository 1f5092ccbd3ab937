"""Who owns a home: one process at a time holds the lock, and answers for the others.

Chroma loses vectors when two processes write, and serves deleted ones when one reads what another
wrote. So whoever holds ``var/owner.lock`` has the index open and listens on a port of the loopback
address; ``var/owner.json``, which only its user can read, says where, with a token.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import json
import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

from assistant.home import Home
from assistant.owner_server import Handler, Server
from corpus.errors import HomeBusy, HomeReadOnly, IndexFailure

_NO_RIGHT = (errno.EROFS, errno.EACCES, errno.EPERM)
_GOODBYE_SECONDS = 5.0
"""How long a stopped owner waits for the calls under way."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that has a home open. ``url`` is its chat's address, when it is a chat.

    ``port`` is 0 while it opens or closes the home, and answers nobody.
    """

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
        self._server: Server | None = None
        try:
            home.state.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(home.state / "owner.lock", timeout=0, thread_local=False)
            self._lock.acquire()
        except Timeout:
            raise HomeBusy("another process has this home open: wait until it is done") from None
        except OSError as error:
            raise _unwritable(self._file, error) from error
        # Others see whom they wait for while the home is being opened, and nothing of a process
        # that was killed.
        self._owner = Owner(os.getpid(), command, 0, "")
        try:
            self._write()
        except IndexFailure:
            self._lock.release()
            raise

    def answer(self, handler: Handler) -> None:
        """Begin to answer the calls of other processes, each in a thread of its own."""
        token = secrets.token_hex(32)
        self._server = Server(handler, token)
        port = int(self._server.server_address[1])
        self._owner = dataclasses.replace(self._owner, port=port, token=token)
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
        if self._server is not None:
            self._owner = dataclasses.replace(self._owner, port=0, token="", url=None)
            with contextlib.suppress(IndexFailure):
                self._write()
            self._server.shutdown()
            self._server.server_close()
            self._server.wait(_GOODBYE_SECONDS)
            self._server = None

    def release(self) -> None:
        """Let go of the lock."""
        self.stop_answering()
        with contextlib.suppress(OSError):  # left behind, it names a process that is gone
            self._file.unlink()
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
    kind = HomeReadOnly if error.errno in _NO_RIGHT else IndexFailure
    return kind(
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

    if owner.port == 0:
        return False
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


def named(owner: Owner | None) -> str:
    """Return how a message names whoever has a home open."""
    return f"'{owner.command}' (process {owner.pid})" if owner else "another process"


def busy(home: Home) -> HomeBusy:
    """Return the error that names who has a home open, and what to do."""
    owner = read_owner(home)
    if owner is None:
        return HomeBusy(
            f"another process has {home.root} open and does not answer: wait for it or end it"
        )
    who = named(owner)
    if owner.url:
        return HomeBusy(f"{home.root} is open already in {who}: its chat is at {owner.url}")
    return HomeBusy(f"{home.root} is open in {who}: wait until that is done, or end it")
