"""The nearest passages among those that a filter lets through.

Few of them are compared one by one. Where they are many, Chroma is asked for so many more that
enough of them should be among those: a filter of its own costs it far longer. Which of the two it
is says an estimate of both, from what was measured (docs/decisions/071-filters.md).
"""

from __future__ import annotations

import numpy as np

from index import postings
from index.among import Among
from index.database import Database
from index.embed import Vectors
from index.exact import exact_nearest
from index.lately import Lately
from index.nearest import Nearest

FEW = 2_000
"""Passages that are compared one by one, whatever Chroma would take."""
_READ, _HELD, _ASKED = 6.0, 0.3, 10.0
"""Milliseconds that a thousand passages take: to be read and compared, to be compared where they
were read lately, and asked of Chroma."""
_MORE = 1.5
"""How many more are asked for than would do if the filter had nothing to do with the question."""
_DEEPER = 4
_DEEPEST = 10_000
"""Asked of Chroma at most."""
_MANY = 50_000
"""Passages of which not all are compared, even where Chroma gave too few."""


class Narrowed:
    """Finds nearest passages within filters; safe to share between threads."""

    def __init__(self, database: Database, vectors: Nearest) -> None:
        self._database = database
        self._vectors = vectors
        self._lately = Lately(database)

    def nearest(self, vector: Vectors, k: int, among: Among) -> list[tuple[int, float]]:
        """Return up to ``k`` of the passages ``among`` with their cosine similarity, the nearest
        first."""
        many = len(among)
        found: list[tuple[int, float]] = []
        if many > FEW:
            total, _ = postings.counts(self._database, ())
            deep = int(_MORE * k * total / many)
            if self._compared_sooner(among, deep):
                deep = _DEEPEST + 1
            while len(found) < k and deep <= _DEEPEST:
                found = _allowed(self._vectors.nearest(vector, deep), among)
                deep *= _DEEPER
        if len(found) < k and (many <= _MANY or not found):
            found = exact_nearest(vector, self._lately.vectors(among.numbers()), k)
        return found[:k]

    def _compared_sooner(self, among: Among, deep: int) -> bool:
        """Tell whether comparing with all takes less time than asking Chroma for ``deep``."""
        many = len(among)
        if many * _HELD >= deep * _ASKED:
            return False
        new = self._lately.lacks(among.numbers())
        return new * _READ + (many - new) * _HELD < deep * _ASKED


def _allowed(found: list[tuple[int, float]], among: Among) -> list[tuple[int, float]]:
    numbers = np.array([number for number, _ in found], dtype=np.int64)
    return [one for one, there in zip(found, among.holds(numbers), strict=True) if there]
