"""The open index of one home: kept up to date with the documents folder, and searched."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

from corpus.documents import Overrides
from corpus.errors import AlreadyOnShelf, CorpusError, IndexFailure, VectorsDamaged
from corpus.read import read_document
from corpus.shelf import Shelf
from index.catalogue import Catalogue
from index.database import Database
from index.embed import Embedder
from index.entries import Changes, Failed, Progress, ProgressListener, Skipped
from index.generations import Generations
from index.intake import Named, files_of
from index.integrity import verify
from index.passages import Filters, Hit
from index.recipe import recipe
from index.search import Query, Searcher
from index.sync import Syncer
from index.vectors import VectorStore


class Index:
    """Searches may run in many threads while one writes; a second writer waits its turn.

    Its files lie in ``<state>/index/<recipe>/``. One process at a time may have it open: whoever
    opens it sees to that (``assistant.owner``).
    """

    def __init__(
        self, state: Path, shelf: Shelf, embedder: Embedder, *, max_bytes: int = 25_000_000
    ) -> None:
        """Open the index, or make an empty one. Raises CatalogueDamaged or IndexFailure."""
        self._shelf = shelf
        self._embedder = embedder
        self._max_bytes = max_bytes
        self._all = state / "index"
        self._folder = self._all / recipe(embedder)
        self._writing = threading.RLock()
        self._open()

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
            with self._writing:
                self._vectors.refill(self.catalogue.all_vectors())
            return self._searcher.search(query, k=k, filters=filters)

    # ------------------------------------------------------------------ writing

    def sync(self, *, rebuild: bool = False, progress: ProgressListener | None = None) -> Changes:
        """Bring the index up to date with the folder; ``rebuild`` starts from an empty one."""
        with self._writing:
            if rebuild:
                self._start_over()
            changes = self._syncer.sync(self._shelf, progress)
            self._wipe(changes)
            if not changes.failed:
                self._drop_other_recipes()
            return changes

    def sync_unless_writing(self, progress: ProgressListener | None = None) -> Changes | None:
        """Sync, or return None at once while another thread writes: that may take minutes."""
        if not self._writing.acquire(blocking=False):
            return None
        try:
            return self.sync(progress=progress)
        finally:
            self._writing.release()

    def add(
        self,
        paths: Sequence[Path],
        *,
        overrides: Overrides = Overrides(),
        progress: ProgressListener | None = None,
    ) -> Changes:
        """Put files, and the files of folders, on the shelf and index them.

        A bad file is reported, and the rest is done. A file is read before it is put on the
        shelf, so one that cannot be read is never kept.
        """
        files, changes = files_of(paths)
        placed: set[Path] = set()
        for done, named in enumerate(files):
            if progress is not None:
                progress(Progress("reading", done, len(files), named.path.name))
            with self._writing:
                changes += self._add_one(named, overrides, placed)
        with self._writing:
            self._wipe(changes)
        return changes

    def remove(self, document_ids: Sequence[str]) -> Changes:
        """Take documents off the shelf and out of the index; unknown ids are reported."""
        changes = Changes()
        with self._writing:
            for document_id in dict.fromkeys(document_ids):
                try:
                    path = self.catalogue.entry(document_id).path
                    self._shelf.remove(self._shelf.folder / path)
                except CorpusError as error:
                    changes += Changes(failed=(Failed(document_id, str(error)),))
                else:
                    changes += self._syncer.forget((document_id,))
            self._wipe(changes)
        return changes

    def _add_one(self, named: Named, overrides: Overrides, placed: set[Path]) -> Changes:
        path = named.path
        try:
            candidate = read_document(path, folder=path.parent, max_bytes=self._max_bytes)
            place = self._shelf.place(path, within=named.within)
            if place in placed:
                return Changes(failed=(Failed(str(path), _same_name(path)),))
            twin = self._twin(candidate.document.sha256, place)
            if twin is not None:
                return Changes(skipped=(Skipped(str(path), f"same text as the document {twin!r}"),))
            placed.add(place)
            with contextlib.suppress(AlreadyOnShelf):
                self._shelf.put(
                    path, overrides=overrides, within=named.within, max_bytes=self._max_bytes
                )
            document_id = self._shelf.id_of(place)
        except CorpusError as error:
            return Changes(failed=(Failed(str(path), str(error)),))
        return self._syncer.take_in(self._shelf, document_id, place)

    def _wipe(self, changes: Changes) -> None:
        if changes.updated or changes.removed:
            self._generations.wipe_deleted()

    def _twin(self, sha256: str, place: Path) -> str | None:
        """Return another document with the same text; the version that gets replaced is none."""
        twin = self.catalogue.same_text(sha256)
        if twin is None or self._shelf.folder / self.catalogue.entry(twin).path == place:
            return None
        return twin

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
        self._syncer = Syncer(
            self.catalogue,
            self._generations,
            self._vectors,
            self._embedder,
            max_bytes=self._max_bytes,
        )

    def _start_over(self) -> None:
        """Empty the index in place: other threads search on, in what is there by then."""
        for folder in self._other_recipes():
            _delete(folder)
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


def _same_name(path: Path) -> str:
    return (
        f"{path}: another file of this call is also named {path.name}, and would be replaced: "
        "rename one of them and add it again"
    )
