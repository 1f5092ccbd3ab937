"""Files written whole or not at all, and still there after a power cut."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.errors import ShelfError


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
                _write(staged[path], data)
            for path, temporary in staged.items():
                temporary.replace(path)
            for folder in {path.parent for path in contents}:
                sync_folder(folder)
    finally:
        for temporary in staged.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames and removals in ``folder`` last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def shelf_errors(done: str) -> Iterator[None]:
    """Turn what the system says into a ShelfError: "``FILE`` could not be ``done``"."""
    try:
        yield
    except OSError as error:
        raise ShelfError(
            f"{error.filename or 'A file'} could not be {done}: {error.strerror}. "
            "Check the folder's rights and the free space on its disk."
        ) from error


def _temporary(path: Path) -> Path:
    # Hidden, so that nobody reads it as a document, and short, so that a long name still fits.
    return path.with_name(f".{secrets.token_hex(8)}.tmp")


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
