"""Whether Chroma is as its seal says."""

from __future__ import annotations

from index.nearest import Nearest, State


def is_sealed(nearest: Nearest, expected: int) -> bool:
    """Tell, when all work on it is done, whether Chroma holds ``expected`` sealed vectors."""
    there = len(nearest.numbers())
    return (
        there == expected
        and nearest.state is State.READY
        and nearest._cache._store.intact(expected)
    )
