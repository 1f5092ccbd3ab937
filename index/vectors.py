"""The passage vectors in the Chroma of this process: the only file that imports it.

Chroma is a cache. What it should hold is in the catalogue; a *seal* beside its files
(``index.seal``) says that they hold just that. The seal is broken before anything is written and
set again when all is written, so a killed write, a flipped byte or a folder copied from elsewhere
is seen before Chroma opens it. That matters because a damaged file makes Chroma crash the whole
process instead of raising. ``index.nearest`` decides who answers meanwhile.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.errors import ArchiveError, VectorsDamaged
from index.clean_memory import clean_memory
from index.embed import Vectors
from index.seal import Seal

_COLLECTION = "passages"
SETTINGS: Mapping[str, int] = {"ef_construction": 100, "max_neighbors": 24, "ef_search": 500}
"""How Chroma builds and walks its graph (``docs/decisions/013-opening-and-filling-chroma.md``)."""
AS_IT_COMES: Mapping[str, int] = {}
_BATCH = 250
"""Questions wait while a batch goes in: a quarter of a second at 100,000 vectors."""
_SELDOM = 20.0

_log = logging.getLogger(__name__)


class VectorStore:
    """Passage vectors by passage number, with cosine nearest neighbours; a ``Keeper``, for one
    process at a time."""

    compares = True  # Chroma's SQLite file has no seal

    def __init__(
        self, folder: Path, catalogue_id: str, settings: Mapping[str, int] = SETTINGS
    ) -> None:
        """Open or create ``folder``; check ``intact`` before trusting what it holds."""
        self._folder = folder
        self._settings = settings
        self._seal = Seal(folder, catalogue_id, settings)
        self._lock = threading.RLock()
        self._next_seal = 0.0
        self._client: Any = None
        self._collection: Any = None

    def intact(self, expected: int) -> bool:
        """Tell whether the folder holds the ``expected`` number of vectors that were sealed.

        Every file is read through: about a second for a million vectors, and never by Chroma
        before its hash is known to be right.
        """
        try:
            with self._lock, self._translated():
                if not self._seal.holds():
                    return False
                count = int(self._open().count())
                # Opening may write files anew: those of a graph too small to be saved yet.
                if not self._seal.untouched():
                    self._seal.write()
                return count == expected
        except VectorsDamaged:
            return False

    def untouched(self) -> bool:
        """Tell whether nobody has written to the files since they were sealed."""
        with self._lock, self._translated():
            return self._seal.untouched()

    def numbers(self) -> list[int]:
        """Return the numbers of all vectors, sorted."""
        with self._lock, self._translated():
            return sorted(int(one) for one in self._open().get(include=[])["ids"])

    def empty(self) -> None:
        """Throw everything away."""
        with self._lock:
            self.close()
            with self._translated():
                self._seal.remove()
                if self._folder.is_dir():
                    shutil.rmtree(self._folder)
                self._folder.unlink(missing_ok=True)
            self._seal = Seal(self._folder, self._seal.catalogue_id, self._settings)

    def begin_fill(self, *, anew: bool) -> set[int]:
        """Make it ready to be filled: always anew, as a damaged file ends the process."""
        self.empty()
        return set()

    def unseal(self) -> None:
        """Say, before anything is written, that the folder may not hold what it should."""
        with self._lock, self._translated():
            self._seal.remove()

    def seal(self, *, seldom: bool = False) -> None:
        """Say that the folder holds just the passages of the active documents.

        A seal takes the longer the more vectors there are, so in the middle of long work it is set
        ``seldom``: not before twenty times as long has gone by as the last one took. A process
        that is killed meanwhile leaves the vectors to be filled in again from the catalogue.
        """
        begun = time.monotonic()
        if (seldom and begun < self._next_seal) or self._seal.exists():
            return
        with self._lock, self._translated():
            self._open()
            self._seal.write()
        now = time.monotonic()
        self._next_seal = now + _SELDOM * (now - begun)

    def upsert(
        self, numbers: Sequence[int], vectors: Vectors, *, at_once: int | None = None
    ) -> None:
        """Put in vectors, shape ``(n, d)``, under their numbers, and see that they are there.

        Questions are let through between batches of ``at_once`` (default: 250).
        """
        step = at_once or _BATCH
        for first in range(0, len(numbers), step):
            with self._lock, self._translated():
                collection = self._open()
                ids = [str(number) for number in numbers[first : first + step]]
                collection.upsert(ids=ids, embeddings=vectors[first : first + step])
                if len(collection.get(ids=ids, include=[])["ids"]) != len(ids):
                    raise RuntimeError("Chroma did not keep all of a batch")

    def delete(self, numbers: Sequence[int]) -> None:
        """Take vectors out; numbers that are not there are no error."""
        for first in range(0, len(numbers), _BATCH):
            with self._lock, self._translated():
                collection = self._open()
                collection.delete(ids=[str(n) for n in numbers[first : first + _BATCH]])

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return up to ``k`` passage numbers with their cosine similarity, the nearest first."""
        with self._lock, self._translated():
            # Not asked how many there are: counting takes Chroma longer than finding.
            found = self._open().query(
                query_embeddings=[vector], n_results=k, include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(int(number), 1.0 - float(distance)) for number, distance in pairs]

    def stored(self, numbers: Sequence[int]) -> dict[int, Vectors]:
        """Return those vectors that it has, by number."""
        with self._lock, self._translated():
            wanted = [str(number) for number in numbers]
            found = self._open().get(ids=wanted, include=["embeddings"])
        return {
            int(one): vector for one, vector in zip(found["ids"], found["embeddings"], strict=True)
        }

    def owes(self) -> bool:
        """Tell nothing: the seal does."""
        return False

    def owe(self) -> None:
        """Note nothing: ``unseal`` does."""

    def reach(self) -> None:
        """It is in this process."""

    def sweep(self) -> None:
        """Leave it to whoever deletes the index folders."""

    def interrupt(self) -> None:
        """It waits for nothing."""

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            if self._client is not None:
                with contextlib.suppress(Exception):
                    self._client.close()
            self._client = self._collection = None

    def _open(self) -> Any:
        if self._collection is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._client = _client(self._folder)
            try:
                # Without an explicit None, Chroma would fetch a model of its own from the internet.
                self._collection = self._client.get_or_create_collection(
                    _COLLECTION,
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", **self._settings}},
                )
            except BaseException:
                self.close()
                raise
        return self._collection

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            with clean_memory():
                yield
        except ArchiveError:
            raise
        # Chroma's errors share no base below Exception, and its engine's panic is a BaseException.
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
                raise
            _log.exception("Chroma at %s", self._folder)
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise VectorsDamaged(
                f"the vectors in {self._folder} could not be used ({reason}): check the disk's "
                "free space and the folder's rights, then run 'assistant sync --rebuild'"
            ) from error


def _client(folder: Path) -> Any:
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except BaseException:
        # Chroma keeps what failed to start, and would hand it out again for this folder.
        SharedSystemClient.clear_system_cache()
        raise
