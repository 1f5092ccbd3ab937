"""Whether Chroma finds every passage that it should, by the passage's own vector.

Chroma's graph loses vectors without an error: after kills or writes by two processes, 2 to 15 of
3,000 were there by their number and were not among the ten nearest to themselves. They are in the
catalogue all the same, so filling Chroma again mends it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.embed import Vectors
from index.entries import Progress, ProgressListener
from index.nearest import State
from index.store import Store

NEAREST = 10
MOST = 20_000
"""Passages that are looked up unless all are wanted: half a minute."""
_SAME = 1e-5
"""Cosine similarities this near are those of one text: which of them is found does not matter."""
_TOLD = 100


@dataclass(frozen=True, slots=True)
class VectorCheck:
    """What was looked up. ``passages`` are those of the catalogue, ``looked_up`` how many of them
    Chroma was asked for.

    ``lost`` are not found by their own vector, ``missing`` are not in Chroma at all, and ``strays``
    are in there and in no document; all three are passage numbers.
    """

    passages: int
    looked_up: int
    lost: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    strays: tuple[int, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not (self.lost or self.missing or self.strays)


def check_vectors(
    store: Store, *, most: int | None = MOST, progress: ProgressListener | None = None
) -> VectorCheck:
    """Compare Chroma with the catalogue, and look up ``most`` passages, spread evenly, or all.

    Others may read and write meanwhile. Raises VectorsDamaged where Chroma cannot be filled.
    """
    missing, strays = _differences(store)
    total = store.catalogue.passage_count()
    step = 1 if most is None else max(1, -(-total // max(1, most)))
    lost: list[int] = []
    looked_up = 0
    for place, (number, vector) in enumerate(_every(store, step)):
        if progress is not None and place % _TOLD == 0:
            progress(Progress("looking up vectors", place * step, total, f"passage {number}"))
        looked_up += 1
        if store.vectors.state is State.READY and not _is_found(store, number, vector):
            lost.append(number)
    if lost:  # those of documents that went meanwhile are not lost
        there = {number for numbers, _ in store.catalogue.all_vectors() for number in numbers}
        lost = [one for one in lost if one in there and one not in missing]
    return VectorCheck(total, looked_up, tuple(lost), missing, strays)


def _differences(store: Store) -> tuple[tuple[int, ...], tuple[int, ...]]:
    store.vectors.wait()
    with store.lock:  # nobody writes in here
        held = {number for numbers, _ in store.catalogue.held_vectors() for number in numbers}
        stored = set(store.vectors.numbers())
    return tuple(sorted(held - stored)), tuple(sorted(stored - held))


def _every(store: Store, step: int) -> Iterator[tuple[int, Vectors]]:
    place = 0
    for numbers, vectors in store.catalogue.all_vectors():
        for number, vector in zip(numbers, vectors, strict=True):
            if place % step == 0:
                yield number, vector
            place += 1


def _is_found(store: Store, number: int, vector: Vectors) -> bool:
    found = store.vectors.nearest(vector, NEAREST)
    if any(one == number for one, _ in found):
        return True
    # So many passages say the same that this one is not among the first: as good as found.
    own = float(vector @ vector)
    return len(found) == NEAREST and all(score >= own - _SAME for _, score in found)
