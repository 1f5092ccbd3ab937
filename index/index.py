"""The open index of one home: kept up to date with the documents folder, and searched."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from corpus.documents import Overrides
from corpus.errors import CatalogueDamaged, IndexFailure, VectorsDamaged
from corpus.sandbox import Readers, shared
from corpus.shelf import Shelf
from index.catalogue import Catalogue
from index.database import Database
from index.embed import Embedder
from index.entries import Changes, ProgressListener
from index.generations import Generations
from index.integrity import verify
from index.passages import Filters, Hit
from index.recipe import recipe
from index.runs import Runs
from index.search import Query, Searcher
from index.taking import Parts
from index.vectors import VectorStore
from index.watch import Watch
from index.writer import Writer


class Index:
    """Searches may run in many threads while others write; those write in turn.

    Its files lie in ``<state>/index/<recipe>/``. One process at a time may have it open: whoever
    opens it sees to that (``assistant.owner``).
    """

    def __init__(
        self,
        state: Path,
        shelf: Shelf,
        embedder: Embedder,
        *,
        max_bytes: int = 25_000_000,
        readers: Readers | None = None,
    ) -> None:
        """Open the index, or make an empty one. Raises CatalogueDamaged or IndexFailure.

        ``readers`` default to those that all of this process uses.
        """
        self._readers = readers or shared()
        self._shelf = shelf
        self._embedder = embedder
        self._max_bytes = max_bytes
        self._all = state / "index"
        self._folder = self._all / recipe(embedder)
        self._open()

    def is_sound(self) -> bool:
        """Tell whether what is stored is as it was stored, as far as a quick look shows."""
        try:
            verify(self._database)
        except CatalogueDamaged:
            return False
        return True

    def close(self) -> None:
        """Let go of all files."""
        self._vectors.close()
        self._database.close()

    # ------------------------------------------------------------------ reading

    def prepare(self, question: str) -> Query:
        """Embed a question and weigh its terms."""
        return self._searcher.prepare(question)

    def search(self, query: Query, *, k: int = 10, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Return the ``k`` best passages, the best first.

        If Chroma fails, it is filled again from the catalogue and asked once more.
        """
        try:
            return self._searcher.search(query, k=k, filters=filters)
        except VectorsDamaged:
            with self._writer.lock:
                self._vectors.refill(self.catalogue.all_vectors())
            return self._searcher.search(query, k=k, filters=filters)

    # ------------------------------------------------------------------ writing

    def sync(
        self,
        *,
        rebuild: bool = False,
        progress: ProgressListener | None = None,
        hold: Collection[Path] = (),
        retry: bool = True,
    ) -> Changes:
        """Bring the index up to date with the folder; ``rebuild`` starts from an empty one.

        Files to ``hold`` are left as they are. Without ``retry``, a file that could not be read
        and has not changed since is only reported again. Raises ShelfError where the folder is
        missing, and Interrupted.
        """
        with self._runs.alone():
            if rebuild:
                self._start_over()
            changes = self._runs.sync(progress, hold, retry=retry)
            if not changes.failed:
                self._drop_other_recipes()
            return changes

    def sync_unless_writing(
        self, progress: ProgressListener | None = None, *, hold: Collection[Path] = ()
    ) -> Changes | None:
        """Sync without ``retry``, or return None at once while another thread writes: that may
        take minutes."""
        with self._runs.alone(wait=False) as alone:
            return self.sync(progress=progress, hold=hold, retry=False) if alone else None

    def add(
        self,
        paths: Sequence[Path],
        *,
        overrides: Overrides = Overrides(),
        progress: ProgressListener | None = None,
    ) -> Changes:
        """Put files, and the files of folders, on the shelf and index them.

        A bad file is reported, and the rest is done. A file is read before it is put on the shelf,
        so one that cannot be read is never kept. Raises Interrupted.
        """
        return self._runs.add(paths, overrides, progress)

    def watch(
        self,
        stop: threading.Event,
        listener: Callable[[Changes], None],
        *,
        polling: bool = False,
    ) -> None:
        """Sync soon after each change in the folder, until ``stop`` is set; see ``Watch``."""

        def sync(hold: Collection[Path]) -> Changes | None:
            return self.sync_unless_writing(hold=hold)

        Watch(self._shelf.folder, sync, listener, polling=polling).run(stop)

    def take_in(self, document_ids: Sequence[str]) -> Changes:
        """Read documents again whose files or sidecars have changed. Raises UnknownDocument."""
        return self._runs.take_in(document_ids)

    def remove(self, document_ids: Sequence[str]) -> Changes:
        """Take documents off the shelf and out of the index; unknown ids are reported."""
        return self._runs.remove(document_ids)

    # ------------------------------------------------------------------ files

    def _open(self) -> None:
        self._database = Database(self._folder / "catalogue.sqlite")
        try:
            self.catalogue = Catalogue(self._database)
            self._generations = Generations(self._database)
            self._generations.purge_retired()
            verify(self._database)
            self._vectors = VectorStore(self._folder / "chroma", self._generations.catalogue_id)
            if not self._vectors.intact(self.catalogue.passage_count()):
                self._vectors.refill(self.catalogue.all_vectors())
        except BaseException:
            self._database.close()
            raise
        self._searcher = Searcher(self._database, self._vectors, self._embedder)
        self._writer = Writer(self._database, self._generations, self._vectors)
        self._runs = Runs(
            Parts(
                self._shelf,
                self._database,
                self.catalogue,
                self._writer,
                self._embedder,
                self._readers,
                self._max_bytes,
            )
        )

    def _start_over(self) -> None:
        """Empty the index in place: other threads search on, in what is there by then."""
        for folder in self._other_recipes():
            _delete(folder)
        with self._writer.lock:
            self._generations.start_over()
            self._vectors.start_over(self._generations.catalogue_id)

    def _drop_other_recipes(self) -> None:
        """Delete what other models or splitters left: they hold texts that may be gone by now."""
        for folder in self._other_recipes():
            shutil.rmtree(folder, ignore_errors=True)

    def _other_recipes(self) -> list[Path]:
        return [one for one in self._all.iterdir() if one.is_dir() and one != self._folder]


def discard(state: Path) -> None:
    """Delete the whole index, damaged or not; the documents folder makes it again.

    Raises IndexFailure when the state folder cannot be written.
    """
    _delete(state / "index")


def _delete(folder: Path) -> None:
    try:
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise IndexFailure(
            f"the index {folder} could not be deleted ({error.strerror}): check the folder's rights"
        ) from error
