"""Many who share, or one alone: runs that write share an index, and changing it takes it alone."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class Gate:
    """Whoever wants to be alone waits for those inside, and lets others in until then."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside: dict[int, int] = {}
        self._alone = False

    @contextlib.contextmanager
    def shared(self, *, wait: bool = True) -> Iterator[bool]:
        """Be inside with others; a thread may enter again. Yields False at once, without ``wait``,
        while somebody is alone."""
        entered = self._enter(wait)
        try:
            yield entered
        finally:
            if entered:
                self._leave()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Be inside with nobody else. Must not be called from inside."""
        with self._changed:
            self._changed.wait_for(lambda: not self._inside and not self._alone)
            self._alone = True
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()

    def _enter(self, wait: bool) -> bool:
        me = threading.get_ident()
        with self._changed:
            if self._alone and me not in self._inside:
                if not wait:
                    return False
                self._changed.wait_for(lambda: not self._alone)
            self._inside[me] = self._inside.get(me, 0) + 1
        return True

    def _leave(self) -> None:
        me = threading.get_ident()
        with self._changed:
            self._inside[me] -= 1
            if not self._inside[me]:
                del self._inside[me]
            self._changed.notify_all()
