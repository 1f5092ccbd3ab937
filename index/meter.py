"""How fast work goes, and how long the rest of it takes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_SECONDS = 10.0
"""Documents differ in length, so a rate over less would jump; over more it would lag behind."""


class RateMeter:
    """The rate over the last ten seconds or so of a count that only grows."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque([(clock(), 0)])

    def mark(self, done: int) -> None:
        """Note that ``done`` pieces are finished by now."""
        now = self._clock()
        if done > self._marks[-1][1]:
            self._marks.append((now, done))
        # One mark from before those seconds stays, so that a slow piece has a rate as well.
        while len(self._marks) > 2 and self._marks[1][0] <= now - _SECONDS:
            self._marks.popleft()

    def rate(self) -> float:
        """Return pieces a second; 0 until one is finished."""
        first, done = self._marks[0]
        seconds = self._clock() - first
        return (self._marks[-1][1] - done) / seconds if seconds > 0 else 0.0

    def seconds_left(self, left: int) -> float | None:
        """Return how long ``left`` more pieces take; None where there is no rate yet."""
        rate = self.rate()
        return left / rate if rate > 0 else None
