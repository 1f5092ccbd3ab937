"""The nearest passages among those that a filter lets through.

Few of them are compared one by one. Where they are many, Chroma is asked for so many more that
enough of them should be among those: a filter of its own costs it far longer.
"""

from __future__ import annotations

import numpy as np

from index import postings
from index.allowed import vectors_of
from index.database import Database
from index.embed import Numbers, Vectors
from index.exact import exact_nearest
from index.nearest import Nearest

FEW = 2_000
"""Passages that are compared one by one: 4 to 8 ms a thousand, most of it for reading them."""
_MORE = 1.5
"""How many more are asked for than would do if the filter had nothing to do with the question."""
_DEEPER = 4
_DEEPEST = 10_000
"""Asked of Chroma at most: some 10 ms a thousand."""
_MANY = 50_000
"""Passages of which not all are compared, even where Chroma gave too few."""


def nearest_among(
    database: Database, vectors: Nearest, vector: Vectors, k: int, among: Numbers
) -> list[tuple[int, float]]:
    """Return up to ``k`` of the passages ``among``, sorted, with their cosine similarity, the
    nearest first."""
    found: list[tuple[int, float]] = []
    if len(among) > FEW:
        total, _ = postings.counts(database, ())
        deep = int(_MORE * k * total / len(among))
        while len(found) < k and deep <= _DEEPEST:
            found = _allowed(vectors.nearest(vector, deep), among)
            deep *= _DEEPER
    if len(found) < k and (len(among) <= _MANY or not found):
        found = exact_nearest(vector, vectors_of(database, among), k)
    return found[:k]


def _allowed(found: list[tuple[int, float]], among: Numbers) -> list[tuple[int, float]]:
    numbers = np.array([number for number, _ in found], dtype=np.int64)
    places = np.searchsorted(among, numbers).clip(max=len(among) - 1)
    return [one for one, there in zip(found, among[places] == numbers, strict=True) if there]
