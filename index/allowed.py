"""Which passages filters let through, and the vectors of those."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from index.database import Database
from index.embed import Numbers, Vectors
from index.passages import Filters

_INDEX = "by_filter"
_AT_ONCE = 2_000
"""Passages whose vectors are read in one query."""


def allowed_passages(database: Database, filters: Filters) -> Numbers:
    """Return the numbers of all active passages that pass the filters, sorted.

    Everything comes from one index of the documents; what is compared without regard to case is
    compared once for each value, not for each document.
    """
    parts: list[str] = []
    values: list[object] = []
    for column, operator, date in (("date", ">=", filters.since), ("date", "<=", filters.until)):
        if date:
            parts.append(f"{column} {operator} ?")
            values.append(date.isoformat())
    if filters.documents:
        parts.append(f"id IN ({_holes(filters.documents)})")
        values += filters.documents
    if filters.sources:
        known = _distinct(database, "source")
        wanted = {source.casefold() for source in filters.sources}
        found = [source for source in known if source is not None and source.casefold() in wanted]
        parts.append(f"source IN ({_holes(found)})")
        values += found
    if filters.tags:
        wanted = {tag.casefold() for tag in filters.tags}
        found = [
            tags
            for tags in _distinct(database, "tags")
            if not wanted.isdisjoint(tag.casefold() for tag in json.loads(tags))
        ]
        parts.append(f"tags IN ({_holes(found)})")
        values += found
    # With nothing in it, IN () would keep SQLite from using the index that it is told to use.
    parts = ["FALSE" if part.endswith("IN ()") else part for part in parts]
    spans = database.rows(
        f"SELECT first, last FROM documents INDEXED BY {_INDEX} WHERE state = 'active' "
        f"AND first IS NOT NULL {''.join(f' AND {part}' for part in parts)}",
        values,
    )
    return _numbers(np.array(sorted(spans), dtype=np.int64).reshape(-1, 2))


def _distinct(database: Database, column: str) -> list[Any]:
    found = database.rows(
        f"SELECT DISTINCT {column} FROM documents INDEXED BY {_INDEX} WHERE state = 'active'"
    )
    return [value for (value,) in found]


def _numbers(spans: Numbers) -> Numbers:
    """Return all numbers of spans, shape ``(n, 2)``, that hold the first and the last one."""
    lengths = spans[:, 1] - spans[:, 0] + 1
    before = np.cumsum(lengths) - lengths
    numbers: Numbers = np.arange(lengths.sum()) + np.repeat(spans[:, 0] - before, lengths)
    return numbers


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
