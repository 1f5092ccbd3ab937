"""Vectors of passages that were read lately, so that the next question within the same filter need
not read them again."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from index.allowed import vectors_of
from index.among import Mask
from index.database import Database
from index.embed import Numbers, Vectors

_Kept = tuple[Numbers, Vectors]
MOST = 20_000
"""Vectors that are kept: 30 MB of those of the default model."""


class Lately:
    """Reads vectors by number, and keeps some; safe to share between threads.

    A number is never used for another passage, so what is kept cannot become wrong; what is gone
    is not asked for any more, and makes room.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._kept: _Kept | None = None

    def lacks(self, numbers: Numbers) -> int:
        """Return how many of the numbers, sorted, would have to be read."""
        return len(numbers) - int(_places(numbers, self._kept)[1].sum())

    def vectors(self, numbers: Numbers) -> Iterator[tuple[Numbers, Vectors]]:
        """Yield numbers, given sorted, and their vectors, shape ``(n, d)``; those of passages that
        are gone are left out."""
        kept = self._kept  # another thread may put others in its place
        places, there = _places(numbers, kept)
        if kept is not None and there.all() and len(numbers) == len(kept[0]):
            yield kept  # just those: none is copied
            return
        parts: list[_Kept] = []
        if kept is not None and there.any():
            parts.append((numbers[there], kept[1][places[there]]))
            yield parts[0]
        keeps = len(numbers) <= MOST
        for some, vectors in vectors_of(self._database, numbers[~there]):
            part = np.array(some, dtype=np.int64), vectors
            if keeps:
                parts.append(part)
            yield part
        if keeps and not there.all():
            self._keep(parts)

    def _keep(self, parts: list[_Kept]) -> None:
        """Keep these, and what was kept before as long as there is room."""
        with self._lock:
            new = np.concatenate([numbers for numbers, _ in parts] or [np.zeros(0, np.int64)])
            if self._kept is not None:
                old, vectors = self._kept
                other = ~np.isin(old, new)
                if len(new) + int(other.sum()) <= MOST:
                    parts = [*parts, (old[other], vectors[other])]
            numbers = np.concatenate([some for some, _ in parts])
            order = np.argsort(numbers)
            self._kept = numbers[order], np.concatenate([some for _, some in parts])[order]


def _places(numbers: Numbers, kept: _Kept | None) -> tuple[npt.NDArray[np.intp], Mask]:
    """Return where numbers are among those kept, and which of them are there at all."""
    if kept is None or not len(kept[0]):
        return np.zeros(len(numbers), dtype=np.intp), np.zeros(len(numbers), dtype=np.bool_)
    places = np.searchsorted(kept[0], numbers).clip(max=len(kept[0]) - 1)
    return places, kept[0][places] == numbers
