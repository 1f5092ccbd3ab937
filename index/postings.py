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
from index.embed import Numbers
from index.open_files import RowsOf

PLACES = 16_384
"""Passages of a row at most. With more, writing one passage writes more; with fewer, reading a term
reads more rows."""
MOST = 65_535
"""The weight that stands for 1."""
_ALL = ""
"""Stands for no term: it has all passages."""
_BLOCKS = 20
"""Bits of a key that say which numbers it is about; the other 43 are of the term's hash."""
_NOTED = "postings"
"""The key in the table ``meta`` under which the checksum of all rows stands."""
_FEW = 2_000
"""Keys that are looked up in one query."""
_STRIDE = 64

Scores = npt.NDArray[np.float32]
Weighed = Mapping[str, float]
"""A passage's terms, with what each weighs in it, in 0..1."""

_PAIR = np.dtype([("place", "<u2"), ("weight", "<u2")])


def rows(passages: Iterable[tuple[int, Weighed]]) -> dict[int, bytearray]:
    """Return the rows that passages give, by key; the passages come by number, in order."""
    found: defaultdict[int, bytearray] = defaultdict(bytearray)
    for number, weighed in passages:
        block, place = divmod(number, PLACES)
        start = place.to_bytes(2, "little")
        found[_key(_ALL) | block] += start + b"\0\0"
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
        for term in (_ALL, *terms):
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
    if any(len(data) % _PAIR.itemsize for _, data in known):
        raise ValueError("a row is cut short")
    keys = _mixed(np.array([key for key, _ in known], dtype=np.uint64))
    pairs = np.frombuffer(b"".join(data for _, data in known), dtype="<u4")
    lengths = [len(data) // _PAIR.itemsize for _, data in known]
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
        term: int(database.rows(query, _keys(term))[0][0]) // _PAIR.itemsize
        for term in (_ALL, *terms)
    }
    return found.pop(_ALL), found


class Scored:
    """Passages with the sums of what a question's terms weigh in them."""

    def __init__(self, database: Database, rarity: Mapping[str, float]) -> None:
        """``rarity`` holds the question's terms with what each counts."""
        query = "SELECT key FROM postings WHERE key BETWEEN ? AND ?"
        known = [_block(key) for (key,) in database.rows(query, _keys(_ALL))]
        self._blocks = np.array(known, dtype=np.int64)
        self._scores: Scores = np.zeros(len(known) * PLACES, dtype=np.float32)
        slots = {block: slot * PLACES for slot, block in enumerate(known)}
        self._database, self._slots = database, slots
        for term, counted in rarity.items():
            places, weights = self._of_term(term)
            self._scores[places] += weights * np.float32(counted / MOST)

    def count_in(
        self, term: str, counted: float, forms: Iterable[Sequence[str]], share: float
    ) -> None:
        """Count other names of a term, of one word or more, where they weigh more than itself.

        ``counted`` is what the term counts, and ``share`` of it what another name does.
        """
        best = np.zeros_like(self._scores)
        for form in forms:
            # All words of a name are there: that they stand together is not looked at.
            best = np.maximum(best, functools.reduce(np.minimum, map(self._weights, form)))
        best *= np.float32(share)
        self._scores += np.maximum(best - self._weights(term), 0) * np.float32(counted / MOST)

    def _weights(self, term: str) -> Scores:
        found = np.zeros_like(self._scores)
        places, weights = self._of_term(term)
        found[places] = weights
        return found

    def _of_term(self, term: str) -> tuple[Numbers, npt.NDArray[np.uint16]]:
        """Return where the passages of a term are, and what it weighs in them."""
        query = "SELECT key, data FROM postings WHERE key BETWEEN ? AND ?"
        # A passage that is new since then is left to the next search.
        read = self._database.rows(query, _keys(term))
        found = [one for one in read if _block(one[0]) in self._slots]
        pairs = np.frombuffer(b"".join(data for _, data in found), dtype=_PAIR)
        lengths = [len(data) // _PAIR.itemsize for _, data in found]
        slots = np.array([self._slots[_block(key)] for key, _ in found], dtype=np.int64)
        return np.repeat(slots, lengths) + pairs["place"], pairs["weight"]

    def best(self, k: int, among: Numbers | None = None) -> list[int]:
        """Return the numbers of the ``k`` passages with the largest sums, the largest first.

        Those without any term are left out. Ties go to the smaller number. ``among`` are the only
        ones that may be returned.
        """
        if among is None:
            places = _places_of_best(self._scores, k)
            numbers = self._blocks[places // PLACES] * PLACES + places % PLACES
            scores = self._scores[places]
        else:
            scores = self._of(among)
            places = _places_of_best(scores, k)
            numbers, scores = among[places], scores[places]
        order = np.lexsort((numbers, -scores))[:k]
        found: list[int] = numbers[order].tolist()
        return found

    def _of(self, numbers: Numbers) -> Scores:
        """Return the sums of some passages, 0 for those that are not there."""
        if not len(self._blocks):
            return np.zeros(len(numbers), dtype=np.float32)
        block, place = np.divmod(numbers, PLACES)
        slots = np.searchsorted(self._blocks, block).clip(max=len(self._blocks) - 1)
        found: Scores = self._scores[slots * PLACES + place]
        found[self._blocks[slots] != block] = 0
        return found


def _places_of_best(scores: Scores, k: int) -> Numbers:
    """Return the places of the ``k`` largest scores above 0, and of all that are as large as the
    last of them.

    The ``k``-th largest of the largest of each stretch is not above the ``k``-th largest of all,
    and is found much faster.
    """
    least = np.float32(0)
    if len(scores) > _STRIDE * k:
        whole = len(scores) // _STRIDE * _STRIDE
        largest = scores[:whole].reshape(-1, _STRIDE).max(axis=1)
        least = np.partition(largest, -k)[-k]
    places = np.flatnonzero(scores >= least if least > 0 else scores > 0)
    if len(places) > k:
        last = np.partition(scores[places], -k)[-k]
        places = places[scores[places] >= last]
    return places


def _without(data: bytes, places: Sequence[int]) -> bytes:
    pairs = np.frombuffer(data, dtype=_PAIR)
    return pairs[~np.isin(pairs["place"], places)].tobytes()


@functools.lru_cache(maxsize=65_536)
def _key(term: str) -> int:
    """Return the key of a term's first row."""
    digest = hashlib.blake2b(term.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (_BLOCKS + 1) << _BLOCKS


def _keys(term: str) -> tuple[int, int]:
    """Return the first and the last key that a term may have."""
    return _key(term), _key(term) | ((1 << _BLOCKS) - 1)


def _block(key: int) -> int:
    return key & ((1 << _BLOCKS) - 1)
