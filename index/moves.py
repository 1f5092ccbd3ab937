"""Which generations began or ceased to be active, for whoever remembers something of them."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Set
from itertools import islice

_KEPT = 10_000
"""Moves that are known one by one; whoever lags further behind reads everything again."""
_WATCHED = "documents"
_ON = (
    ("UPDATE", "old.state = 'active' OR new.state = 'active'", "new"),
    ("INSERT", "new.state = 'active'", "new"),
    ("DELETE", "old.state = 'active'", "old"),
)


class Moves:
    """Hears of each change to an active document's row, whoever makes it: triggers of the
    connection tell, which is the only one that writes the file.

    A change that is taken back is told as well, so read what a generation is, and don't conclude
    it. Whoever asks holds the lock under which the file is written.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.count = 0
        self._last: deque[int] = deque(maxlen=_KEPT)
        connection.create_function("moved", 1, self._add)
        for event, when, row in _ON:
            # Temporary: it belongs to this connection, and nothing of it is in the file.
            connection.execute(
                f"CREATE TEMP TRIGGER moved_{event} AFTER {event} ON main.{_WATCHED} "
                f"WHEN {when} BEGIN SELECT moved({row}.generation); END"
            )

    def since(self, count: int) -> Set[int] | None:
        """Return the generations that moved since there were ``count`` moves; None where they are
        not known any more."""
        missed = self.count - count
        if missed > len(self._last):
            return None
        return frozenset(islice(self._last, len(self._last) - missed, None))

    def _add(self, generation: int) -> None:
        self._last.append(generation)
        self.count += 1
