"""One index folder, open: its catalogue, its vectors, and what searches and writes them."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from corpus.errors import IndexFailure
from index import made
from index.ahead import Ahead
from index.catalogue import Catalogue
from index.copied import Copied
from index.database import Database
from index.embed import Embedder
from index.generations import Generations, Then
from index.integrity import verify
from index.nearest import Nearest
from index.passages import Filters, Hit
from index.quick_vectors import QuickVectors
from index.recipe import Ingredients
from index.reuse import Donor
from index.runs import Runs
from index.search import Query, Searcher
from index.sharing import Link
from index.stamps import stamp
from index.surroundings import Surroundings
from index.taking import Parts
from index.vector_file import VECTORS, VectorFile
from index.writer import Forgetting, Writer


class Store:
    """Searches may run in many threads while others write."""

    def __init__(
        self,
        folder: Path,
        around: Surroundings,
        embedder: Embedder,
        made_with: Ingredients,
        *,
        named: made.ModelName = made.NOBODY,
        donors: Sequence[Donor] = (),
        stage: str = "",
    ) -> None:
        """Open an index, or make an empty one. Raises CatalogueDamaged or IndexFailure.

        ``donors`` may know vectors; ``stage`` begins each stage that progress tells of.
        """
        self.folder = folder
        self.embedder = embedder
        self._ahead = Ahead(embedder)
        self.made_with = made_with
        self.named = named
        self._donors = tuple(donors)
        self.forgetting: Forgetting = lambda document_ids: None
        self._shelf = around.shelf
        self._turn = threading.Lock()
        self._users = 0
        self.complete = False
        self._retired: Callable[[], None] | None = None
        self._open(around, donors, stage)

    @property
    def made(self) -> made.Made:
        """What it is made with."""
        return made.Made(self.made_with, self.named, complete=self.complete)

    @property
    def database(self) -> Database:
        """The catalogue's file."""
        return self._database

    @property
    def vectors(self) -> Nearest:
        """The vectors of passages."""
        return self._vectors

    @property
    def lock(self) -> threading.RLock:
        """Held while this index, or the shelf, is written."""
        return self._writer.lock

    # ------------------------------------------------------------------ reading

    def expect_question(self) -> None:
        """Begin, in threads, to load the model and to read the vectors: a question is to come, and
        something else is done before it."""
        self._vectors.read_ahead()
        self._ahead.begin()

    def prepare(self, question: str) -> Query:
        """Embed a question and weigh its terms."""
        self._vectors.read_ahead()
        return self._searcher.prepare(question)

    def search(self, query: Query, *, k: int = 10, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Return the ``k`` best passages, the best first."""
        if query.model not in ("", self.embedder.fingerprint):  # prepared for another index
            query = self.prepare(query.text)
        return self._searcher.search(query, k=k, filters=filters)

    @contextlib.contextmanager
    def in_use(self) -> Iterator[bool]:
        """Keep everything open inside; yields False where it is too late for that."""
        with self._turn:
            alive = self._retired is None
            self._users += alive
        try:
            yield alive
        finally:
            if alive:
                with self._turn:
                    self._users -= 1
                self._let_go()

    # ------------------------------------------------------------------ writing

    @property
    def link(self) -> Link:
        """How what is written here is told to other hosts."""
        return self._writer.link

    @link.setter
    def link(self, link: Link) -> None:
        self._writer.link = link

    def take_over(self, copies: Sequence[Copied], gone: Sequence[str], then: Then) -> None:
        """Do what another host did; see ``Writer.take_over``."""
        self._writer.take_over(copies, gone, then)

    def settle(self) -> None:
        """Leave nothing half-done, and nothing of what was deleted."""
        self._writer.settle()

    def mark_complete(self) -> None:
        """Note that all documents are in it. On disk when it returns."""
        if not self.complete:
            made.mark_complete(self._database)
            self.complete = True

    def forget_for_good(self, document_ids: Sequence[str]) -> None:
        """Take documents out, and leave nothing of them in the files."""
        known = [one for one in document_ids if self.catalogue.stamp_of(one) is not None]
        if known:
            self._writer.forget(known)
            self._generations.wipe_deleted()

    def keep_present(self) -> None:
        """Take out documents whose files are gone or have changed; a sync reads those again.

        So an index that was not kept up to date answers nothing that is no more.
        """
        folder = self._shelf.folder
        known = self.catalogue.stamps()
        self.forget_for_good(
            [one for one, (path, mark) in known.items() if stamp(folder / path) != mark]
        )

    def let_donors_go(self) -> None:
        """Do without the vectors of other catalogues from now on."""
        for donor in self._donors:
            donor.close()

    # ------------------------------------------------------------------ the end

    def retire(self, then: Callable[[], None]) -> None:
        """Let go of the vectors and the model when the last search is done, and do ``then``.

        The catalogue stays open until ``close``: whoever has it may read on in it.
        """
        with self._turn:
            self._retired = then
        self._let_go()

    def close(self) -> None:
        """Let go of all files."""
        self._ahead.end()
        self._writer.close()
        self._vectors.close()
        self._database.close()
        self.let_donors_go()

    def _let_go(self) -> None:
        with self._turn:
            if self._users or self._retired is None:
                return
            then, self._retired = self._retired, lambda: None
        self._vectors.close()
        then()

    # ------------------------------------------------------------------ opening

    def _open(self, around: Surroundings, donors: Sequence[Donor], stage: str) -> None:
        is_new = not (self.folder / made.CATALOGUE).exists()
        try:
            self._database = Database(self.folder / made.CATALOGUE)
        except BaseException:
            if is_new:
                shutil.rmtree(self.folder, ignore_errors=True)
            raise
        try:
            made.describe(self._database, self.made_with, self.named)
            self.complete = made.is_complete(self._database)
            self.catalogue = Catalogue(self._database)
            self._generations = Generations(self._database)
            verify(self._database)
            identity, remote = self._generations.catalogue_id, around.remote
            file = VectorFile(self.folder / VECTORS, identity)
            self._vectors = Nearest(
                self.folder / "chroma",
                identity,
                self.catalogue,
                quick=QuickVectors(self._database, self.catalogue, file),
                keeper=remote.keeper(self._database, identity) if remote else None,
            )
            if self._generations.has_traces():  # whoever deleted was killed before it could wipe
                with contextlib.suppress(IndexFailure):
                    self._generations.wipe_deleted()
        except BaseException:
            self._database.close()
            if is_new:
                shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self._searcher = Searcher(self._database, self._vectors, self.embedder)
        self._writer = Writer(
            self._database,
            self._generations,
            self._vectors,
            lock=around.lock,
            forgetting=lambda document_ids: self.forgetting(document_ids),
        )
        parts = Parts(
            around.shelf,
            self._database,
            self.catalogue,
            self._writer,
            self.embedder,
            around.readers,
            around.max_bytes,
            tuple(donors),
            around.sharing,
        )
        self.runs = Runs(parts, claimed=around.claimed, stage=stage)
