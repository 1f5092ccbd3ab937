"""Readings are taken in: compared with what is known, gathered, embedded and written in groups."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.documents import Document, Reading
from corpus.errors import CorpusError, UnknownDocument
from corpus.listing import is_gone, where
from corpus.sandbox import ReadJob
from corpus.shelf import Shelf
from index.catalogue import Catalogue
from index.database import Database
from index.embed import Embedder
from index.generations import Prepared
from index.grouping import Item, prepare
from index.passages import Passage
from index.reads import Gives, Reads
from index.report import Report
from index.sharing import Alone, Sharing
from index.split import passage_tokens, split
from index.stamps import stamp
from index.writer import Writer

GROUP = 64
GROUP_TEXTS = 2000
"""Documents, and passages and sentences, that are embedded and written at once at most. All of
them have to be embedded again when the process is killed before they are written."""

NOTHING = "nothing to retrieve in it: it has headings only"


@dataclass(frozen=True, slots=True)
class Parts:
    """What taking in documents works with."""

    shelf: Shelf
    database: Database
    catalogue: Catalogue
    writer: Writer
    embedder: Embedder
    readers: Reads
    max_bytes: int
    donors: tuple[Gives, ...] = ()
    sharing: Sharing = field(default_factory=Alone)
    passages_of: Callable[[Document], tuple[Passage, ...] | None] = lambda document: None
    """Gives the passages of a document that somebody has cut already."""

    def read(self, path: Path, document_id: str) -> Reading:
        """Read a file of the shelf. Raises CorpusError."""
        return self.readers.read(
            path, folder=self.shelf.folder, document_id=document_id, max_bytes=self.max_bytes
        )

    @contextlib.contextmanager
    def reading(
        self, jobs: Iterable[ReadJob]
    ) -> Iterator[Iterator[tuple[ReadJob, Reading | CorpusError]]]:
        """Read files ahead of whoever takes them; what is being read at the end is stopped."""
        results = self.readers.read_many(jobs)
        assert isinstance(results, Generator)
        with contextlib.closing(results):
            yield results

    def cut(self, document: Document) -> tuple[Passage, ...]:
        """Return a document's passages. Raises RecursionError."""
        if (made := self.passages_of(document)) is not None:
            return made
        aim = passage_tokens(self.embedder.max_tokens)
        return split(document, self.embedder.count_tokens, aim)

    def where(self, path: Path | str) -> str:
        """Return a path in the folder as it is stored and reported."""
        return where(self.shelf.folder, path)


class Group:
    """The documents of a run that are read and not yet written."""

    def __init__(
        self,
        parts: Parts,
        report: Report,
        written: Callable[[Path], None] = lambda path: None,
        *,
        copied: Callable[[str, str, str], None] = lambda where, mark, twin: None,
    ) -> None:
        """``written`` hears of each file that the group is done with, ``copied`` of each that has
        the text of another document: its path, its stamp, and that document."""
        self._parts = parts
        self._report = report
        self._written = written
        self._copied = copied
        self._items: dict[str, Item] = {}
        self._texts = 0
        self._restamped: dict[str, str] = {}

    def offer(self, reading: Reading, path: Path, mark: str) -> None:
        """Take in what was read from a file of the shelf that had the stamp ``mark`` then."""
        document = reading.document
        old = self._old(document.id)
        if old is not None and old == reading:  # the file was touched, and says what it said
            self._restamped[document.id] = mark
            self._report.unchanged()
            self._written(path)
        else:
            self._gather(reading, path, mark, was_known=old is not None)
        if len(self._items) + len(self._restamped) >= GROUP or self._texts >= GROUP_TEXTS:
            self.flush()

    def twin(self, document: Document) -> str | None:
        """Return another document that has the very same text, in its file of now as well: two
        files may have swapped their texts, or one be changed in this very run."""
        for item in self._items.values():
            other = item.reading.document
            if other.sha256 == document.sha256 and other.id != document.id:
                return other.id
        known = self._parts.catalogue.same_text(document.sha256)
        for twin, (path, mark) in known.items():
            same_file = twin == document.id or path == document.path
            if not same_file and twin not in self._items and self._holds(path, mark, document):
                return twin
        return None

    def flush(self) -> None:
        """Embed and write what was gathered."""
        items, restamped = list(self._items.values()), self._restamped
        self._items, self._texts, self._restamped = {}, 0, {}
        self._parts.writer.restamp(restamped)
        if not items:
            return
        last = items[-1].path.name
        prepared = prepare(
            self._parts.database,
            self._parts.embedder,
            self._parts.donors,
            items,
            lambda part: self._report.tell("embedding", last, part),
        )
        self._write(items, prepared)
        for item in items:
            self._written(item.path)

    def _write(self, items: Sequence[Item], prepared: Sequence[Prepared]) -> None:
        tried: set[str] = set()
        kept = self._parts.writer.link.again(lambda: self._commit(items, prepared, tried))
        for item in kept:
            self._report.taken_in(item.reading, was_known=item.was_known)
        self._report.finished(len(items) - len(kept))

    def _commit(
        self, items: Sequence[Item], prepared: Sequence[Prepared], tried: set[str]
    ) -> list[Item]:
        """Write what nobody else wrote meanwhile, and return it. What was ``tried`` before, when
        the connection was lost, may have been written all the same."""
        with self._parts.writer.turn():
            current = [not self._is_overtaken(item) for item in items]
            kept = list(itertools.compress(items, current))
            follows = {item.reading.document.id: item.follows for item in kept if item.follows}
            done = [item for item in items if item.reading.document.id in tried]
            tried |= {item.reading.document.id for item in kept}
            if kept:
                self._parts.writer.commit(list(itertools.compress(prepared, current)), follows)
        written = {id(item) for item in (*kept, *done)}
        return [item for item in items if id(item) in written]

    def _is_overtaken(self, item: Item) -> bool:
        """Tell whether a file was removed, or taken in as it is now, by another run or another host
        while this one embedded."""
        now = stamp(item.path)
        known = self._parts.catalogue.stamp_of(item.reading.document.id)
        return known == (self._parts.where(item.path), now) or (
            now != item.stamp and is_gone(item.path)
        )

    def _gather(self, reading: Reading, path: Path, mark: str, *, was_known: bool) -> None:
        document = reading.document
        twin = self.twin(document)
        if twin is not None:
            if was_known:  # its older version is in the folder no more
                self._parts.writer.forget((document.id,))
                self._report.removed((document.id,))
            self._report.skipped(document.path, same_text(twin))
            self._copied(document.path, mark, twin)
            self._written(path)
            return
        passages: tuple[Passage, ...] = ()
        if not reading.quarantine:
            try:
                passages = self._parts.cut(document)
            except RecursionError:
                self._report.failed(
                    document.path, f"{document.path} could not be cut into passages"
                )
                self._written(path)
                return
            if not passages:
                reading = replace(reading, problems=(*reading.problems, NOTHING))
        followed = next(iter(self._parts.catalogue.same_text(document.sha256)), None)
        follows = followed if followed != document.id else None
        item = Item(reading, path, mark, passages, was_known, follows)
        self._items[document.id] = item
        self._texts += item.texts()

    def _old(self, document_id: str) -> Reading | None:
        """Return what is known of an id, as a reader would have said it."""
        if document_id in self._items:
            return self._items[document_id].reading
        try:
            known = self._parts.catalogue.reading(document_id)
        except UnknownDocument:
            return None
        return replace(known, problems=tuple(one for one in known.problems if one != NOTHING))

    def _holds(self, where: str, mark: str, document: Document) -> bool:
        """Tell whether a file that had a document's text when it had the stamp ``mark`` has it."""
        path = self._parts.shelf.folder / where
        if stamp(path) == mark:
            return True
        try:
            return self._parts.read(path, "any").document.sha256 == document.sha256
        except CorpusError:
            return False


SAME_TEXT = "same text as the document "


def same_text(twin: str) -> str:
    """Return the reason for which a copy is left alone."""
    return f"{SAME_TEXT}{twin!r}"
