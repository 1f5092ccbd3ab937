"""The thread that makes Chroma what the catalogue says: checks it, fills it, waits for it.

A Chroma on a server may be away. It is asked for until it is back: then what it lacks is put in,
and what it has too much taken out.
"""

from __future__ import annotations

import logging
import threading

from corpus.errors import ArchiveError, VectorsAway, VectorsDamaged
from index.filling import State, difference, fill
from index.held import Source
from index.keeper import Keeper

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two looks at whether a server is back."""
_LOOK = 0.1

_log = logging.getLogger(__name__)


class Upkeep:
    """How far Chroma is, and the thread that works on it."""

    def __init__(self, store: Keeper, source: Source) -> None:
        """Nothing is started or read until it is asked for."""
        self._store = store
        self._source = source
        # Of active passages now: whoever writes has the seal checked first.
        self.expected = source.passage_count()
        self._lock = threading.RLock()
        self._decided = threading.Condition(self._lock)
        self.state = State.UNKNOWN
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._begun = 0
        self._anew = False
        self._pause = _FIRST_PAUSE
        self._gone: set[int] = set()
        self._writing, self._writes = False, 0
        self._error: ArchiveError | None = None

    def _begin(self, state: State) -> None:
        """Start the thread; the lock is held."""
        self._begun += 1
        self._become(state)
        self._error = None
        self._gone = set()
        self._thread = threading.Thread(target=self._work, name="chroma", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            while self.state is not State.AWAY or self._come_back():
                try:
                    self._bring_up()
                    return
                except VectorsAway as error:
                    _log.warning("%s", error)
                    self._error = error
                    self._become(State.AWAY)
        except ArchiveError as error:
            if not self._stop.is_set():
                _log.warning("the vectors could not be filled in: %s", error)
                self._error = error
            self._become(State.FAILED)
        except BaseException:
            self._become(State.FAILED)
            raise

    def _bring_up(self) -> None:
        """Have Chroma checked, and filled if need be."""
        if self.state is State.CHECKING:
            if self._store.intact(self.expected) or self._is_new():
                self._become(State.READY)
                if self._store.compares:
                    self._compare()
                return
            self._become(State.FILLING)
        self._fill()

    def _come_back(self) -> bool:
        """Wait until Chroma can be reached; False where this is closed meanwhile."""
        while not self._stop.wait(self._pause):
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)
            try:
                self._store.reach()
            except VectorsAway as error:
                self._error = error
                continue
            with self._lock:
                # Whoever writes just now did not wait for a check, and may be half-way.
                self._become(State.FILLING if self._writing else State.CHECKING)
                self._error, self._gone = None, set()
            self.expected = self._source.passage_count()
            return True
        return False

    def _compare(self) -> None:
        """Look for what no seal shows while questions are answered; fill again if there is any."""
        begun = self._begun
        while self.expected:
            writes = self._writes
            error = difference(self._store, self._source, self._stop)
            with self._lock:
                if error is not None and not self._writing and writes == self._writes:
                    self._lost(error, begun)
                if error is None or begun != self._begun:
                    break
            self._stop.wait(1)  # what was being written is a difference too

    def _is_new(self) -> bool:
        """Make an empty store where there is nothing to hold."""
        if self.expected:
            return False
        self._store.empty()
        self._store.seal()
        return True

    def _fill(self) -> None:
        _log.warning("the vectors are filled in again from the catalogue")
        anew, self._anew = self._anew, False
        if not fill(self._store, self._source, self._stop, anew=anew):
            self._become(State.FAILED)
            return
        with self._lock:
            if self._error is not None:
                raise self._error
            # What was taken out after it was read from the catalogue was put in after that.
            self._store.delete(sorted(self._gone))
            if not self._writing:  # else the writer does so when it is done
                self._store.seal()
            self._become(State.READY)

    def _become(self, state: State) -> None:
        with self._lock:
            self.state = state
            if state is State.READY:
                self._pause = _FIRST_PAUSE
            self._decided.notify_all()

    def _lost(self, error: VectorsDamaged | VectorsAway, begun: int) -> None:
        """Chroma failed: fill it again, in a thread, if need be when it is back. When that fails
        too, it is given up."""
        with self._lock:
            if begun != self._begun:  # it is being filled since then
                return
            if self.state is State.READY:
                _log.warning("Chroma is given up: %s", error)
                is_away = isinstance(error, VectorsAway)
                self._begin(State.AWAY if is_away else State.FILLING)
                self._error = error if is_away else None
            else:
                self._error = error

    def _join(self, *, waits: bool = True) -> None:
        """Wait for the thread; unless it ``waits``, not while that waits for a server."""
        while (thread := self._thread) not in (None, threading.current_thread()):
            assert thread is not None
            thread.join(_LOOK)
            if not waits and self.state is State.AWAY:
                return
            if not thread.is_alive() and thread is self._thread:  # else it began another one
                return
