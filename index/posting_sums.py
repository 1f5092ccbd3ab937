"""The passages that have most of a question's terms: sums over rows of ``index/postings.py``."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from index import postings
from index.among import Among
from index.database import Database
from index.embed import Numbers

_STRIDE = 64
_FEW = 20_000
"""Passages whose sums are looked at one by one; of more, the best of all are, and then which of
those may be returned."""
_MORE = 1.5
_DEEPER = 4

Scores = npt.NDArray[np.float32]
Weights = tuple[Numbers, npt.NDArray[np.uint16]]
"""Where passages are, each place once, and what a term weighs in them."""


class Scored:
    """Passages with the sums of what a question's terms weigh in them."""

    def __init__(self, database: Database, rarity: Mapping[str, float]) -> None:
        """``rarity`` holds the question's terms with what each counts."""
        query = "SELECT key FROM postings WHERE key BETWEEN ? AND ?"
        known = [
            postings.block_of(key)
            for (key,) in database.rows(query, postings.keys_of(postings.ALL))
        ]
        self._blocks = np.array(known, dtype=np.int64)
        self._scores: Scores = np.zeros(len(known) * postings.PLACES, dtype=np.float32)
        slots = {block: slot * postings.PLACES for slot, block in enumerate(known)}
        self._database, self._slots = database, slots
        for term, counted in rarity.items():
            places, weights = self._of_term(term)
            self._scores[places] += weights * np.float32(counted / postings.MOST)

    def count_in(
        self, term: str, counted: float, forms: Iterable[Sequence[str]], share: float
    ) -> None:
        """Count other names of a term, of one word or more, where they weigh more than itself.

        ``counted`` is what the term counts, and ``share`` of it what another name does. Only where
        a passage has one is looked at: a large index has many that have none.
        """
        best: Scores = np.zeros(len(self._scores), dtype=np.float32)
        there = []
        for form in forms:
            places, weights = functools.reduce(_both, map(self._of_term, form))
            best[places] = np.maximum(best[places], weights * np.float32(share))
            there.append(places)
        places, weights = self._of_term(term)
        best[places] -= np.minimum(best[places], weights)
        for places in there:
            self._scores[places] += best[places] * np.float32(counted / postings.MOST)
            best[places] = 0

    def _of_term(self, term: str) -> Weights:
        """Return where the passages of a term are, and what it weighs in them."""
        query = "SELECT key, data FROM postings WHERE key BETWEEN ? AND ?"
        # A passage that is new since then is left to the next search.
        read = self._database.rows(query, postings.keys_of(term))
        found = [one for one in read if postings.block_of(one[0]) in self._slots]
        pairs = np.frombuffer(b"".join(data for _, data in found), dtype=postings.PAIR)
        lengths = [len(data) // postings.PAIR.itemsize for _, data in found]
        slots = np.array([self._slots[postings.block_of(key)] for key, _ in found], dtype=np.int64)
        return np.repeat(slots, lengths) + pairs["place"], pairs["weight"]

    def best(self, k: int, among: Among | None = None) -> list[int]:
        """Return the numbers of the ``k`` passages with the largest sums, the largest first.

        Those without any term are left out. Ties go to the smaller number. ``among`` are the only
        ones that may be returned.
        """
        if among is None:
            return _listed(self._best(k)[:k])
        many = len(among)
        if many <= _FEW:
            return self._best_of(among.numbers(), k)
        wanted = max(k, int(_MORE * k * len(self._scores) / many))
        while True:
            found = self._best(wanted)
            there = found[among.holds(found)]
            if len(there) >= k or len(found) < wanted:
                return _listed(there[:k])
            wanted *= _DEEPER

    def _best(self, k: int) -> Numbers:
        """Return at least ``k`` passages, if there are so many, in their order."""
        places = _places_of_best(self._scores, k)
        numbers = (
            self._blocks[places // postings.PLACES] * postings.PLACES + places % postings.PLACES
        )
        ordered: Numbers = numbers[np.lexsort((numbers, -self._scores[places]))]
        return ordered

    def _best_of(self, numbers: Numbers, k: int) -> list[int]:
        scores = self._of(numbers)
        places = _places_of_best(scores, k)
        numbers, scores = numbers[places], scores[places]
        return _listed(numbers[np.lexsort((numbers, -scores))][:k])

    def _of(self, numbers: Numbers) -> Scores:
        """Return the sums of some passages, 0 for those that are not there."""
        if not len(self._blocks):
            return np.zeros(len(numbers), dtype=np.float32)
        block, place = np.divmod(numbers, postings.PLACES)
        slots = np.searchsorted(self._blocks, block).clip(max=len(self._blocks) - 1)
        found: Scores = self._scores[slots * postings.PLACES + place]
        found[self._blocks[slots] != block] = 0
        return found


def _listed(numbers: Numbers) -> list[int]:
    listed: list[int] = numbers.tolist()
    return listed


def _both(one: Weights, other: Weights) -> Weights:
    """Return where both words of a name are, with the smaller weight: that they stand together is
    not looked at."""
    places, first, second = np.intersect1d(
        one[0], other[0], assume_unique=True, return_indices=True
    )
    return places, np.minimum(one[1][first], other[1][second])


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
