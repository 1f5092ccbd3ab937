"""The passage vectors in a collection on a Chroma server.

It holds numbers and vectors, and of texts nothing at all. Its seal is broken before anything is
written and set again when all is there. A number never comes twice in a catalogue, so the vector
that a collection has of a number is right, and a fill after a kill puts in what is missing and
takes out what is too much.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from corpus.errors import VectorsAway, VectorsDamaged
from index.chroma_http import LONG, ChromaHttp, NotThere
from index.embed import Vectors
from index.remote_collection import Collection
from index.remote_names import Names
from index.server import Server

Content = Callable[[], tuple[int, str]]
"""Returns how many passages the active documents have, and a digest of these documents."""
_BATCH = 1000
_LISTED = 5000
_SELDOM = 20.0


class RemoteVectors:
    """Passage vectors in one collection; a ``Keeper``, safe to share between threads."""

    compares = False  # it would move every vector over the network; the doctor looks them up

    def __init__(
        self, server: Server, names: Names, folder: str, catalogue_id: str, content: Content
    ) -> None:
        """``folder`` names the index folder, whose catalogue has the id and the ``content``."""
        self._http = ChromaHttp(server)
        self._collection = Collection(self._http, names, folder, catalogue_id)
        self._content = content
        self._next_seal = 0.0
        self._is_spoilt = False

    # ------------------------------------------------------------------ what is known of it

    def owes(self) -> bool:
        """Tell, without asking anybody, whether the last write is known not to have been ended."""
        entry = self._collection.known()
        return entry is not None and entry.owes

    def owe(self) -> None:
        """Note that a write is to come that may not reach it."""
        self._collection.note(owes=True)

    def reach(self) -> None:
        """See whether it can be asked at all; one try."""
        self._http.reach()

    def intact(self, expected: int) -> bool:
        """Tell whether it holds the ``expected`` number of vectors that were sealed."""
        self._http.reach(wait=True)
        found = self._collection.find()
        if found is None or not self._collection.is_as_made(found):
            return False
        count, digest = self._content()
        self._collection.is_sealed = (
            found["metadata"].get("sealed") == digest and self._count() == count == expected
        )
        if self._collection.is_sealed:
            self._collection.note(owes=False)
            self.sweep()
        return self._collection.is_sealed

    def untouched(self) -> bool:
        """Tell whether nobody else has written to it since it was sealed."""
        return not self._collection.is_sealed or self._collection.find() is not None

    def numbers(self) -> list[int]:
        """Return the numbers of all vectors, sorted."""
        numbers: list[int] = []
        while True:
            asked = {"limit": _LISTED, "offset": len(numbers), "include": []}
            answer = self._ask("get", asked, wait=True, long=LONG)
            with self._http.understood():
                found = [int(one) for one in answer["ids"]]
            numbers += found
            if len(found) < _LISTED:
                return sorted(set(numbers))

    # ------------------------------------------------------------------ being filled and written

    def empty(self) -> None:
        """Throw everything away."""
        self._collection.drop()

    def begin_fill(self, *, anew: bool) -> set[int]:
        """Make it ready to be filled, and return the numbers whose vectors it has already."""
        found = self._collection.find()
        if found is not None and (
            anew or self._is_spoilt or not self._collection.is_as_made(found)
        ):
            self.empty()
        self._is_spoilt = False
        self.owe()
        self._collection.sign("", 0)
        return set(self.numbers())

    def unseal(self) -> None:
        """Say, before anything is written, that it may not hold what it should."""
        self.owe()
        if self._collection.is_sealed:
            self._collection.sign("", 0)

    def seal(self, *, seldom: bool = False) -> None:
        """Say that it holds just the passages of the active documents.

        In the middle of long work this is done ``seldom``, as by the embedded one. Raises
        VectorsAway where it holds more or fewer: a server that was killed may have lost some.
        """
        begun = time.monotonic()
        if not (self._collection.is_sealed or (seldom and begun < self._next_seal)):
            count, digest = self._content()
            if self._count() != count:
                raise VectorsAway(
                    f"the vector server {self._http.server.url} has not kept all vectors: those "
                    "that are missing are put there again"
                )
            self._collection.sign(digest, count)
            self._next_seal = time.monotonic() + _SELDOM * (time.monotonic() - begun)
        if not seldom:
            self._collection.note(owes=False)
            self.sweep()

    def upsert(
        self, numbers: Sequence[int], vectors: Vectors, *, at_once: int | None = None
    ) -> None:
        """Put in vectors, shape ``(n, d)``, under their numbers; the server answers when they are
        in its log, on its disk."""
        step = at_once or _BATCH
        for first in range(0, len(numbers), step):
            some = vectors[first : first + step].astype("<f4")
            packed = [base64.b64encode(one.tobytes()).decode() for one in some]
            ids = [str(number) for number in numbers[first : first + step]]
            self._ask("upsert", {"ids": ids, "embeddings": packed}, wait=True, long=LONG)

    def delete(self, numbers: Sequence[int]) -> None:
        """Take vectors out; numbers that are not there are no error."""
        for first in range(0, len(numbers), _BATCH):
            ids = [str(number) for number in numbers[first : first + _BATCH]]
            self._ask("delete", {"ids": ids}, wait=True, long=LONG)

    # ------------------------------------------------------------------ reading

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return up to ``k`` passage numbers with their cosine similarity, the nearest first."""
        asked = {"query_embeddings": [vector.tolist()], "n_results": k, "include": ["distances"]}
        found = self._ask("query", asked)
        with self._http.understood():
            pairs = zip(found["ids"][0], found["distances"][0], strict=True)
            return [(int(number), 1.0 - float(distance)) for number, distance in pairs]

    def stored(self, numbers: Sequence[int]) -> dict[int, Vectors]:
        """Return those vectors that it has, by number."""
        asked = {"ids": [str(number) for number in numbers], "include": ["embeddings"]}
        found = self._ask("get", asked, wait=True, long=LONG)
        with self._http.understood():
            return {
                int(one): np.asarray(vector, dtype=np.float32)
                for one, vector in zip(found["ids"], found["embeddings"], strict=True)
            }

    # ------------------------------------------------------------------ the end

    def sweep(self) -> None:
        """Delete the collections of indexes that are no more; what fails is tried again later."""
        self._collection.sweep()

    def interrupt(self) -> None:
        """Let calls that wait for the server end at once."""
        self._http.interrupt()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    # ------------------------------------------------------------------ asking

    def _count(self) -> int:
        path = f"/{self._collection.open()}/count"
        counted = self._http.collections("GET", path, wait=True, long=LONG)
        with self._http.understood():
            return int(counted)

    def _ask(self, what: str, body: object, *, wait: bool = False, long: float = 0) -> Any:
        try:
            return self._http.collections(
                "POST", f"/{self._collection.open()}/{what}", body, wait=wait, long=long
            )
        except NotThere:
            self._collection.lost()
            raise
        except VectorsDamaged:
            self._is_spoilt = True  # of another dimension, say: a fill begins with nothing then
            raise
