"""Indexes beside the one that answers: they may lack what it has, never the other way round.

So going back to one shows nothing that is gone or has changed, and what was deleted is in none of
them. A document's row leaves here before it leaves the index that answers.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus.errors import IndexFailure
from index.catalogue import Catalogue
from index.database import SCHEMA_VERSION, Database
from index.generations import Generations
from index.made import CATALOGUE, Found, mark_subset
from index.recipes import drop
from index.remote_names import Names
from index.sharing import forget_cursor
from index.store import Store

_log = logging.getLogger(__name__)


class Kept:
    """One index folder that does not answer. Its vectors are dropped when a document leaves: they
    are filled in again from its catalogue, with nothing embedded, if it ever answers again."""

    def __init__(self, found: Found, store: Store | None = None) -> None:
        """``store`` is the open one of a folder that has just stopped answering."""
        self.folder = found.folder
        self.is_subset = found.made is not None and found.made.subset
        self._readable = found.schema == SCHEMA_VERSION
        self._store = store
        self._database: Database | None = None
        self._generations: Generations | None = None
        self.dropped = False
        if found.traces:
            self.forget(())
            self.wipe()

    def forget(self, document_ids: Iterable[str]) -> None:
        """Take documents out; call ``wipe`` afterwards. An index that cannot be read is deleted."""
        if not self.dropped:
            with self._or_deleted():
                self._forget(document_ids)

    def doubt(self) -> None:
        """Note that it may hold something that the index that answers does not. On disk when it
        returns."""
        if self.is_subset and not self.dropped:
            with self._or_deleted():
                self._mark_subset(False)

    def keep_only(self, present: Mapping[str, tuple[str, str]]) -> None:
        """Take out what is not among these documents, given as their paths and stamps by id."""
        if self.is_subset or self.dropped:
            return
        with self._or_deleted():
            known = self._catalogue().stamps()
            self._forget([one for one, mark in known.items() if present.get(one) != mark])
            self._mark_subset(True)
            self.wipe()

    def wipe(self) -> None:
        """Leave nothing of what was forgotten in the files; where that fails, the next time."""
        if self._generations is not None:
            with contextlib.suppress(IndexFailure):
                if self._generations.has_traces():
                    self._generations.wipe_deleted()

    def drop(self) -> None:
        """Delete the index."""
        self.dropped = True
        self.close()
        drop([self.folder])

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self.wipe()
            self._database.close()
            self._database = self._generations = None

    @contextlib.contextmanager
    def _or_deleted(self) -> Iterator[None]:
        """Delete the index where it cannot be read or written inside: it is not known what it
        holds then."""
        try:
            yield
        except IndexFailure:
            _log.warning("the kept index %s is deleted", self.folder, exc_info=True)
            self.drop()

    def _mark_subset(self, is_one: bool) -> None:
        self._catalogue()
        assert self._database is not None
        mark_subset(self._database, is_one)
        self.is_subset = is_one

    def _forget(self, document_ids: Iterable[str]) -> None:
        catalogue = self._catalogue()
        known = [one for one in document_ids if catalogue.stamp_of(one) is not None]
        if not known:
            return
        self._drop_vectors()
        assert self._generations is not None
        assert self._database is not None
        self._generations.retire(known)
        self._generations.purge_retired()
        forget_cursor(self._database)

    def _catalogue(self) -> Catalogue:
        if not self._readable:
            raise IndexFailure(f"the index {self.folder} is of another schema")
        if self._database is None:
            if not (self.folder / CATALOGUE).exists():
                raise IndexFailure(f"the index {self.folder} is no more")
            self._database = Database(self.folder / CATALOGUE)
            self._generations = Generations(self._database)
        return Catalogue(self._database)

    def _drop_vectors(self) -> None:
        if self._store is not None:
            self._store.vectors.close()
            self._store = None
        Names(self.folder.parent).leave(self.folder.name)
        (self.folder / "chroma.seal").unlink(missing_ok=True)
        shutil.rmtree(self.folder / "chroma", ignore_errors=True)


class Others:
    """All index folders that neither answer nor are being built.

    ``kept`` answered before, the latest first; ``left`` are nobody's any more, and may still give
    their vectors to a new index.
    """

    def __init__(
        self, lock: threading.RLock, kept: Iterable[Found] = (), left: Iterable[Found] = ()
    ) -> None:
        """``lock`` is the one that writers hold."""
        self._lock = lock
        self._kept = [Kept(one) for one in kept]
        self._left = [Kept(one) for one in left]

    @property
    def names(self) -> list[str]:
        """The names of the kept folders."""
        return [one.folder.name for one in self._kept if not one.dropped]

    def keep(self, found: Found, store: Store) -> None:
        """Keep the index that has just stopped answering."""
        self._kept.insert(0, Kept(found, store))

    def forget(self, document_ids: Sequence[str]) -> None:
        """Take documents out, before they leave the index that answers."""
        for one in (*self._kept, *self._left):
            one.forget(document_ids)

    def wipe(self) -> None:
        """Leave nothing of what was forgotten in the files."""
        with self._lock:
            for one in (*self._kept, *self._left):
                one.wipe()

    def doubt(self) -> None:
        """Note, before another index answers, that the kept ones were not compared with it."""
        for one in self._kept:
            one.doubt()

    def keep_only(self, answering: Catalogue) -> None:
        """Leave nothing in the kept ones that is not in the index that answers."""
        if all(one.is_subset for one in self._kept):
            return
        with self._lock:
            present = answering.stamps()
            for one in self._kept:
                one.keep_only(present)

    def cut(self, most: int) -> list[Kept]:
        """Keep so many at most, and return the others, to be dropped."""
        self._kept, over = self._kept[:most], self._kept[most:]
        return over

    def drop_left(self) -> None:
        """Delete what is nobody's any more."""
        for one in self._left:
            one.drop()
        self._left = []

    def close(self) -> None:
        """Let go of all files."""
        for one in (*self._kept, *self._left):
            one.close()
