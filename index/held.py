"""Vectors in memory, compared one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from index.embed import Numbers, Vectors
from index.exact import exact_nearest

_LARGE = 2_000
"""Vectors in one piece that are left as they come."""
_BLOCK = 20_000
"""Vectors in one piece: with fewer, more time goes into Python; with more, into copying."""


class Source(Protocol):
    """What the catalogue knows of vectors."""

    def passage_count(self) -> int: ...  # noqa: D102

    def all_vectors(self, batch: int = ...) -> Iterator[tuple[list[int], Vectors]]:
        """Yield the numbers and vectors of active passages, a batch at a time."""

    def held_vectors(self, batch: int = ...) -> Iterator[tuple[list[int], Vectors]]:
        """Yield the numbers and vectors of active and pending passages, a batch at a time."""


class Held:
    """All vectors of a catalogue in memory; whoever uses it sees to it that one thread at a time
    does."""

    def __init__(self, batches: Iterable[tuple[Sequence[int] | Numbers, Vectors]]) -> None:
        """Take in vectors, shape ``(n, d)``, under their numbers."""
        self._batches: list[tuple[Numbers, Vectors]] = []
        waiting: list[tuple[Sequence[int] | Numbers, Vectors]] = []
        for batch in batches:
            if len(batch[0]) >= _LARGE:
                self._join([batch])
                continue
            waiting.append(batch)
            if sum(len(numbers) for numbers, _ in waiting) >= _BLOCK:
                self._join(waiting)
                waiting = []
        self._join(waiting)

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return the same as ``VectorStore.nearest``, without its misses."""
        return exact_nearest(vector, self._batches, k)

    @property
    def batches(self) -> Sequence[tuple[Numbers, Vectors]]:
        """All of them, in some order."""
        return self._batches

    def _join(self, batches: Sequence[tuple[Sequence[int] | Numbers, Vectors]]) -> None:
        if len(batches) == 1:
            self._batches.append((np.asarray(batches[0][0], dtype=np.int64), batches[0][1]))
        elif batches:
            numbers = np.concatenate([np.array(numbers, dtype=np.int64) for numbers, _ in batches])
            self._batches.append((numbers, np.concatenate([vectors for _, vectors in batches])))

    def put(self, numbers: Sequence[int], vectors: Vectors) -> None:
        """Put in vectors under new numbers, or under those of vectors that they replace."""
        if numbers:
            self.drop(numbers)
            self._join([(numbers, vectors)])

    def drop(self, numbers: Sequence[int]) -> None:
        """Take vectors out; numbers that are not there are no error."""
        for place, (known, vectors) in enumerate(self._batches):
            keep = ~np.isin(known, numbers)
            if not keep.all():
                self._batches[place] = known[keep], vectors[keep]
