"""The documents folder into the index, so that being killed at any moment loses nothing.

For each document: read, clean, split and embed with nothing written; then one transaction writes
it as a pending generation; then its vectors go to Chroma; then one transaction makes it active and
retires the version before it; then the retired one is deleted. Searches join active generations
only, so they see the old version or the new one, whole. What a killed process left behind is
dropped when the index is opened, and its file, whose stamp was never stored, is read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus.documents import Document, Reading
from corpus.errors import CorpusError, UnknownDocument
from corpus.read import read_document
from corpus.shelf import Shelf
from corpus.sidecar import sidecar_of
from index.catalogue import Catalogue
from index.embed import Embedder
from index.entries import Changes, Failed, Progress, ProgressListener, Skipped
from index.generations import EmbeddedPassage, Generations
from index.passages import Passage
from index.split import split
from index.vectors import VectorStore


class Syncer:
    """The one writer of an index."""

    def __init__(
        self,
        catalogue: Catalogue,
        generations: Generations,
        vectors: VectorStore,
        embedder: Embedder,
        *,
        max_bytes: int,
    ) -> None:
        self._catalogue = catalogue
        self._generations = generations
        self._vectors = vectors
        self._embedder = embedder
        self._max_bytes = max_bytes

    def sync(self, shelf: Shelf, progress: ProgressListener | None = None) -> Changes:
        """Bring the index up to date with the folder; a bad file is reported and passed over."""
        ids = shelf.ids()
        known = self._catalogue.stamps()
        gone = tuple(document_id for document_id in known if document_id not in ids)
        changes = self.forget(gone)
        due = [
            (document_id, path)
            for document_id, path in ids.items()
            if known.get(document_id) != (_where(shelf, path), stamp(path))
        ]
        changes += Changes(unchanged=len(ids) - len(due))
        for done, (document_id, path) in enumerate(due):
            _tell(progress, "reading", done, len(due), path)
            changes += self.take_in(shelf, document_id, path)
        return changes

    def take_in(self, shelf: Shelf, document_id: str, path: Path) -> Changes:
        """Index one file of the shelf. Its own faults end up in the report, others are raised."""
        where = _where(shelf, path)
        try:
            before = stamp(path)
            reading = read_document(
                path, folder=shelf.folder, document_id=document_id, max_bytes=self._max_bytes
            )
        except CorpusError as error:
            # A document whose file cannot be read any more must not go on answering.
            return Changes(failed=(Failed(where, str(error)),)) + self.forget(
                (document_id,) if document_id in self._catalogue.stamps() else ()
            )
        except OSError as error:
            return Changes(failed=(Failed(where, f"{where}: {error.strerror}"),))
        return self._index(shelf, reading, before)

    def forget(self, document_ids: Sequence[str]) -> Changes:
        """Take documents out of the index, for good."""
        for document_id in document_ids:
            self._generations.retire(document_id)
        if document_ids:
            self._purge()
        return Changes(removed=tuple(document_ids))

    def _index(self, shelf: Shelf, reading: Reading, before: str) -> Changes:
        document = reading.document
        old = self._old(document.id)
        if old == document:  # the file was touched, and says what it said before
            self._generations.restamp(document.id, before)
            return Changes(unchanged=1)
        twin = self._twin(shelf, document)
        if twin is not None:
            # Its older version, if there is one, is in the folder no more.
            skipped = Skipped(document.path, f"same text as the document {twin!r}")
            return Changes(skipped=(skipped,)) + self.forget(() if old is None else (document.id,))
        passages = self._embedded(document)
        generation, numbers = self._generations.add_pending(reading, passages, before)
        with self._vectors.writing():
            if numbers:
                self._vectors.upsert([n for n, _ in numbers], np.stack([v for _, v in numbers]))
        self._generations.activate(generation, document.id)
        self._purge()
        if old is not None:
            return Changes(updated=(document.id,))
        return Changes(added=(document.id,))

    def _twin(self, shelf: Shelf, document: Document) -> str | None:
        """Return another document that has the very same text, in its file of now as well: two
        files may have swapped their texts, or the other be changed in this very sync."""
        twin = self._catalogue.same_text(document.sha256, other_than=document.id)
        if twin is None:
            return None
        known = self._catalogue.entry(twin).path
        if known == document.path:  # this very file, which had the other id until now
            return None
        path = shelf.folder / known
        try:
            reading = read_document(path, folder=shelf.folder, max_bytes=self._max_bytes)
        except CorpusError:
            return None
        return twin if reading.document.sha256 == document.sha256 else None

    def _old(self, document_id: str) -> Document | None:
        try:
            return self._catalogue.document(document_id)
        except UnknownDocument:
            return None

    def _embedded(self, document: Document) -> list[EmbeddedPassage]:
        passages = split(document, self._embedder.count_tokens)
        sentences = [
            document.text[sentence.start : sentence.end]
            for passage in passages
            for sentence in passage.sentences
        ]
        texts = [passage_text(document, passage) for passage in passages]
        vectors = self._embedder.embed([*texts, *sentences])
        embedded = []
        first = len(passages)
        for place, passage in enumerate(passages):
            last = first + len(passage.sentences)
            embedded.append(EmbeddedPassage(passage, vectors[place], vectors[first:last]))
            first = last
        return embedded

    def _purge(self) -> None:
        """Delete retired generations, from Chroma first: were it the other way round, a kill
        between the two would leave vectors there whose numbers nobody knows any more."""
        numbers = self._generations.retired_passages()
        if numbers:
            with self._vectors.writing():
                self._vectors.delete(numbers)
        self._generations.purge_retired()


def passage_text(document: Document, passage: Passage) -> str:
    """Return what is embedded for a passage: its title and heading say what it is about."""
    head = [document.title, passage.heading, document.text[passage.start : passage.end]]
    return "\n".join(part for part in head if part)


def stamp(path: Path) -> str:
    """Return a mark that changes when a file or its sidecar does: sizes and times of change."""
    marks = []
    for one in (path, sidecar_of(path)):
        try:
            status = one.stat()
        except OSError:  # not there, or a sidecar's name that is longer than a disk takes
            continue
        # The time of change as well: tools such as rsync set the other one back.
        marks.append(f"{one.name}:{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}")
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:16]


def _where(shelf: Shelf, path: Path) -> str:
    return path.relative_to(shelf.folder).as_posix()


def _tell(progress: ProgressListener | None, stage: str, done: int, total: int, path: Path) -> None:
    if progress is not None:
        progress(Progress(stage, done, total, path.name))
