"""Keeping Chroma what the catalogue says, in a thread where that takes long.

Chroma's files are read through before it opens them, as a damaged file would end the process. If
they are not those that were sealed, they are filled again from the catalogue. Writers may go on
meanwhile: what they put in or take out goes to Chroma too, and the seal is set by whoever is done
last. A process that is killed before that leaves no seal, and Chroma is filled anew.

A Chroma on a server may be away. Whoever writes waits for it some time; then it is done without,
and asked for until it is back: what it lacks is put in, and what it has too much taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.errors import VectorsAway, VectorsDamaged
from index.embed import Vectors
from index.filling import State
from index.upkeep import Upkeep

_DECIDED = (State.READY, State.FAILED, State.AWAY)


class Cache(Upkeep):
    """Chroma with the vectors of one catalogue; safe to share between threads, with one writer."""

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]] | None:
        """Return what ``VectorStore.nearest`` does, or None where Chroma cannot answer now."""
        begun = self._begun
        if self.state is not State.READY:
            return None
        try:
            found = self._store.nearest(vector, k)
        except (VectorsDamaged, VectorsAway) as error:
            self._lost(error, begun)
            return None
        return found if begun == self._begun else None  # else it may have been emptied meanwhile

    def numbers(self) -> list[int]:
        """Return the numbers of all vectors in Chroma, sorted, when all work on it is done."""
        self._settle()
        return self._store.numbers()

    @property
    def trouble(self) -> str:
        """Say why Chroma is away, in a sentence for people; empty where it is not."""
        with self._lock:
            return str(self._error or "") if self.state is State.AWAY else ""

    # ------------------------------------------------------------------ opening and closing

    def owes(self) -> bool:
        """Tell whether the last write is known not to have been ended in Chroma."""
        return self._store.owes()

    def sweep(self) -> None:
        """Delete what was kept for indexes that are no more."""
        if self.state is State.READY:
            self._store.sweep()

    def warm(self) -> None:
        """Have Chroma checked, and filled if need be, in a thread."""
        with self._lock:
            if self.state is State.UNKNOWN:
                self._begin(State.CHECKING)

    def wait(self) -> None:
        """Wait until Chroma is ready. Raises VectorsDamaged where it cannot be filled, and
        VectorsAway where it cannot be reached."""
        self.warm()
        with self._lock:
            self._decided.wait_for(lambda: self.state in _DECIDED)
            if self.state is not State.READY and self._error is not None:
                raise self._error

    def refill(self) -> None:
        """Fill Chroma again, whatever it holds, and wait for that. Raises what ``wait`` raises."""
        self._settle()
        with self._lock:
            if self.state is not State.FILLING:
                self._anew = True
                self._begin(State.FILLING)
        self.wait()

    def close(self) -> None:
        """Let go of the files; a fill that is not done is begun anew by whoever opens them next."""
        self._stop.set()
        self._store.interrupt()
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
            begun, is_ready = self._begun, self.state is State.READY
        try:
            self._store.owe()
            if is_ready:
                if not self._store.untouched():
                    raise VectorsDamaged("Chroma was written to by another program")
                self._store.unseal()
        except (VectorsDamaged, VectorsAway) as error:
            self._lost(error, begun)

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

    def _written(self, write: Callable[[], None]) -> None:
        """Write to Chroma, if it is there: the catalogue has all of it, so a failure only costs
        another fill."""
        begun = self._begun
        if self.state not in (State.READY, State.FILLING):
            return
        try:
            write()
        except (VectorsDamaged, VectorsAway) as error:
            self._lost(error, begun)

    def _settle(self) -> None:
        """Wait until all work is done. Raises VectorsAway where that takes a server."""
        self.warm()
        self._join(waits=False)
        with self._lock:
            if self.state is State.AWAY and self._error is not None:
                raise self._error
