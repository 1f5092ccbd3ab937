"""Whole groups of documents into the catalogue and Chroma, so that a kill at any moment loses
nothing.

One transaction writes a group as pending generations; then its vectors go to Chroma; then one
transaction makes the group active and retires the versions before; then the retired ones are
deleted, from Chroma first. Searches join active generations only, so they see each document's old
version or its new one, whole. Chroma's seal is broken before its first write and set again only
when it holds just what is active.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np

from corpus.errors import ArchiveError
from index import versions
from index.copied import Copied
from index.database import Database
from index.generations import Generations, Prepared, Then
from index.nearest import Nearest
from index.sharing import Link, NoLink

Forgetting = Callable[[Sequence[str]], None]
"""Hears of documents whose present version is about to leave the index, before it does."""


class Writer:
    """The one writer of an index; ``lock`` is held while it writes, by it and by whoever puts files
    on the shelf."""

    def __init__(
        self,
        database: Database,
        generations: Generations,
        vectors: Nearest,
        *,
        lock: threading.RLock | None = None,
        forgetting: Forgetting = lambda document_ids: None,
    ) -> None:
        """The ``lock`` may be shared with the writers of other indexes of the home."""
        self._database = database
        self._generations = generations
        self._vectors = vectors
        self._forgetting = forgetting
        self.lock = lock or threading.RLock()
        self.link: Link = NoLink()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Let nobody else write inside, on whichever host."""
        with self.lock, self.link.turn():
            yield

    def commit(self, documents: Sequence[Prepared], follows: Mapping[str, str]) -> None:
        """Make documents the active versions of their ids, all or none of them.

        ``follows`` names, for documents of renamed files, the id that each had before.
        """
        texts = {one.reading.document.id: one.reading.document.text for one in documents}

        def version_of(document_id: str) -> str | None:
            before = follows.get(document_id, document_id)
            return self._version_of(document_id, texts[document_id], other_than=before)

        with self.turn():
            self._purge()
            if known := self._known(texts):
                self._forgetting(known)
            generations, numbers = self._generations.add_pending(documents)
            if numbers:
                self._vectors.unseal()
                self._vectors.upsert([n for n, _ in numbers], np.stack([v for _, v in numbers]))
            self._generations.activate(
                generations,
                version_of,
                lambda connection: self.link.publish(connection, generations, ()),
            )
            self._purge()
            self._vectors.seal(seldom=True)

    def take_over(self, copies: Sequence[Copied], gone: Sequence[str], then: Then) -> None:
        """Do what another host did: take in its documents, and forget what it forgot."""
        with self.lock:
            self._purge()
            if known := self._known([*gone, *(one.id for one in copies)]):
                self._forgetting(known)
            written = self._generations.add_copies(copies)
            vectors = [one for each in written for one in each.vectors]
            if vectors:
                self._vectors.unseal()
                self._vectors.upsert([n for n, _ in vectors], np.stack([v for _, v in vectors]))
            version_of = {one.document_id: one.version_of for one in written}
            self._generations.retire(gone)
            self._generations.activate([one.generation for one in written], version_of.get, then)
            self._purge()
            self._vectors.seal(seldom=True)

    def forget(self, document_ids: Sequence[str]) -> None:
        """Take documents out of the index, for good."""
        if document_ids:
            self.link.again(lambda: self._forget(document_ids))

    def _forget(self, document_ids: Sequence[str]) -> None:
        with self.turn():
            self._forgetting(document_ids)
            self._generations.retire(
                document_ids,
                lambda connection: self.link.publish(connection, (), document_ids),
            )
            self._purge()

    def restamp(self, stamps: Mapping[str, str]) -> None:
        """Note that files were touched but still hold what was read from them."""
        if stamps:
            with self.lock:
                self._generations.restamp(stamps)

    def settle(self) -> None:
        """End a run: leave nothing half-done, and nothing of what was deleted."""
        with self.lock:
            self._purge()
            self._vectors.seal()
            if self._generations.has_traces():
                self._generations.wipe_deleted()

    def close(self) -> None:
        """Wipe what is not wiped yet; nothing is written any more."""
        with self.lock, contextlib.suppress(ArchiveError):  # the next start does so
            if self._generations.has_traces():
                self._generations.wipe_deleted()

    def _purge(self) -> None:
        """Delete what is not active, from Chroma first: were it the other way round, a kill between
        the two would leave vectors there whose numbers nobody knows any more."""
        if not self._generations.has_leftovers():
            return
        numbers = self._generations.leftover_passages()
        if numbers:
            self._vectors.unseal()
            self._vectors.delete(numbers)
        self._generations.purge_retired()

    def _known(self, document_ids: Collection[str]) -> list[str]:
        """Return those documents that have a version in the index."""
        holes = ", ".join("?" * len(document_ids))
        query = f"SELECT id FROM documents WHERE state = 'active' AND id IN ({holes})"
        return [found for (found,) in self._database.rows(query, list(document_ids))]

    def _version_of(self, document_id: str, text: str, *, other_than: str) -> str | None:
        """Return the first of the versions of a text, so that all of them name the same one."""
        near = versions.find(self._database, text, other_than=other_than)
        if near is None:
            return None
        found = self._database.rows(
            "SELECT first.id FROM documents near "
            "JOIN documents first ON first.id = near.version_of "
            "WHERE near.state = 'active' AND first.state = 'active' AND near.id = ?",
            (near.document_id,),
        )
        first = found[0][0] if found else near.document_id
        return None if first == document_id else first
