"""Where a backup or a restored home is made until it is whole: a folder beside its place."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from assistant.home import Home
from corpus.atomic import sync_folder
from corpus.errors import BackupFailure, HomeBusy, UsageError

SUFFIX = ".partial"
_LOCK = "lock"


@contextlib.contextmanager
def workplace(target: Path) -> Iterator[Path]:
    """Give an empty folder on the disk of ``target``, deleted in the end.

    What a killed run left there is deleted by the next one. Raises HomeBusy while another run is
    under way, and UsageError where somebody else's folder has the name.
    """
    from filelock import FileLock, Timeout

    folder = target.with_name(target.name + SUFFIX)
    ours = folder / _LOCK
    if folder.exists() and not ours.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is in the way: rename it, or name another place")
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(ours, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise HomeBusy(
            f"another process is at work on {target}: wait until it is done, or name another place"
        ) from None
    try:
        _empty(folder)
        yield folder
    finally:
        _empty(folder)
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def checked_place(home: Home, file: Path, *, force: bool) -> Path:
    """Return where a backup of ``home`` goes. Raises UsageError where none may be written."""
    place = file.parent.resolve() / file.name
    if place.is_dir():
        raise UsageError(f"{file} is a folder: name a file in it")
    for inside in (home.documents, home.state):
        if place.is_relative_to(inside.resolve()):
            raise UsageError(
                f"{file} is in {inside}, which is what is backed up: name a file outside of it"
            )
    if not place.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent}: make it, or name another file")
    if os.path.lexists(place) and not place.is_file():
        raise UsageError(f"{file} is there already and is no plain file: name another file")
    if os.path.lexists(place) and not force:
        raise _taken(file)
    return place


def _taken(file: Path) -> UsageError:
    return UsageError(f"{file} is there already: name another file, or replace it with --force")


def private(path: Path) -> IO[bytes]:
    """Open a new file that only its user may read: it holds all that the home holds."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def put_in_place(packed: Path, file: Path, *, force: bool) -> None:
    """Rename a finished backup. Raises UsageError where, without ``force``, a file is there."""
    if force:
        packed.replace(file)
    else:
        try:
            os.link(packed, file)  # unlike a rename, it replaces nothing
        except FileExistsError:
            raise _taken(file) from None
        except OSError:  # not every file system has links
            if os.path.lexists(file):
                raise _taken(file) from None
            packed.rename(file)
    make_last(file.parent)


@contextlib.contextmanager
def failures(doing: str, target: Path) -> Iterator[None]:
    """Turn what the system says into a BackupFailure: "``target`` could not be ``doing``"."""
    try:
        yield
    except OSError as error:
        where = f" at {error.filename}" if error.filename else ""
        raise BackupFailure(
            f"{target} could not be {doing} ({error.strerror or error}{where}): check the rights "
            "and the free space of that disk; nothing half-done is left"
        ) from error


def make_last(folder: Path) -> None:
    """Make a rename in ``folder`` last, where the system can."""
    with contextlib.suppress(OSError):
        sync_folder(folder)


def _empty(folder: Path) -> None:
    for path in list(folder.iterdir()) if folder.is_dir() else ():
        if path.name == _LOCK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
