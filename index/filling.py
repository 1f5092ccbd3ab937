"""Chroma beside the catalogue: filled from it, and compared with it, vector by vector.

Chroma's seal (``index.seal``) leaves out its SQLite file, where ids stand and vectors wait until
there are enough of them for the graph. A bit that flips there loses or moves a passage, and nobody
but who compares would notice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from enum import Enum

import numpy as np

from corpus.errors import ArchiveError, VectorsDamaged
from index.embed import Vectors
from index.held import Source
from index.keeper import Keeper

FILL = 500
"""Vectors that are filled in between two looks at whether to stop; half a second at most."""
_GIVE_WAY = 0.002
"""Seconds between two batches. Who waits for Chroma gets it then: a thread that takes a lock again
right after letting it go mostly gets it before those that wait."""
_COMPARED = 1000
"""Vectors that are compared between two questions: 40 ms."""
_SAME = 1e-5
"""How far the cosine of two vectors that are the same may be from 1, as 32-bit floats."""


class State(Enum):
    """How far Chroma is."""

    UNKNOWN = "not looked at yet"
    CHECKING = "being read through"
    FILLING = "being filled in again"
    READY = "ready"
    AWAY = "cannot be reached"
    FAILED = "could not be filled in"


def fill(store: Keeper, source: Source, stop: threading.Event, *, anew: bool = False) -> bool:
    """Let Chroma hold all vectors of the catalogue and no others; False where ``stop`` came
    between. What it has and may keep stays there, unless it is filled ``anew``.

    Raises VectorsDamaged, VectorsAway, and what reading the catalogue raises.
    """
    if stop.is_set():
        return False
    there = store.begin_fill(anew=anew)
    for numbers, vectors in source.held_vectors(FILL):
        if stop.is_set():
            return False
        lacking = [place for place, number in enumerate(numbers) if number not in there]
        there.difference_update(numbers)
        if lacking:
            store.upsert([numbers[one] for one in lacking], vectors[lacking], at_once=FILL)
            stop.wait(_GIVE_WAY)
    store.delete(sorted(there))
    return True


def difference(store: Keeper, source: Source, stop: threading.Event) -> VectorsDamaged | None:
    """Compare every active vector of the catalogue, and return what is wrong with Chroma.

    At half speed, as others want to work too: 8 s for 100,000. Whoever sees to it that Chroma has
    as many as the catalogue knows then that it has no others.
    """
    try:
        for numbers, vectors in source.all_vectors(_COMPARED):
            begun = time.monotonic()
            if stop.is_set():
                return None
            if not _holds(store, numbers, vectors):
                return VectorsDamaged("its vectors are not those of the catalogue")
            stop.wait(time.monotonic() - begun)
    except VectorsDamaged as error:
        return error
    except ArchiveError:  # the catalogue could not be read: whoever reads it next says so
        return None
    return None


def _holds(store: Keeper, numbers: Sequence[int], vectors: Vectors) -> bool:
    stored = store.stored(numbers)
    if not numbers or stored.keys() != set(numbers):
        return not numbers
    theirs = np.stack([stored[number] for number in numbers])
    lengths = np.linalg.norm(theirs, axis=1) * np.linalg.norm(vectors, axis=1)
    # Not the other way round: a flipped bit may make a number that is none.
    return bool((np.abs((theirs * vectors).sum(axis=1) - lengths) <= _SAME * lengths).all())
