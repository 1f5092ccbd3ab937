"""What keeps the passage vectors: the Chroma of this process, or one on a server.

Both are a cache of what the catalogue holds. ``index.cache`` keeps them so.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Protocol

from index.embed import Vectors


class Keeper(Protocol):
    """Passage vectors by passage number, with cosine nearest neighbours.

    Each call raises VectorsDamaged where it has to be filled again, and VectorsAway where it
    cannot be reached.
    """

    compares: bool
    """Whether all vectors are to be compared with the catalogue's after each opening."""

    def owes(self) -> bool:
        """Tell, without asking anybody, whether the last write is known not to have been ended."""

    def owe(self) -> None:
        """Note that a write is to come that may not reach it."""

    def reach(self) -> None:
        """See whether it can be asked at all; one try."""

    def intact(self, expected: int) -> bool:
        """Tell whether it holds the ``expected`` number of vectors that were sealed."""

    def untouched(self) -> bool:
        """Tell whether nobody else has written to it since it was sealed."""

    def numbers(self) -> list[int]:
        """Return the numbers of all vectors, sorted."""

    def empty(self) -> None:
        """Throw everything away."""

    def begin_fill(self, *, anew: bool) -> set[int]:
        """Make it ready to be filled, and return the numbers whose vectors it has already."""

    def unseal(self) -> None:
        """Say, before anything is written, that it may not hold what it should."""

    def seal(self, *, seldom: bool = False) -> None:
        """Say that it holds just the passages of the active documents."""

    def upsert(
        self, numbers: Sequence[int], vectors: Vectors, *, at_once: int | None = None
    ) -> None:
        """Put in vectors, shape ``(n, d)``, under their numbers, and see that they are there."""

    def delete(self, numbers: Sequence[int]) -> None:
        """Take vectors out; numbers that are not there are no error."""

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return up to ``k`` passage numbers with their cosine similarity, the nearest first."""

    def stored(self, numbers: Sequence[int]) -> dict[int, Vectors]:
        """Return those vectors that it has, by number."""

    def sweep(self) -> None:
        """Delete what was kept for indexes that are no more."""

    def interrupt(self) -> None:
        """Let calls that wait for something end at once."""

    def close(self) -> None:
        """Let go of it."""


@contextlib.contextmanager
def writing(keeper: Keeper) -> Iterator[None]:
    """Break the seal, and set it again when the block ended well."""
    keeper.unseal()
    yield
    keeper.seal()
