"""Keeping Chroma what the catalogue says, in a thread where that takes long.

Chroma's files are read through before it opens them, as a damaged file would end the process. If
they are not those that were sealed, they are filled again from the catalogue. Writers may go on
meanwhile: what they put in or take out goes to Chroma too, and the seal is set by whoever is done
last. A process that is killed before that leaves no seal, and Chroma is filled anew.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.errors import ArchiveError, VectorsDamaged
from index.embed import Vectors
from index.filling import State, difference, fill
from index.held import Source
from index.vectors import VectorStore

_log = logging.getLogger(__name__)


class Cache:
    """Chroma with the vectors of one catalogue; safe to share between threads, with one writer."""

    def __init__(self, folder: Path, catalogue_id: str, source: Source) -> None:
        """Nothing is started or read until it is asked for."""
        self._store = VectorStore(folder, catalogue_id)
        self._source = source
        # Of active passages now: whoever writes has the seal checked first.
        self.expected = source.passage_count()
        self._lock = threading.RLock()
        self._decided = threading.Condition(self._lock)
        self.state = State.UNKNOWN
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._begun = 0
        self._gone: set[int] = set()
        self._writing, self._writes = False, 0
        self._error: ArchiveError | None = None

    # ------------------------------------------------------------------ reading

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]] | None:
        """Return what ``VectorStore.nearest`` does, or None where Chroma cannot answer now."""
        begun = self._begun
        if self.state is not State.READY:
            return None
        try:
            found = self._store.nearest(vector, k)
        except VectorsDamaged as error:
            self._lost(error, begun)
            return None
        return found if begun == self._begun else None  # else it may have been emptied meanwhile

    def numbers(self) -> list[int]:
        """Return the numbers of all vectors in Chroma, sorted, when all work on it is done."""
        self._settle()
        return self._store.numbers()

    # ------------------------------------------------------------------ opening and closing

    def warm(self) -> None:
        """Have Chroma checked, and filled if need be, in a thread."""
        with self._lock:
            if self.state is State.UNKNOWN:
                self._begin(State.CHECKING)

    def wait(self) -> None:
        """Wait until Chroma is ready. Raises VectorsDamaged where it cannot be filled."""
        self.warm()
        with self._lock:
            self._decided.wait_for(lambda: self.state in (State.READY, State.FAILED))
            if self.state is State.FAILED and self._error is not None:
                raise self._error

    def refill(self) -> None:
        """Fill Chroma again, whatever it holds, and wait for that. Raises VectorsDamaged."""
        self._settle()
        with self._lock:
            if self.state is not State.FILLING:
                self._begin(State.FILLING)
        self.wait()

    def close(self) -> None:
        """Let go of the files; a fill that is not done is begun anew by whoever opens them next."""
        self._stop.set()
        self._join()
        self._store.close()

    # ------------------------------------------------------------------ writing

    def unseal(self) -> None:
        """Say, before anything is written, that Chroma may not hold what it should.

        Waits until Chroma's files are read through, but for no fill.
        """
        self.warm()
        with self._lock:
            self._decided.wait_for(lambda: self.state is not State.CHECKING)
            self._writing = True
            self._writes += 1
            if self.state is State.READY:
                try:
                    if not self._store.untouched():
                        raise VectorsDamaged("Chroma's files were written to by another program")
                    self._store.unseal()
                except VectorsDamaged as error:
                    self._lost(error, self._begun)

    def upsert(self, numbers: Sequence[int], vectors: Vectors) -> None:
        """Put in vectors, shape ``(n, d)``, under their numbers; they are in the catalogue."""
        self._written(lambda: self._store.upsert(numbers, vectors))

    def delete(self, numbers: Sequence[int]) -> None:
        """Take vectors out; numbers that are not there are no error."""
        with self._lock:
            if self.state is State.FILLING:
                self._gone.update(numbers)
        self._written(lambda: self._store.delete(numbers))

    def seal(self, *, seldom: bool = False) -> None:
        """Say that Chroma holds just the passages of the active documents; see ``VectorStore``."""
        with self._lock:
            self._writing = False
            if self.state is State.FAILED and not seldom:  # the disk may have room again
                self._begin(State.FILLING)
        if self.state is State.READY:
            self._written(lambda: self._store.seal(seldom=seldom))

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
            if self.state is State.CHECKING:
                if self._store.intact(self.expected) or self._is_new():
                    self._become(State.READY)
                    self._compare()
                    return
                self._become(State.FILLING)
            self._fill()
        except ArchiveError as error:
            if not self._stop.is_set():
                _log.warning("the vectors could not be filled in: %s", error)
                self._error = error
            self._become(State.FAILED)
        except BaseException:
            self._become(State.FAILED)
            raise

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
        if not fill(self._store, self._source, self._stop):
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
            self._decided.notify_all()

    def _lost(self, error: VectorsDamaged, begun: int) -> None:
        """Chroma failed: fill it again, in a thread. When that fails too, it is given up."""
        with self._lock:
            if begun != self._begun:  # it is being filled since then
                return
            if self.state is State.READY:
                _log.warning("Chroma is given up: %s", error)
                self._begin(State.FILLING)
            else:
                self._error = error

    def _written(self, write: Callable[[], None]) -> None:
        """Write to Chroma, if it is there: the catalogue has all of it, so a failure only costs
        another fill."""
        begun = self._begun
        if self.state not in (State.READY, State.FILLING):
            return
        try:
            write()
        except VectorsDamaged as error:
            self._lost(error, begun)

    def _settle(self) -> None:
        self.warm()
        self._join()

    def _join(self) -> None:
        while (thread := self._thread) not in (None, threading.current_thread()):
            assert thread is not None
            thread.join()
            if thread is self._thread:  # else it began another one
                return
