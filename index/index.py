"""The open index of one home: kept up to date with the documents folder, and searched."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.documents import Overrides
from corpus.errors import CatalogueDamaged, DatabaseAway
from corpus.sandbox import Readers, shared
from corpus.shelf import Shelf
from index.beside import Beside
from index.embed import Embedder
from index.entries import Changes, ProgressListener
from index.integrity import verify_file
from index.made import NOBODY, ModelName
from index.opener import Opener
from index.opening import FindEmbedder, OneModel
from index.passages import Filters, Hit
from index.search import Query
from index.server import Server
from index.sharing import Alone, Sharing
from index.store import Store
from index.surroundings import Surroundings
from index.told import Told
from index.watch import Watch


class Index(Told):
    """Searches may run in many threads while others write; those write in turn.
    Its files lie in ``<state>/index/``, a folder for each recipe (``index.beside``). One process at
    a time may have it open: whoever opens it sees to that (``assistant.owner``).
    """

    def __init__(
        self,
        state: Path,
        shelf: Shelf,
        embedder: Embedder,
        *,
        named: ModelName = NOBODY,
        find_embedder: FindEmbedder | None = None,
        keep: int = 1,
        max_bytes: int = 25_000_000,
        readers: Readers | None = None,
        mend: bool = False,
        server: Server | None = None,
        sharing: Sharing | None = None,
    ) -> None:
        """Open the index, or make an empty one. Raises CatalogueDamaged or IndexFailure.

        ``named`` is written down for a later ``find_embedder``, which loads the model of an index
        that was made with another one. ``keep`` other indexes are kept to go back to. With
        ``mend``, a damaged one is deleted. ``readers`` default to those that all of this process
        uses. ``server`` keeps the vectors in place of this process. ``sharing`` joins the index
        with those of other hosts, and is closed with it.
        """
        self.remote = None
        if server is not None:
            from index.remote import Remote  # which needs an HTTP client

            self.remote = Remote(server, state / "index")
        self.sharing = sharing or Alone()
        readers, lock = readers or shared(), threading.RLock()
        around = Surroundings(shelf, readers, max_bytes, lock, set(), self.sharing, self.remote)
        self.shelf = shelf
        opener = Opener(state / "index", around, named)
        self._beside = Beside(opener, embedder, find_embedder or OneModel(embedder), keep)
        self._beside.open(mend=mend)

    def is_sound(self, *, thorough: bool = False) -> bool:
        """Tell whether what is stored is as it was stored; see ``verify_file``."""
        try:
            verify_file(self._database, thorough=thorough)
        except CatalogueDamaged:
            return False
        return True

    def close(self) -> None:
        """Stop building, and let go of all files."""
        self._beside.close()

    # ------------------------------------------------------------------ reading

    @contextlib.contextmanager
    def view(self) -> Iterator[Store]:
        """Give one index to prepare, search and read documents in, also if another takes over."""
        with self._beside.view() as store:
            yield store

    def prepare(self, question: str) -> Query:
        """Embed a question and weigh its terms."""
        with self.view() as store:
            return store.prepare(question)

    def search(self, query: Query, *, k: int = 10, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Return the ``k`` best passages, the best first."""
        with self.view() as store:
            return store.search(query, k=k, filters=filters)

    def warm(self) -> None:
        """Make Chroma ready in a thread, as whoever asks more than a few questions should."""
        with self.view() as store:
            store.vectors.warm()

    # ------------------------------------------------------------------ writing

    def sync(
        self,
        *,
        rebuild: bool = False,
        progress: ProgressListener | None = None,
        hold: Collection[Path] = (),
        retry: bool = True,
    ) -> Changes:
        """Bring the index up to date with the folder; see ``update`` and ``build``."""
        before = Changes()
        if not rebuild or self.outdated:
            # A damaged one that cannot be brought up to date is made again all the same.
            with contextlib.suppress(*([CatalogueDamaged] if rebuild else [])):
                before = self.update(progress=progress, hold=hold, retry=retry)
        if not rebuild and not self.outdated:
            return before
        built = self.build(rebuild=rebuild, progress=progress)
        if built == Changes():  # another thread did it
            return before
        return replace(built, removed=tuple(dict.fromkeys(before.removed + built.removed)))

    def update(
        self,
        *,
        progress: ProgressListener | None = None,
        hold: Collection[Path] = (),
        retry: bool = True,
    ) -> Changes:
        """Bring the index that answers up to date with the folder.

        Files to ``hold`` are left as they are. Without ``retry``, a file that could not be read
        and has not changed since is only reported again, and a database may be away. Raises
        ShelfError where the folder is missing, DatabaseAway, and Interrupted.
        """
        with contextlib.suppress(*([] if retry else [DatabaseAway])):
            self.catch_up()
        with self._beside.writing() as store, store.runs.alone():
            changes = store.runs.sync(progress, hold, retry=retry)
            self._beside.updated(changes)
            return changes

    def build(self, *, rebuild: bool = False, progress: ProgressListener | None = None) -> Changes:
        """Build the new index beside the one that answers, and let it take over.

        With ``rebuild`` it is built anew even if the recipe is that of now, and nothing is taken
        over from the old one. Returns what went into it. Raises what ``update`` raises; what was
        built of a new recipe by then is gone on with by the next call.
        """
        return self._beside.build(rebuild=rebuild, progress=progress)

    def sync_unless_writing(
        self, progress: ProgressListener | None = None, *, hold: Collection[Path] = ()
    ) -> Changes | None:
        """Update without ``retry``, or return None at once while another thread writes: that may
        take minutes."""
        with self._beside.writing_at_once() as store:
            if store is None:
                return None
            with store.runs.alone(wait=False) as alone:
                return self.update(progress=progress, hold=hold, retry=False) if alone else None

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
        with self._beside.writing() as store:
            return store.runs.add(paths, overrides, progress)

    def catch_up(self) -> None:
        """Take in what other hosts wrote. Raises DatabaseAway."""
        if self.sharing.joins:
            with self._beside.writing() as store:
                self.sharing.catch_up(store)

    def adopt(self) -> None:
        """Let this documents folder be what all hosts' index is made of."""
        with self._beside.writing() as store:
            self.sharing.adopt(store)

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

        every = None if self.shelf.mirror is None else self.shelf.fresh_seconds
        Watch(self.shelf.folder, sync, listener, polling=polling, every=every).run(stop)

    def take_in(self, document_ids: Sequence[str]) -> Changes:
        """Read documents again whose files or sidecars have changed. Raises UnknownDocument."""
        with self._beside.writing() as store:
            return store.runs.take_in(document_ids)

    def remove(self, document_ids: Sequence[str]) -> Changes:
        """Take documents off the shelf and out of the index; unknown ids are reported."""
        with self._beside.writing() as store:
            return store.runs.remove(document_ids)
