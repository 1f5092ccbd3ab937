"""Which passages have a term, and how much it weighs there: rows of the catalogue.

A row holds the passages of one term among ``PLACES`` numbers that follow each other, in the order
of their numbers: two bytes for the place and two for the weight. It changes in the transaction that
writes or deletes a passage, so there is nothing to merge, and nothing of a deleted passage is left.
Terms are hashed: a row of a table of its own with every word would be larger, and slower to find.
``docs/decisions/024-lexical-search.md`` compares this with SQLite's FTS5 and with tantivy.
"""

from __future__ import annotations

import functools
import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from index.database import Database
from index.open_files import RowsOf

PLACES = 16_384
"""Passages of a row at most. With more, writing one passage writes more; with fewer, reading a term
reads more rows."""
MOST = 65_535
"""The weight that stands for 1."""
ALL = ""
"""Stands for no term: it has all passages."""
_BLOCKS = 20
"""Bits of a key that say which numbers it is about; the other 43 are of the term's hash."""
_NOTED = "postings"
"""The key in the table ``meta`` under which the checksum of all rows stands."""
_FEW = 2_000
"""Keys that are looked up in one query."""
Weighed = Mapping[str, float]
"""A passage's terms, with what each weighs in it, in 0..1."""

PAIR = np.dtype([("place", "<u2"), ("weight", "<u2")])


def rows(passages: Iterable[tuple[int, Weighed]]) -> dict[int, bytearray]:
    """Return the rows that passages give, by key; the passages come by number, in order."""
    found: defaultdict[int, bytearray] = defaultdict(bytearray)
    for number, weighed in passages:
        block, place = divmod(number, PLACES)
        start = place.to_bytes(2, "little")
        found[_key(ALL) | block] += start + b"\0\0"
        for term, weight in weighed.items():
            stored = max(1, min(MOST, round(weight * MOST)))
            found[_key(term) | block] += start + stored.to_bytes(2, "little")
    return found


def insert(connection: sqlite3.Connection, passages: Mapping[int, Weighed]) -> None:
    """Write passages by number, in order, each larger than any that was written before."""
    new = sorted(rows(passages.items()).items())
    # By key, as the rows lie in the file. Putting two blobs together gives a text: hence CAST.
    connection.executemany(
        "INSERT INTO postings (key, data) VALUES (?, ?) ON CONFLICT (key) DO UPDATE "
        "SET data = CAST(data || excluded.data AS BLOB)",
        new,
    )
    _note(connection, checksum(new))


def delete(connection: sqlite3.Connection, passages: Mapping[int, Iterable[str]]) -> None:
    """Delete passages, given by number with all of their terms."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    for number, terms in passages.items():
        block, place = divmod(number, PLACES)
        for term in (ALL, *terms):
            places[_key(term) | block].append(place)
    keys = sorted(places)
    for first in range(0, len(keys), _FEW):
        some = keys[first : first + _FEW]
        holes = ", ".join("?" * len(some))
        found = connection.execute(
            f"SELECT key, data FROM postings WHERE key IN ({holes})", some
        ).fetchall()
        left = [(_without(data, places[key]), key) for key, data in found]
        _note(connection, checksum((key, data) for data, key in left) - checksum(found))
        connection.executemany(
            "UPDATE postings SET data = ? WHERE key = ?", [one for one in left if one[0]]
        )
        connection.executemany(
            "DELETE FROM postings WHERE key = ?", [(key,) for data, key in left if not data]
        )


def checksum(stored: Iterable[tuple[int, bytes | bytearray]]) -> int:
    """Return a sum over all passages of all rows, so that one that is written is added to it.

    Raises ValueError where a row is cut short.
    """
    known = list(stored)
    if any(len(data) % PAIR.itemsize for _, data in known):
        raise ValueError("a row is cut short")
    keys = _mixed(np.array([key for key, _ in known], dtype=np.uint64))
    pairs = np.frombuffer(b"".join(data for _, data in known), dtype="<u4")
    lengths = [len(data) // PAIR.itemsize for _, data in known]
    return int(_mixed(np.repeat(keys, lengths) + pairs).sum(dtype=np.uint64))


def is_whole(rows_of: RowsOf) -> bool:
    """Tell whether the rows are those that were written."""
    noted = rows_of("SELECT value FROM meta WHERE key = ?", (_NOTED,))
    try:
        found = checksum(rows_of("SELECT key, data FROM postings"))
    except ValueError:
        return False
    return str(found) == (noted[0][0] if noted else "0")


def _note(connection: sqlite3.Connection, change: int) -> None:
    noted = connection.execute("SELECT value FROM meta WHERE key = ?", (_NOTED,)).fetchone()
    now = (int(noted[0] if noted else 0) + change) % 2**64
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_NOTED, str(now)))


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return numbers of which each bit depends on all bits of the given ones (MurmurHash3)."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        values = (values ^ (values >> np.uint64(33))) * np.uint64(factor)
    return values ^ (values >> np.uint64(33))


def counts(database: Database, terms: Iterable[str]) -> tuple[int, dict[str, int]]:
    """Return how many passages there are, and how many of them have each term."""
    query = "SELECT coalesce(sum(length(data)), 0) FROM postings WHERE key BETWEEN ? AND ?"
    found = {
        term: int(database.rows(query, keys_of(term))[0][0]) // PAIR.itemsize
        for term in (ALL, *terms)
    }
    return found.pop(ALL), found


def _without(data: bytes, places: Sequence[int]) -> bytes:
    pairs = np.frombuffer(data, dtype=PAIR)
    return pairs[~np.isin(pairs["place"], places)].tobytes()


@functools.lru_cache(maxsize=8_192)
def _key(term: str) -> int:
    """Return the key of a term's first row."""
    digest = hashlib.blake2b(term.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (_BLOCKS + 1) << _BLOCKS


def keys_of(term: str) -> tuple[int, int]:
    """Return the first and the last key that a term may have."""
    return _key(term), _key(term) | ((1 << _BLOCKS) - 1)


def block_of(key: int) -> int:
    """Return which numbers a row is about."""
    return key & ((1 << _BLOCKS) - 1)
