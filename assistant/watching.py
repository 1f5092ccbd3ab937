"""Watching the documents folder while an archive is open."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from index.entries import Changes
from index.index import Index

_log = logging.getLogger(__name__)


class Watching:
    """Watches in the caller's thread, or in one of its own until ``close``."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._count = 0
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def __bool__(self) -> bool:
        """Tell whether the folder is being watched."""
        return self._count > 0

    def run(self, listener: Callable[[Changes], None], stop: threading.Event | None) -> None:
        """Watch until ``stop`` is set or the person presses Ctrl-C."""
        self._add(1)
        try:
            self._index.watch(stop or threading.Event(), listener)
        finally:
            self._add(-1)

    def start(self) -> None:
        """Watch in a thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run_quietly, daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run_quietly(self) -> None:
        try:
            self.run(log_failures, self._stop)
        except Exception:  # questions look through the folder themselves again
            _log.exception("watching the documents ended")

    def _add(self, change: int) -> None:
        with self._lock:
            self._count += change


def log_failures(changes: Changes) -> None:
    """Note what could not be taken in; ``sync`` reports it to people."""
    for failed in changes.failed:
        _log.warning("not indexed: %s: %s", failed.path, failed.error)
