"""One index answers while its successor is built beside it, and then takes over.

A change of the recipe (another model, splitter or cleaner) and a forced rebuild make a new folder
and fill it from the documents. The old index answers, and takes in what changes meanwhile. When
the new one has all there is, it is marked as complete, and the file that names the index that
answers is replaced in one rename: whoever is killed before or after that leaves the old one or the
new one. A search that began in the old one ends in it. Right before the new one takes over, it
catches up with the folder once more while nobody writes.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator, Sequence

from corpus.errors import CatalogueDamaged, ModelUnavailable
from index.database import SCHEMA_VERSION
from index.embed import Embedder
from index.entries import Changes, Interrupted, ProgressListener
from index.gate import Gate
from index.hearing import Hearing
from index.kept import Others
from index.made import Found, mark_subset
from index.opener import Opener
from index.opening import FindEmbedder, Plan, cannot_answer, plan
from index.recipe import Ingredients
from index.recipes import drop, let_answer
from index.store import Store

_CATCH_UPS = 10
"""Times that a new index catches up with a busy folder before adds have to wait for it."""
_log = logging.getLogger(__name__)


class Beside:
    """The index that answers (``store``), the one that is built, and those that are kept."""

    def __init__(
        self, opener: Opener, embedder: Embedder, find_embedder: FindEmbedder, keep: int
    ) -> None:
        """``embedder`` is that of now; others are found by ``find_embedder``."""
        self._opener = opener
        self._embedder = embedder
        self._find_embedder = find_embedder
        self._keep = keep
        self._gate = Gate()
        self._building = threading.Lock()
        self._proven = False
        self._next: Store | None = None
        self._others = Others(opener.lock)
        self._retired: list[Store] = []
        self.hearing = Hearing()
        self.remark = ""
        self._unavailable: ModelUnavailable | None
        self.store: Store
        self._wanted: Ingredients

    def open(self, *, mend: bool) -> None:
        """Open what answers and what is to be built. With ``mend``, what is damaged is deleted.

        Raises CatalogueDamaged and IndexFailure.
        """
        chosen = plan(self._opener.root, self._embedder, self._find_embedder)
        try:
            self._open(chosen)
        except CatalogueDamaged:
            if not mend:
                raise
            drop([chosen.answers.folder])
            self.open(mend=False)
            self.remark = "the index was damaged: it is made again from the documents folder"

    def close(self) -> None:
        """Stop building, and let go of all files."""
        self.hearing.stop.set()
        with self._building:
            self._others.close()
            self._opener.sharing.close()
            for store in filter(None, (self.store, self._next, *self._retired)):
                store.close()

    def _open(self, chosen: Plan) -> None:
        self.remark = chosen.remark
        self._unavailable = chosen.unavailable
        beside = (chosen.answers, *chosen.kept, *chosen.left_over)
        self._wanted = chosen.wanted
        self.store = self._opener.open_answering(chosen, beside[1:])
        try:
            if chosen.builds is not None:
                self._next = self._opener.open_or_begin(
                    chosen.builds, self._embedder, chosen.wanted, beside
                )
            self._others = Others(self._opener.lock, chosen.kept, chosen.left_over)
            self._name_answering()
            # Not before it is named: until then it is what it was when it was kept.
            mark_subset(self.store.database, False)
            self.store.forgetting = self._forget
            self._opener.sharing.attach(self.store)
        except BaseException:
            for one in filter(None, (self.store, self._next)):
                one.close()
            self._next = None
            raise

    @property
    def outdated(self) -> bool:
        """Tell whether there is an index to be built, or would be if its model could be had."""
        return self._next is not None or self._unavailable is not None

    @contextlib.contextmanager
    def view(self) -> Iterator[Store]:
        """Give the index that answers, and keep it open inside."""
        self._prove()
        while True:
            store = self.store
            with store.in_use() as is_open:
                if is_open:
                    yield store
                    return

    @contextlib.contextmanager
    def writing(self) -> Iterator[Store]:
        """Give the index that answers to a run that writes it; no other takes over inside."""
        with self._gate.shared():
            try:
                yield self.store
            finally:
                self._others.wipe()

    @contextlib.contextmanager
    def writing_at_once(self) -> Iterator[Store | None]:
        """Give the same, or None where another index is just taking over."""
        with self._gate.shared(wait=False) as inside:
            if not inside:
                yield None
                return
            with self.writing() as store:
                yield store

    def updated(self, changes: Changes) -> None:
        """The index that answers was brought up to date with the folder."""
        self.store.mark_complete()
        if not self.outdated:
            self._settle(changes)

    def _prove(self) -> None:
        """See once that the model of an old index can be loaded; else the new index answers as it
        fills."""
        if self._next is None or self._proven or self.store.embedder is self._embedder:
            return
        try:
            self.store.embedder.embed_question("?")
            self._proven = True
        except ModelUnavailable as error:
            with self._gate.alone():
                if self._next is not None:
                    self.remark = cannot_answer(self.store.made, error)
                    _log.warning("%s", self.remark)
                    self._next.keep_present()
                    self._take_over(self._next)
                    self._opener.sharing.attach(self.store)

    def build(self, *, rebuild: bool, progress: ProgressListener | None) -> Changes:
        """Build the new index, or with ``rebuild`` another one, and let it take over.

        Whoever comes while it is being built waits, and hears of the progress too. Raises
        ModelUnavailable, and Interrupted when a person stops it or this is closed.
        """
        if self._unavailable is not None:
            raise self._unavailable
        with self.hearing.listening(progress), self._building:
            begun_here = rebuild and self._next is None
            if begun_here:
                self._next = self._opener.begin(self._embedder, self._wanted)
            new = self._next
            if new is None:  # somebody else has built it
                return Changes()
            try:
                return self._build(new, rebuilt=begun_here)
            except BaseException:
                if begun_here and self._next is new:
                    self._next = None
                    new.close()
                    drop([new.folder])
                raise
            finally:
                self.hearing.over()

    def _build(self, new: Store, *, rebuilt: bool) -> Changes:
        sharing = self._opener.sharing
        if not rebuilt or not sharing.has_documents:
            sharing.join(new)
        done = new.runs.sync(self.hearing.tell, (), retry=True)
        for _ in range(_CATCH_UPS):
            later = new.runs.sync(self.hearing.tell, (), retry=False)
            done = done.then(later)
            if not later.added and not later.updated:
                break
        with self._gate.alone():
            if self.hearing.stop.is_set():
                raise Interrupted(done)
            with sharing.whole(new):
                done = done.then(new.runs.sync(None, (), retry=False))
            new.mark_complete()
            if self.store is not new:
                self._take_over(new)
            self._settle(done)
        return done

    def _take_over(self, new: Store) -> None:
        """Let the new index answer; nobody writes meanwhile."""
        old = self.store
        is_kept = old.complete and dict(old.made_with) != dict(new.made_with)
        before = [old.folder.name] if is_kept else []
        self._others.doubt()
        let_answer(self._opener.root, [new.folder.name, *before, *self._others.names])
        new.runs.stage = ""
        new.forgetting, old.forgetting = self._forget, new.forgetting
        self.store, self._next = new, None
        for one in self._retired:
            one.close()
        self._retired = [old]
        if is_kept:
            self._others.keep(Found(old.folder, SCHEMA_VERSION, old.made), old)
            old.retire(lambda: None)
        else:
            old.retire(lambda: drop([old.folder]))

    def _forget(self, document_ids: Sequence[str]) -> None:
        """Take documents out of every other index before they leave the one that answers."""
        self._others.forget(document_ids)
        if self._next is not None:
            self._next.forget_for_good(document_ids)

    def _settle(self, changes: Changes) -> None:
        """Keep no more indexes than wanted, and nothing in them that does not answer as well."""
        self.store.let_donors_go()
        if not changes.failed:
            self._others.drop_left()
        over = self._others.cut(self._keep)
        self._others.keep_only(self.store.catalogue)
        self._name_answering()
        for one in over:
            one.drop()
        self.store.vectors.sweep()

    def _name_answering(self) -> None:
        let_answer(self._opener.root, [self.store.folder.name, *self._others.names])
