"""Opening the catalogue's SQLite file, and turning its errors into ours."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from corpus.errors import ArchiveError, CatalogueDamaged, IndexFailure
from index import open_files
from index.moves import Moves
from index.open_files import RowsOf

SCHEMA_VERSION = 5
"""Part of the index recipe, so that another schema gets a folder, and a file, of its own.

1: the first. 2: a generation's ``digest``; terms may hold any letter. 3: ``author``, ``pages``,
``quarantine``, ``signature`` and ``version_of``; the table ``bands``. 4: postings in place of FTS5;
``first`` and ``last``. 5: the passages' ``words``; texts come last. Whoever raises it adds the
release before to ``index.upgrade`` and a golden home to ``tests/index/golden``.
"""
_NEWEST = 1000
"""A schema above this is a flipped bit."""

_log = logging.getLogger(__name__)


class Database:
    """One open SQLite file, safe to share between threads.

    Transactions are explicit; a commit is on disk when it returns (WAL with ``synchronous=FULL``),
    and deleted rows are overwritten with zeros. No other process can open the file; others in this
    one that open it share what is open (``index.open_files``).
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file. Raises CatalogueDamaged or IndexFailure."""
        self.path = path
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = open_files.acquire(path, lambda connection: _prepare(connection, path))
        self._closed = False

    def close(self) -> None:
        """Close the file, unless others have it open too."""
        with self._file.lock:
            closed, self._closed = self._closed, True
        if not closed:
            open_files.release(self._file)

    def is_small(self) -> bool:
        """Tell whether the file can be read through in well under a second."""
        return _is_small(self._connection)

    def damaged(self, reason: str) -> CatalogueDamaged:
        """Return the error for damage that SQLite did not see."""
        return _damaged(self.path, reason)

    @property
    def changes(self) -> int:
        """How many rows were changed since the file was opened, by whoever shares it here."""
        with self._file.lock:
            return self._connection.total_changes

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a reading query and return all its rows."""
        with self._file.lock, translated(self.path):
            return self._connection.execute(query, parameters).fetchall()

    @contextlib.contextmanager
    def still(self) -> Iterator[Moves]:
        """Let nobody write inside; gives what tells of active generations that come and go."""
        with self._file.lock, translated(self.path):
            file = self._open_file
            if file.moves is None:
                file.moves = Moves(file.connection)
            yield file.moves

    def each(self, query: str, parameters: Sequence[object], take: Callable[..., None]) -> None:
        """Run a reading query and call ``take`` with the columns of each row, one at a time: for
        rows that are large."""
        with self._file.lock, translated(self.path):
            for row in self._connection.execute(query, parameters):
                take(*row)

    @contextlib.contextmanager
    def anew(self) -> Iterator[RowsOf]:
        """Read what is on the disk now, past what SQLite remembers; others wait.

        Raises CatalogueDamaged where another file, or none, lies in its place.
        """
        with translated(self.path), open_files.read_anew(self._open_file, self.path) as rows:
            yield rows

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit what happens inside, or nothing of it."""
        with (
            self._file.lock,
            translated(self.path),
            open_files.committing(self._connection) as connection,
        ):
            yield connection

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._open_file.connection

    @property
    def _open_file(self) -> open_files.OpenFile:
        if self._closed:
            raise sqlite3.ProgrammingError("a closed database")
        return self._file


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.create_function("fold", 1, _fold, deterministic=True)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == SCHEMA_VERSION:
        _check(connection)
        return
    if is_newer(version):
        raise newer(path, version)
    if version != 0 or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise sqlite3.DatabaseError(f"unknown schema version {version}")
    script = resources.files("index").joinpath("schema.sql").read_text("utf-8")
    connection.executescript(
        f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {SCHEMA_VERSION};\nCOMMIT;"
    )


def is_newer(schema: int) -> bool:
    """Tell whether a file's schema is that of a release to come."""
    return SCHEMA_VERSION < schema <= _NEWEST


def newer(path: Path, schema: int) -> IndexFailure:
    """Return the error for a file of a release to come, which is left as it is."""
    return IndexFailure(
        f"the index in {path.parent} was made by a newer release of this program (schema {schema}; "
        f"this release knows {SCHEMA_VERSION}), and nothing was changed: install that release "
        "again, or move the folder away to have the index made anew from the documents"
    )


def _fold(text: str | None) -> str | None:
    """Give SQL a lower case of all letters; its own ``lower`` knows ASCII only."""
    return text.casefold() if text is not None else None


def _check(connection: sqlite3.Connection) -> None:
    """Look through the file's structure where that is quick; a large one is checked by use."""
    if _is_small(connection):
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(str(verdict))


def _is_small(connection: sqlite3.Connection) -> bool:
    return int(connection.execute("PRAGMA page_count").fetchone()[0]) <= 25_000  # about 100 MB


def is_in_use(error: sqlite3.Error) -> bool:
    """Tell whether another process has the file."""
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def in_use(path: Path) -> IndexFailure:
    """Return the error for a file that another process has open."""
    return IndexFailure(
        f"the catalogue {path} is in use by another program: end that program, then try again"
    )


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Let no sqlite3 or OS error leave untranslated; ``path`` is the file it is about."""
    try:
        yield
    except ArchiveError:
        raise
    except sqlite3.OperationalError as error:
        if is_in_use(error):
            raise in_use(path) from error
        if any(sign in str(error) for sign in ("malformed", "no such", "decode")):
            raise _damaged(path, error) from error
        _log.exception("catalogue %s", path)
        raise IndexFailure(
            f"the catalogue {path} could not be used ({error}): check the disk's free space and "
            "the folder's rights, then try again"
        ) from error
    except sqlite3.DatabaseError as error:
        if "closed database" in str(error):
            raise IndexFailure(f"the catalogue {path} was closed: run the command again") from error
        raise _damaged(path, error) from error
    except OSError as error:
        raise IndexFailure(
            f"the state folder {path.parent} could not be written ({error.strerror}): check its "
            "rights and the disk's free space"
        ) from error


def _damaged(path: Path, reason: object) -> CatalogueDamaged:
    _log.error("catalogue %s is damaged: %s", path, reason)
    return CatalogueDamaged(
        f"the catalogue {path} is damaged ({reason}): run 'assistant sync --rebuild', which makes "
        "it again from the documents folder"
    )
