"""The file of kept conversations: opening it, setting a damaged one aside, errors in words.

Only the process that owns the home opens it, with one connection for all of its threads
(``index.open_files``), so turns that end at the same moment are written one after the other. A
commit is on disk when it returns (WAL, ``synchronous=FULL``).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from corpus.errors import ArchiveError, ChatsFailure
from index import open_files

SCHEMA_VERSION = 2
UPGRADES: Mapping[int, str] = {
    1: "CREATE TABLE wishes (turn INTEGER PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE,"
    " comment TEXT NOT NULL, made TEXT NOT NULL, done TEXT)"
}
"""By the version of a file, the SQL that makes it one of the next version."""
_NEWEST = 1000
"""A version above this is a flipped bit."""
_SMALL = 25_000
"""Pages, about 100 MB: a file of that size is read through, and written anew, in a second."""

_TRACES = "traces"

_log = logging.getLogger(__name__)


class ChatsFile:
    """One SQLite file, opened when it is first needed, safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.remark = ""
        self._turn = threading.RLock()
        self._file: open_files.OpenFile | None = None

    def exists(self) -> bool:
        """Tell whether anything was ever kept."""
        return self.path.exists()

    def now(self) -> dt.datetime:
        """Return the time, by this machine's clock."""
        return dt.datetime.now(dt.UTC)

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        with self._turn:
            file, self._file = self._file, None
            if file is not None:
                open_files.release(file)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection to read from, to one thread at a time. Raises ChatsFailure."""
        with self._turn, self._translated(), self._opened() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Commit what happens inside, or nothing of it. Raises ChatsFailure."""
        with (
            self._turn,
            self._translated(),
            self._opened() as connection,
            open_files.committing(connection),
        ):
            yield connection

    @contextlib.contextmanager
    def deleting(self, *, anew: bool = False) -> Iterator[sqlite3.Connection]:
        """Commit what is deleted inside, and leave no trace of it in the files.

        With ``anew``, a file of ordinary size is written anew, which makes it smaller. A process
        that is killed before that is done leaves a note, and the next one does it.
        """
        with self._turn:
            with self.writing() as connection:
                yield connection
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (_TRACES,))
            with self.reading() as connection:
                _wipe(connection, anew=anew)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        file = self._file = self._file or self._acquired()
        with file.lock:
            yield file.connection

    def _acquired(self) -> open_files.OpenFile:
        try:
            return self._acquire()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            self._set_aside(error)
            return self._acquire()

    def _acquire(self) -> open_files.OpenFile:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Nobody else's business; SQLite gives its log the same rights.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        return open_files.acquire(self.path, lambda connection: _prepare(connection, self.path))

    def _set_aside(self, reason: object) -> None:
        """Rename a damaged file, with its log, to a name under which it is kept and backed up."""
        now = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S.%f")
        kept = self.path.with_name(f"{self.path.name}.damaged-{now}")
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                os.rename(f"{self.path}{suffix}", f"{kept}{suffix}")
        self.remark = (
            f"the kept conversations could not be read ({reason}). Their file was set aside as "
            f"{kept}, nothing of it is deleted, and new ones are kept in a new file"
        )
        _log.error("%s", self.remark)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except ArchiveError:
            raise
        except sqlite3.DatabaseError as error:
            if _is_damage(error):
                self.close()
                self._set_aside(error)
                raise ChatsFailure(self.remark) from error
            raise _failure(self.path, error) from error
        except OSError as error:
            raise ChatsFailure(
                f"the conversations in {self.path} could not be kept or read ({error.strerror}): "
                "check the folder's rights and the disk's free space"
            ) from error


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    for pragma in ("synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    # Else VACUUM would write texts into a temporary file.
    connection.execute("PRAGMA temp_store = MEMORY")
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if SCHEMA_VERSION < version <= _NEWEST:
        raise ChatsFailure(
            f"{path} was written by a newer release of this program, and nothing was changed: "
            "install that release again, or move the file away to begin a new one"
        )
    if _pages(connection) <= _SMALL:
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise _Damaged(str(verdict))
    _bring_up(connection, version)
    if connection.execute("SELECT 1 FROM meta WHERE key = ?", (_TRACES,)).fetchone():
        _wipe(connection, anew=True)


class _Damaged(sqlite3.DatabaseError):
    """What is in the file is not what this program writes."""


def _bring_up(connection: sqlite3.Connection, version: int) -> None:
    """Make the tables of a new file, or those of an older release the ones of this release."""
    if version == SCHEMA_VERSION:
        return
    if version == 0:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise _Damaged("it has tables of something else")
        schema = resources.files("assistant").joinpath("chats_schema.sql").read_text("utf-8")
        _run(connection, schema, SCHEMA_VERSION)
        return
    for older in range(version, SCHEMA_VERSION):
        if older not in UPGRADES:
            raise _Damaged(f"unknown schema version {version}")
        _run(connection, UPGRADES[older], older + 1)


def _run(connection: sqlite3.Connection, script: str, version: int) -> None:
    connection.executescript(
        f"BEGIN IMMEDIATE;\n{script};\nPRAGMA user_version = {version};\nCOMMIT;"
    )


def _wipe(connection: sqlite3.Connection, *, anew: bool) -> None:
    """Leave nothing of what was deleted: ``secure_delete`` overwrites it in the file, and the log
    is cut to nothing."""
    if anew and _pages(connection) <= _SMALL:
        with contextlib.suppress(sqlite3.OperationalError):  # no room for the new file
            connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute("DELETE FROM meta WHERE key = ?", (_TRACES,))


def _pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA page_count").fetchone()[0])


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    lost = "no such table" in str(error) or "no such column" in str(error)
    broken = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return isinstance(error, _Damaged) or lost or _code(error) in broken


def _code(error: sqlite3.DatabaseError) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _failure(path: Path, error: sqlite3.DatabaseError) -> ChatsFailure:
    if _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ChatsFailure(f"{path} is in use by another program: end that program")
    _log.error("conversations in %s", path, exc_info=error)
    return ChatsFailure(
        f"the conversations in {path} could not be kept or read ({error}): check the disk's free "
        "space and the folder's rights"
    )
