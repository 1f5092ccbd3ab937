"""Copies of SQLite files that are in use, for backups, and what a copied catalogue says.

A copied catalogue brings its vectors along, so a restored home embeds nothing. The stamps in it are
those of other files (``index.stamps``), though: ``restamp`` gives it those of the restored ones.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from corpus.errors import CatalogueDamaged, IndexFailure
from index import open_files
from index.database import translated


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite file as it is at one moment, while others go on writing to it.

    ``target`` is one file, without a log beside it, and is checked. Raises CatalogueDamaged where
    the copy is not sound, and IndexFailure.
    """
    with _opened(target, "rwc") as copy:
        copy.execute("PRAGMA synchronous = OFF")  # whoever keeps the copy sees to that
        _copy(source, copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        verdict = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise CatalogueDamaged(
                f"{source} is damaged ({verdict}), so it cannot be backed up: run "
                "'assistant sync --rebuild' first"
            )


def _copy(source: Path, copy: sqlite3.Connection) -> None:
    if (here := open_files.acquire_open(source)) is not None:
        try:
            with translated(source), _room_for_copy():
                open_files.copy_to(here, copy)
        finally:
            open_files.release(here)
        return
    # All pages in one step: between two steps, another's write would make SQLite begin again.
    with _opened(source, "ro") as origin, _room_for_copy():
        origin.backup(copy, pages=-1)


@contextlib.contextmanager
def _room_for_copy() -> Iterator[None]:
    """Name the copy where it cannot be written: the source is only read."""
    try:
        yield
    except sqlite3.Error as error:
        if error.sqlite_errorcode not in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE):
            raise
        raise IndexFailure(
            f"the copy of the index could not be written ({error}): check the free space where "
            "the backup is to be, and the limit on the size of files"
        ) from error


def stamps_of(catalogue: Path) -> dict[str, str]:
    """Return the stamps of the documents' files in a copied catalogue, by path."""
    with _opened(catalogue, "ro") as connection:
        query = "SELECT path, stamp FROM documents WHERE state = 'active'"
        return dict(connection.execute(query).fetchall())


def counts_of(catalogue: Path) -> tuple[int, int]:
    """Return how many documents and how many passages a copied catalogue has."""
    with _opened(catalogue, "ro") as connection:
        active = "documents WHERE state = 'active'"
        documents = connection.execute(f"SELECT count(*) FROM {active}").fetchone()[0]
        passages = connection.execute(
            f"SELECT count(*) FROM passages WHERE generation IN (SELECT generation FROM {active})"
        ).fetchone()[0]
        return int(documents), int(passages)


def restamp(catalogue: Path, stamps: Mapping[str, str]) -> None:
    """Give documents, by the path of their file, the stamps of now; the next sync reads all others
    again. Raises CatalogueDamaged where the file is no catalogue."""
    with _opened(catalogue, "rw") as connection:
        code = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
        if connection.execute(code).fetchall():  # ours has none, and they would run
            raise CatalogueDamaged(f"{catalogue} is no catalogue: use another backup")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE documents SET stamp = ''")
        connection.executemany(
            "UPDATE documents SET stamp = ? WHERE path = ? AND state = 'active'",
            [(stamp, path) for path, stamp in stamps.items()],
        )
        connection.execute("COMMIT")


@contextlib.contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    with translated(path):
        address = f"{path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=10)
        with contextlib.closing(connection):
            yield connection
