"""How long the steps of a search and of an answer take."""

from __future__ import annotations

import time
from collections.abc import Mapping

from corpus import trace


class Clock:
    """Milliseconds of each step since the one before; a step taken twice is added up."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self.taken: dict[str, float] = {}

    def mark(self, step: str) -> None:
        """End a step."""
        now = time.perf_counter()
        trace.took(step, now - self._last)
        self.taken[step] = self.taken.get(step, 0.0) + (now - self._last) * 1000
        self._last = now

    def took(self, steps: Mapping[str, float]) -> None:
        """Add steps that were timed elsewhere."""
        self.taken.update(steps)
        self._last = time.perf_counter()

    def total(self) -> dict[str, float]:
        """Return all steps so far, and the time since the beginning."""
        return {**self.taken, "total": (time.perf_counter() - self._start) * 1000}
