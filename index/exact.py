"""The nearest vectors by comparing with every one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from index.embed import Numbers, Vectors


def exact_nearest(
    vector: Vectors, batches: Iterable[tuple[Sequence[int] | Numbers, Vectors]], k: int
) -> list[tuple[int, float]]:
    """Return the same as ``VectorStore.nearest`` by comparing with every given vector."""
    scored: list[tuple[int, float]] = []
    for numbers, vectors in batches:
        if not len(numbers):
            continue
        similarities = vectors @ vector
        for place in _places_of_best(similarities, k):
            scored.append((int(numbers[place]), float(similarities[place])))
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]


def _places_of_best(similarities: Vectors, k: int) -> Iterable[int]:
    """Return the places of the ``k`` largest, and of all that are as large as the last of them."""
    if len(similarities) <= k:
        return range(len(similarities))
    least = np.partition(similarities, -k)[-k]
    return (int(place) for place in np.flatnonzero(similarities >= least))
