"""Which passages filters let through, and the vectors of those."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator

import numpy as np

from index.among import Among
from index.database import Database
from index.embed import Numbers, Vectors
from index.filtered import Filtered, Row
from index.passages import Filters

_ROWS = (
    "SELECT generation, first, last, date, source, tags FROM documents "
    "WHERE state = 'active' AND first IS NOT NULL"
)
# From the index that holds all that is asked for, so that no text is read.
_ALL = _ROWS.replace("FROM documents", "FROM documents INDEXED BY by_filter")
_AT_ONCE = 2_000
"""Passages whose vectors, or generations whose rows, are read in one query."""


class Allowed:
    """Resolves filters in one catalogue; safe to share between threads, while others write.

    What it remembers of the documents is brought up to date before each answer, by what the
    catalogue tells of the generations that came and went.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._filtered: Filtered | None = None
        self._seen = 0

    def among(self, filters: Filters) -> Among:
        """Return the active passages that pass the filters."""
        if filters.documents:  # few, and found by their ids
            query = f"{_ROWS} AND id IN ({_holes(filters.documents)})"
            return Filtered.of(self._database.rows(query, filters.documents)).among(filters)
        return self._now().among(filters)

    def _now(self) -> Filtered:
        """Return the documents as they are now."""
        # The file's lock is taken inside, never the other way round.
        with self._lock, self._database.still() as moves:
            moved = moves.since(self._seen) if self._filtered else None
            self._seen = moves.count
            if self._filtered is None or moved is None or self._filtered.is_stale:
                self._filtered = None  # where reading fails, it is read whole the next time
                self._filtered = Filtered.of(self._database.rows(_ALL))
            elif moved:
                before, self._filtered = self._filtered, None
                self._filtered = before.changed(moved, self._rows_of(moved))
            return self._filtered

    def _rows_of(self, generations: Collection[int]) -> list[Row]:
        found: list[Row] = []
        wanted = sorted(generations)
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            found += self._database.rows(f"{_ROWS} AND generation IN ({_holes(some)})", some)
        return found


def vectors_of(database: Database, numbers: Numbers) -> Iterator[tuple[list[int], Vectors]]:
    """Yield the numbers and vectors, shape ``(n, d)``, of passages, some at a time."""
    for first in range(0, len(numbers), _AT_ONCE):
        some = numbers[first : first + _AT_ONCE].tolist()
        found = database.rows(
            f"SELECT number, vector FROM passages WHERE number IN ({_holes(some)})", some
        )
        if found:
            joined = np.frombuffer(b"".join(vector for _, vector in found), dtype="<f4")
            yield [number for number, _ in found], joined.reshape(len(found), -1)


def _holes(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
