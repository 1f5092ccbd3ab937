"""Passwords that did not fit: who tried too many has to wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

TRIES = 5
"""Wrong passwords before the first wait, all within a minute."""
_WITHIN = 60.0
LONGEST = 15 * 60.0
"""No wait is longer; so long after the last wait, or wrong password, all is forgotten."""

_FEW = 1000
"""Places that are kept before it is looked for those that can be forgotten."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of a place: its wrong passwords since the last wait, and its waits."""

    failed: tuple[float, ...] = ()
    waits: int = 0
    until: float = 0.0
    last: float = 0.0

    def counts(self, now: float) -> bool:
        """Tell whether it is not forgotten yet."""
        return max(self.last, self.until) + LONGEST > now


class Tries:
    """Counts wrong passwords by place; safe to share between threads.

    Each wait of an address is twice as long as the one before. A name's stay a minute: whoever
    knows it could else keep its owner out for longer than by trying once a minute.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._seen: dict[str, _Seen] = {}
        self._next_look = _FEW

    def wait(self, place: str) -> float:
        """Return for how many seconds nothing more may be tried; 0 where something may."""
        with self._lock:
            return max(0.0, self._seen.get(place, _Seen()).until - self._clock())

    def failed(self, place: str, *, doubling: bool) -> None:
        """Count a wrong password."""
        with self._lock:
            now = self._clock()
            if len(self._seen) >= self._next_look:
                self._seen = {one: seen for one, seen in self._seen.items() if seen.counts(now)}
                self._next_look = max(_FEW, 2 * len(self._seen))
            seen = self._seen.get(place, _Seen())
            seen = seen if seen.counts(now) else _Seen()
            failed = (*(one for one in seen.failed if one > now - _WITHIN), now)
            if len(failed) < TRIES:
                self._seen[place] = _Seen(failed, seen.waits, seen.until, now)
                return
            wait = min(LONGEST, _WITHIN * 2**seen.waits) if doubling else _WITHIN
            self._seen[place] = _Seen((), min(seen.waits + 1, 10), now + wait, now)
