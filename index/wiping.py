"""Wiping what was deleted a part at a time, some seconds after the last change."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from corpus.errors import ArchiveError

AFTER = 5.0
"""Seconds without a change until it begins: people tend to save several times in a row."""
PAUSE = 0.05
"""Seconds between two parts, for those who wait to read or write."""

_log = logging.getLogger(__name__)


class Wiping:
    """Calls ``part`` in a thread until there is nothing left to do, or until it is ended."""

    def __init__(self, part: Callable[[], bool]) -> None:
        """``part`` does some work and says whether there is more."""
        self._part = part
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin soon, or, where that is under way already, after this change."""
        with self._lock:
            self._changed.set()
            if self._thread is None and not self._ended.is_set():
                self._thread = threading.Thread(target=self._run, name="wiping", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Stop after the part that is being done."""
        self._ended.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        while self._waited():
            try:
                while self._part() and not self._changed.is_set():
                    if self._ended.wait(PAUSE):
                        return
            except ArchiveError as error:  # the next run, or the next start, wipes
                _log.warning("what was deleted is not wiped yet: %s", error)
            with self._lock:
                if not self._changed.is_set():
                    self._thread = None
                    return

    def _waited(self) -> bool:
        """Wait until there was no change for a while; say whether to go on."""
        while self._changed.is_set():
            self._changed.clear()
            if self._ended.wait(AFTER):
                return False
        return not self._ended.is_set()
