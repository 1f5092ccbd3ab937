"""How far a host's copy follows the database: it stands in the copy's own catalogue, and changes in
the transaction that takes a write over."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import asdict, dataclass

from index.database import Database
from index.sharing import CURSOR


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last write that was taken over, by its number and its random ``mark``: a database that
    was put back from a backup has another mark under the same number. ``identity`` is the
    database's."""

    identity: str
    change: int
    mark: str


def read(database: Database) -> Cursor | None:
    """Return how far a copy is; None where it follows no database, or was changed beside it."""
    found = database.rows("SELECT value FROM meta WHERE key = ?", (CURSOR,))
    with contextlib.suppress(ValueError, TypeError):
        for (value,) in found:
            return Cursor(**json.loads(value))
    return None


def write(connection: sqlite3.Connection, cursor: Cursor) -> None:
    """Note how far a copy is, in the transaction that brings it there."""
    value = json.dumps(asdict(cursor))
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (CURSOR, value))
