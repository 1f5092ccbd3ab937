"""The passages that a filter lets through, as spans of their numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.embed import Numbers

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Among:
    """Spans from ``first`` to ``last``, both included, in order, none of which meets another.

    A document's passages have numbers that follow each other, so a filter that lets half a million
    passages through is fifty thousand spans, and none of them is written out unless it is needed.
    """

    first: Numbers
    last: Numbers

    def __len__(self) -> int:
        """Return how many passages there are."""
        return int((self.last - self.first + 1).sum())

    def holds(self, numbers: Numbers) -> Mask:
        """Tell of each number whether it is one of them."""
        if not len(self.first):
            return np.zeros(len(numbers), dtype=np.bool_)
        places = np.searchsorted(self.first, numbers, side="right") - 1
        found: Mask = (places >= 0) & (numbers <= self.last[places])
        return found

    def numbers(self) -> Numbers:
        """Return them one by one, in order."""
        lengths = self.last - self.first + 1
        before = np.cumsum(lengths) - lengths
        numbers: Numbers = np.arange(lengths.sum()) + np.repeat(self.first - before, lengths)
        return numbers
