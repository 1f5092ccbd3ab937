"""Files written whole or not at all, and still there after a power cut."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.errors import ShelfError

_OURS = re.compile(r"\.([0-9a-f]{4})([0-9a-f]{6})[0-9a-f]{6}\.tmp")
_under_way: set[str] = set()
"""The names of temporary files that this process is going to rename."""


def write_all(contents: dict[Path, bytes]) -> None:
    """Write each file whole: all are on disk beside their places before the first is renamed.

    The files lie in one folder. After an error none has changed, unless the disk refuses a mere
    rename; nothing temporary is left. Raises ShelfError.
    """
    staged: dict[Path, Path] = {}
    try:
        with shelf_errors("written"):
            for path, data in contents.items():
                staged[path] = _temporary(path)
                with shelf_errors("written", path):
                    _write(staged[path], data)
            for path, temporary in staged.items():
                temporary.replace(path)
            for folder in {path.parent for path in contents}:
                sync_folder(folder)
    finally:
        for temporary in staged.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            _under_way.discard(temporary.name)


def sync_folder(folder: Path) -> None:
    """Make renames and removals in ``folder`` last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def shelf_errors(done: str, path: Path | None = None) -> Iterator[None]:
    """Turn what the system says into a ShelfError: "``FILE`` could not be ``done``".

    ``path`` is the file, where that is another one than the system names.
    """
    try:
        yield
    except OSError as error:
        raise ShelfError(
            f"{path or error.filename or 'A file'} could not be {done}: {error.strerror}. "
            "Check the folder's rights and the free space on its disk."
        ) from error


def is_temporary(name: str) -> bool:
    """Tell whether a file is named like one that ``write_all`` is about to rename."""
    return _OURS.fullmatch(name) is not None


def is_abandoned(name: str) -> bool:
    """Tell whether the process that named a temporary file so ran on this machine and is gone."""
    found = _OURS.fullmatch(name)
    if found is None or found[1] != _machine():
        return False
    writer = int(found[2], 16)
    if writer == os.getpid():  # perhaps of an earlier process: in a container, numbers come again
        return name not in _under_way
    try:
        os.kill(writer, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # of another user
        return False
    return False


def temporary_name(mark: str) -> str:
    """Return the name of a file that is about to be renamed; ``mark`` is six hexadecimal digits."""
    return f".{_machine()}{os.getpid() & 0xFFFFFF:06x}{mark}.tmp"


def _temporary(path: Path) -> Path:
    # Hidden, so that nobody reads it as a document, and short, so that a long name still fits.
    name = temporary_name(secrets.token_hex(3))
    _under_way.add(name)
    return path.with_name(name)


def _machine() -> str:
    """Return a mark of this machine: a folder may be shared with others."""
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:4]


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
