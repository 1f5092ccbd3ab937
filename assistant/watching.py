"""Watching the documents folder while an archive is open."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator

from index.entries import Changes
from index.index import Index

Listener = Callable[[Changes], None]

_log = logging.getLogger(__name__)


class Watching:
    """One look-out for all who want to hear of changes: in the thread of the first who watches, or
    in one of its own until ``close``."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._watched = False
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def __bool__(self) -> bool:
        """Tell whether the folder is being watched."""
        return self._watched

    def run(self, listener: Listener, stop: threading.Event | None) -> None:
        """Watch until ``stop`` is set or the person presses Ctrl-C."""
        stop = stop or threading.Event()
        with self.listening(listener):
            if self._begin():
                self._watch(stop)
            else:
                stop.wait()

    def start(self) -> None:
        """Watch in a thread, unless that is being done."""
        if not self._stop.is_set() and self._begin():
            self._thread = threading.Thread(target=self._run_quietly, daemon=True)
            self._thread.start()

    @contextlib.contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Let ``listener`` hear, inside, of what is taken in."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _begin(self) -> bool:
        """Take the look-out over; False where somebody has it."""
        with self._lock:
            begins, self._watched = not self._watched, True
        return begins

    def _watch(self, stop: threading.Event) -> None:
        try:
            self._index.watch(stop, self._tell)
        finally:
            self._watched = False

    def _run_quietly(self) -> None:
        try:
            self._watch(self._stop)
        except Exception:  # questions look through the folder themselves again
            _log.exception("watching the documents ended")

    def _tell(self, changes: Changes) -> None:
        log_failures(changes)
        for listener in tuple(self._listeners):
            listener(changes)


def log_failures(changes: Changes) -> None:
    """Note what could not be taken in; ``sync`` reports it to people."""
    for failed in changes.failed:
        _log.warning("not indexed: %s: %s", failed.path, failed.error)
