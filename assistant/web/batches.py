"""The files that one person is adding: each drop is a batch, and several may be under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.web.outcomes import Outcome


@dataclass(slots=True)
class Batches:
    """What became of the files of each batch so far; those that are done go with the next one."""

    _running: dict[int, tuple[Outcome, ...]] = field(default_factory=dict)
    _done: set[int] = field(default_factory=set)
    _last: int = 0

    def begin(self) -> int:
        """Begin a batch and return its number."""
        for number in self._done:
            self._running.pop(number, None)
        self._done.clear()
        self._last += 1
        self._running[self._last] = ()
        return self._last

    def put(self, number: int, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
        """Take note of a batch's files; return those of all batches, the newest batch first."""
        self._running[number] = (*outcomes,)
        batches = sorted(self._running.items(), reverse=True)
        return tuple(one for _, outcomes in batches for one in outcomes)

    def end(self, number: int) -> None:
        """Take note that a batch is done."""
        self._done.add(number)
