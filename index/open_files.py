"""The SQLite files that this process has open: one connection each, whoever asks for them.

They are opened exclusively. SQLite then keeps the index of its log in memory of its own; else it
would map a file into memory (``-shm``), and whatever cuts that file short ends the process. One
process owns a home, so nobody else has to get in. Within the process, whoever opens a file that is
open shares its connection: an index that is kept, one that gives its vectors, and a backup.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.moves import Moves

RowsOf = Callable[..., list[tuple[Any, ...]]]
"""Takes a query and its parameters, and returns all rows."""

_PATIENCE = 3.0
"""Seconds to wait for another process that has the file: one that was killed is gone by then."""
_COPIED = 1000
"""Pages that are copied between two looks at whether others want to read or write: 4 MB."""


@dataclass(eq=False, slots=True)
class OpenFile:
    """An open SQLite file. ``lock`` is held while the connection is used; ``moves`` are listened
    for from the first time that somebody asks for them."""

    connection: sqlite3.Connection
    identity: tuple[int, int]
    lock: threading.RLock = field(default_factory=threading.RLock)
    users: int = 1
    moves: Moves | None = None


_turn = threading.RLock()
_open: dict[tuple[int, int], OpenFile] = {}
"""By device and inode: a folder may be renamed while its file is open, and its name used anew."""


def acquire(path: Path, prepare: Callable[[sqlite3.Connection], None]) -> OpenFile:
    """Open a file, or make it, to be given back with ``release``.

    ``prepare`` sees the connection of a file that was not open yet. Raises what it raises, and
    sqlite3.Error and OSError; ``database is locked`` where another process has the file.
    """
    with _turn:
        if (there := acquire_open(path)) is not None:
            return there
        connection = _connected(path)
        try:
            prepare(connection)
            found = OpenFile(connection, _identity(path))
        except BaseException:
            connection.close()
            raise
        _open[found.identity] = found
        return found


def acquire_open(path: Path) -> OpenFile | None:
    """Share a file that is open in this process, to be given back; None where it is not."""
    with _turn:
        try:
            found = _open.get(_identity(path))
        except OSError:
            return None
        if found is not None:
            found.users += 1
        return found


@contextlib.contextmanager
def committing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Commit what happens inside, or nothing of it; the caller holds the file's lock."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        # SQLite rolls some failures back by itself, a full disk among them.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def release(file: OpenFile) -> None:
    """Give a file back; the last one closes it."""
    with _turn:
        file.users -= 1
        if file.users == 0:
            with file.lock:
                _open.pop(file.identity, None)
                file.connection.close()


@contextlib.contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file that may be of any release, without changing it; shared where it is open.

    Nobody in this process opens a file meanwhile, so hold it for moments.
    """
    with _turn:
        shared = acquire_open(path)
        if shared is None:
            address = f"{path.absolute().as_uri()}?mode=ro"
            with contextlib.closing(
                sqlite3.connect(address, uri=True, timeout=_PATIENCE)
            ) as connection:
                yield connection
            return
    try:  # not in turn: whoever has the lock may want to open another file
        with shared.lock:
            yield shared.connection
    finally:
        release(shared)


@contextlib.contextmanager
def read_anew(file: OpenFile, path: Path) -> Iterator[RowsOf]:
    """Read what an open file is on the disk now, past what SQLite remembers of it; what SQLite
    has, where the file cannot be made whole now.

    Nobody else uses its connection inside. Raises sqlite3.DatabaseError where another file, or
    none, lies in its place, or less of it.
    """
    with file.lock:
        if not _lies_at(file, path):
            raise sqlite3.DatabaseError("the file that was opened is not there any more")
        if not _empties_log(file):
            yield rows_of(file.connection)
            return
        # All of it is in the file now, and a second connection, which locks nothing, reads that.
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            rows = rows_of(connection)
            (pages, size), *_ = rows("SELECT * FROM pragma_page_count, pragma_page_size")
            if path.stat().st_size < pages * size:
                raise sqlite3.DatabaseError("its end is missing")
            yield rows


def rows_of(connection: sqlite3.Connection) -> RowsOf:
    """Return what runs queries on a connection."""
    return lambda query, parameters=(): connection.execute(query, parameters).fetchall()


def copy_to(file: OpenFile, target: sqlite3.Connection) -> None:
    """Copy a whole file as it is when this returns; others may read and write meanwhile.

    What they write is written to the copy too, as they do so through the same connection.
    """

    def let_others(status: int, remaining: int, total: int) -> None:
        file.lock.release()
        time.sleep(0.001)  # else this thread has the lock again before anybody wakes up
        file.lock.acquire()

    with file.lock:
        file.connection.backup(target, pages=_COPIED, progress=let_others)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE
    )
    try:
        # Exclusive before the log is first looked at: only then is its index never a file.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA mmap_size = 0")
        connection.execute("PRAGMA journal_mode = WAL")
        # One of an older release, or of a reader. It belongs to nobody now.
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    except BaseException:
        connection.close()
        raise
    return connection


def _empties_log(file: OpenFile) -> bool:
    """Write all that the log holds into the file; False where a backup is reading it, or the disk
    is full."""
    try:
        ((busy, *_),) = file.connection.execute("PRAGMA wal_checkpoint (TRUNCATE)").fetchall()
    except sqlite3.OperationalError:
        return False
    return not busy


def _lies_at(file: OpenFile, path: Path) -> bool:
    """Tell whether a file that is open, and its log, are those that the next start would open."""
    try:
        is_there = _identity(path) == file.identity
    except OSError:
        return False
    has_log = file.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    return is_there and (not has_log or path.with_name(f"{path.name}-wal").exists())


def _identity(path: Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino
