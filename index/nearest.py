"""Who answers for the nearest passages: Chroma, or, as long as it cannot, exact search.

Opening an index starts nothing and reads nothing: the first questions are answered by comparing
with every vector of the catalogue, until Chroma is ready (``index.cache``). A process that only
asks something of a small index never starts Chroma at all: reading the vectors takes less time than
importing it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import ArchiveError
from index.cache import Cache
from index.embed import Vectors
from index.filling import State
from index.held import Held, Source
from index.keeper import Keeper
from index.quick_vectors import QuickVectors
from index.vectors import VectorStore

__all__ = ["Nearest", "State"]

SMALL = 5_000
"""Passages that are compared one by one in a millisecond, and read in a tenth of a second."""
FEW = 5
"""Searches of a larger index that do not start Chroma yet: a command makes one or two."""


class Nearest:
    """Nearest neighbours among the passages of one catalogue; safe to share between threads, one of
    which may write at any time."""

    def __init__(
        self,
        folder: Path,
        catalogue_id: str,
        source: Source,
        *,
        small: int | None = None,
        quick: QuickVectors | None = None,
        keeper: Keeper | None = None,
    ) -> None:
        """Prepare to answer. ``small`` is the number of passages up to which questions alone do
        not start Chroma (default: ``SMALL``); in a larger index the first ``FEW`` do not, and
        ``quick``, if given, reads the vectors for them. ``keeper`` is used in place of the Chroma
        of this process in ``folder``."""
        self._cache = Cache(keeper or VectorStore(folder, catalogue_id), source)
        self._source = source
        self._small = SMALL if small is None else small
        self._lock = threading.Lock()
        self._held: Held | None = None
        self._quick = quick
        self._ahead: threading.Thread | None = None
        self._asked = 0
        if self._cache.owes():  # what was deleted while a server was away must leave it
            self._cache.warm()

    @property
    def state(self) -> State:
        """How far Chroma is; until it is ready, exact search answers."""
        return self._cache.state

    @property
    def trouble(self) -> str:
        """Say why Chroma cannot be reached, in a sentence for people; empty where it can."""
        return self._cache.trouble

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return up to ``k`` passage numbers with their cosine similarity, the nearest first.

        Raises what reading the catalogue raises.
        """
        found = self._cache.nearest(vector, k)
        with self._lock:
            if found is not None:
                self._held = None
                return found
            self._asked += 1
            if self._is_large and self._asked > FEW:
                self._cache.warm()
            return self._hold().nearest(vector, k)

    def read_ahead(self) -> None:
        """Read the vectors of a large index in a thread, where Chroma has not been started: a
        question is about to come, and is being embedded."""
        is_due = self._quick is not None and self._is_large and self.state is State.UNKNOWN
        if is_due and self._held is None and self._ahead is None:
            self._ahead = threading.Thread(target=self._read, name="vectors", daemon=True)
            self._ahead.start()

    def _read(self) -> None:
        with self._lock, contextlib.suppress(ArchiveError):  # the question that needs them says so
            self._hold()

    def _hold(self) -> Held:
        """Return the vectors in memory; the lock is held."""
        if self._held is None:
            use = self._quick if self._is_large else None
            self._held = Held(use.all() if use else self._source.held_vectors())
        return self._held

    @property
    def _is_large(self) -> bool:
        return self._cache.expected > self._small

    def numbers(self) -> list[int]:
        """Return the numbers of all vectors in Chroma, sorted, when all work on it is done."""
        return self._cache.numbers()

    def warm(self) -> None:
        """Have Chroma checked, and filled if need be, in a thread."""
        self._cache.warm()

    def wait(self) -> None:
        """Wait until Chroma is ready. Raises VectorsDamaged where it cannot be filled, and
        VectorsAway where it cannot be reached."""
        self._cache.wait()

    def refill(self) -> None:
        """Fill Chroma again, whatever it holds, and wait for that. Raises what ``wait`` raises."""
        self._cache.refill()

    def close(self) -> None:
        """Let go of the files."""
        if self._ahead is not None:
            self._ahead.join()
        with self._lock, contextlib.suppress(ArchiveError):
            if self._held is not None and self._quick is not None and self._is_large:
                self._quick.keep(self._held)
            self._held = None
        self._cache.close()

    # ------------------------------------------------------------------ writing

    def unseal(self) -> None:
        """Say, before anything is written, that Chroma may not hold what it should."""
        self._cache.unseal()

    def upsert(self, numbers: Sequence[int], vectors: Vectors) -> None:
        """Put in vectors, shape ``(n, d)``, under their numbers; they are in the catalogue."""
        with self._lock:
            if self._held is not None:
                self._held.put(numbers, vectors)
        self._cache.upsert(numbers, vectors)

    def delete(self, numbers: Sequence[int]) -> None:
        """Take vectors out; numbers that are not there are no error."""
        with self._lock:
            if self._held is not None:
                self._held.drop(numbers)
        self._cache.delete(numbers)

    def seal(self, *, seldom: bool = False) -> None:
        """Say that Chroma holds just the passages of the active documents; see ``VectorStore``."""
        self._cache.seal(seldom=seldom)

    def sweep(self) -> None:
        """Delete what a server keeps for indexes that are no more."""
        self._cache.sweep()
