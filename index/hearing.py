"""Progress for everybody who waits for the same work."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator

from index.entries import Progress, ProgressListener

_log = logging.getLogger(__name__)


class Hearing:
    """Tells listeners how far one piece of work is, until it is to ``stop``."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.last: Progress | None = None
        self._listeners: list[ProgressListener] = []

    def tell(self, progress: Progress) -> None:
        """Tell everybody. Raises KeyboardInterrupt when the work is to stop."""
        if self.stop.is_set():
            raise KeyboardInterrupt
        self.last = progress
        for listener in tuple(self._listeners):
            try:
                listener(progress)
            except Exception:  # whoever listened is gone; the work goes on for others
                _log.warning("nobody hears of the progress", exc_info=True)
                self._remove(listener)

    def over(self) -> None:
        """The work is over."""
        self.last = None

    @contextlib.contextmanager
    def listening(self, listener: ProgressListener | None) -> Iterator[None]:
        """Let a listener hear of what happens inside."""
        if listener is None:
            yield
            return
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._remove(listener)

    def _remove(self, listener: ProgressListener) -> None:
        with contextlib.suppress(ValueError):
            self._listeners.remove(listener)
