"""The passage vectors in Chroma: the only file that knows Chroma.

Chroma is a cache. What it should hold is in the catalogue; a *seal* beside its files says that
they hold just that. The seal is broken before anything is written and set again when all is
written, so a killed write, a flipped byte or a folder copied from elsewhere is seen when opening,
and the vectors are filled in again from the catalogue. That matters because a damaged file makes
Chroma crash the whole process instead of raising.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import ArchiveError, VectorsDamaged
from index.embed import Vectors

_COLLECTION = "passages"
_HNSW = {"hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 400}}
"""ef_search 400 finds .995 of the true neighbours at 100,000 vectors in 2 ms; 100 finds .976."""
_BATCH = 250
"""Questions wait while a batch goes in: a quarter of a second at 100,000 vectors."""
_SELDOM = 20.0

_log = logging.getLogger(__name__)


class VectorStore:
    """Passage vectors by passage number, with cosine nearest neighbours; one process at a time."""

    def __init__(self, folder: Path, catalogue_id: str) -> None:
        """Open or create ``folder``; check ``intact`` before trusting what it holds."""
        self._folder = folder
        self._seal = folder.parent / f"{folder.name}.seal"
        self._catalogue_id = catalogue_id
        self._lock = threading.RLock()
        self._next_seal = 0.0
        self._client: Any = None
        self._collection: Any = None

    def intact(self, expected: int) -> bool:
        """Tell whether the folder holds the ``expected`` number of vectors that were sealed."""
        try:
            with self._lock, self._translated():
                sealed = self._seal_text()
                if sealed != self._state_text():
                    return False
                count = int(self._open().count())
                # Opening may write files anew: those of a graph too small to be saved yet.
                if sealed != self._state_text():
                    self._write_seal()
                return count == expected
        except VectorsDamaged:
            return False

    def refill(self, batches: Iterable[tuple[Sequence[int], Vectors]]) -> None:
        """Throw everything away and fill in the given vectors; questions wait for all of them."""
        with self._lock:
            self.close()
            with self._translated():
                self._seal.unlink(missing_ok=True)
                if self._folder.is_dir():
                    shutil.rmtree(self._folder)
                self._folder.unlink(missing_ok=True)
            with self.writing():
                for numbers, vectors in batches:
                    self.upsert(numbers, vectors)

    def start_over(self, catalogue_id: str) -> None:
        """Throw everything away and hold the vectors of another catalogue from now on."""
        with self._lock:
            self._catalogue_id = catalogue_id
            self.refill(())

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Break the seal, and set it again when the block ended well."""
        self.unseal()
        yield
        self.seal()

    def unseal(self) -> None:
        """Say, before anything is written, that the folder may not hold what it should."""
        with self._translated():
            self._seal.unlink(missing_ok=True)

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
            self._write_seal()
        now = time.monotonic()
        self._next_seal = now + _SELDOM * (now - begun)

    def upsert(self, numbers: Sequence[int], vectors: Vectors) -> None:
        """Put in vectors, shape ``(n, d)``, under their numbers, and see that they are there.

        Questions are let through between batches.
        """
        for first in range(0, len(numbers), _BATCH):
            with self._lock, self._translated():
                collection = self._open()
                ids = [str(number) for number in numbers[first : first + _BATCH]]
                collection.upsert(ids=ids, embeddings=vectors[first : first + _BATCH])
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
            collection = self._open()
            count = collection.count()
            if not count:
                return []
            found = collection.query(
                query_embeddings=[vector], n_results=min(k, count), include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(int(number), 1.0 - float(distance)) for number, distance in pairs]

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
                    _COLLECTION, embedding_function=None, configuration=_HNSW
                )
            except BaseException:
                self.close()
                raise
        return self._collection

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
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

    def _seal_text(self) -> str | None:
        try:
            return self._seal.read_text("utf-8")
        except OSError:
            return None

    def _write_seal(self) -> None:
        temporary = self._seal.with_suffix(".tmp")
        temporary.write_text(self._state_text(), "utf-8")
        temporary.replace(self._seal)

    def _state_text(self) -> str:
        """Describe the graph files by hash. Chroma's own SQLite file is left out: merely opening
        it changes it, and SQLite notices damage by itself."""
        files = sorted(path for path in self._folder.glob("*/*") if path.is_file())
        hashes = {str(path.relative_to(self._folder)): _sha256(path) for path in files}
        return json.dumps({"catalogue": self._catalogue_id, "files": hashes}, indent=1)


def exact_nearest(
    vector: Vectors, batches: Iterable[tuple[Sequence[int], Vectors]], k: int
) -> list[tuple[int, float]]:
    """Return the same as ``VectorStore.nearest`` by comparing with every given vector."""
    scored: list[tuple[int, float]] = []
    for numbers, vectors in batches:
        if not numbers:
            continue
        similarities = vectors @ vector
        best = np.argsort(-similarities, kind="stable")[:k]
        scored += [(numbers[place], float(similarities[place])) for place in best]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]


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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
