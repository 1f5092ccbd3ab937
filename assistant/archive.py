"""The open home: its documents, its index and its answers, for one process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from assistant import ask
from assistant.answers import Answer, Event, Turn
from assistant.asking import Asking, last
from assistant.building import Building
from assistant.chats import CHATS, Chats
from assistant.curator import Curator
from assistant.embedders import EmbedderFinder, default_embedder, is_loaded, named_model
from assistant.examples import examples_of
from assistant.freshness import Freshness
from assistant.home import Home, mirror_of, placed
from assistant.searching import Searching, named_reranker
from assistant.settings import Settings
from assistant.vector_server import server_of
from assistant.watching import Watching
from corpus.documents import Document, Overrides, Removed
from corpus.shelf import Shelf
from index.backends import LoadableEmbedder
from index.entries import Changes, Entry, ProgressListener
from index.index import Index
from index.passages import Filters, Hit
from index.sharing import joined


class Archive:
    """Everything that can be done with a home; safe to share between threads."""

    def __init__(
        self,
        home: Home,
        settings: Settings,
        embedder: LoadableEmbedder | None = None,
        *,
        mend: bool = False,
        examines: bool = False,
    ) -> None:
        """Open the home's index; with ``mend``, a damaged one is deleted. Who ``examines`` the home
        gets an empty one where none can be had from the database yet.

        The caller sees to it that no other process has the home open (``assistant.owner``). Raises
        IndexFailure, BadSettings or ShelfError.
        """
        self.home = home = placed(home, settings.documents)
        self.settings = settings
        self.embedder = embedder or default_embedder(settings)
        self.shelf = Shelf(home.documents, mirror_of(home, settings.documents))
        self._index = Index(
            home.state,
            self.shelf,
            self.embedder,
            named=named_model(settings),
            find_embedder=EmbedderFinder(settings),
            keep=settings.keep_indexes,
            max_bytes=settings.max_file_mb * 1_000_000,
            mend=mend,
            server=server_of(settings),
            sharing=joined(settings.database, home.documents, needed=not examines),
        )
        self.searching = Searching(self._index, named_reranker(settings), self.refresh)
        self._asking = Asking(self._index, settings, self.searching)
        self._curator = Curator(self.shelf, self._index)
        self.watching = Watching(self._index)
        self._freshness = Freshness(self._index, self.watching)
        self.new_index = Building(self._index)
        self.chats = Chats(home.state / CHATS, settings.database)

    def __enter__(self) -> Self:
        """Return the archive itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of all files."""
        self.watching.close()
        self._index.close()
        self.new_index.join()
        self.chats.close()

    @property
    def index(self) -> Index:
        """The open index, for programs that search it themselves."""
        return self._index

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        llm: str | None = None,
        quotes: int | None = None,
        searched: str = "",
    ) -> Generator[Event, None, None]:
        """Answer a question as events; see ``ask.stream``. ``llm`` names what writes the answer,
        and ``quotes`` how many sentences it quotes at most, in place of what the settings say."""
        ask.checked_question(question)
        model = self._asking.model(llm)
        self.searching.expect()
        self.refresh()
        narrowed = self.searching.checked(filters)
        return self._asking.stream(question, history, narrowed, model, quotes, searched)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        llm: str | None = None,
        listener: Callable[[Event], None] = lambda event: None,
    ) -> Answer:
        """Answer a question; ``listener`` hears the events, and may stop the work by raising.

        Raises BadQuestion, BadSettings, and what the index raises.
        """
        return last(self.stream(question, history=history, filters=filters, llm=llm), listener)

    def search(self, query: str, *, k: int = 10, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Return the ``k`` best passages for a query. Raises BadQuestion."""
        return self.searching.find(query, k=k, filters=filters).hits

    def ready(self) -> bool:
        """Tell whether the model is loaded, so that a question is answered at once."""
        return is_loaded(self._index.embedder)

    def load(self) -> None:
        """Load what questions need now: the model, and Chroma in a thread. Raises
        ModelUnavailable."""
        self._index.warm()
        with self._index.view() as index:
            index.embedder.embed_question("?")
        self.searching.load()
        self._asking.load()

    def examples(self) -> tuple[str, ...]:
        """Return questions to show on the empty page; see ``examples.examples_of``."""
        return examples_of(self)

    def entries(self) -> tuple[Entry, ...]:
        """Return all documents, the newest first."""
        return self._index.catalogue.entries()

    def entry(self, document_id: str) -> Entry:
        """Return one document's entry. Raises UnknownDocument."""
        return self._index.catalogue.entry(document_id)

    def document(self, document_id: str) -> Document:
        """Return one document with its text. Raises UnknownDocument."""
        return self._index.catalogue.document(document_id)

    def version(self, sha256_prefix: str) -> Document | None:
        """Return the document whose text has a hash that begins so, if there is one now."""
        return self._index.catalogue.version(sha256_prefix)

    def removed_parts(self, document_id: str) -> tuple[Removed, ...]:
        """Return what cleaning took out of a document. Raises UnknownDocument."""
        return self._index.catalogue.removed_parts(document_id)

    def restored_parts(self, document_id: str) -> tuple[str, ...]:
        """Return the parts that a curator put back. Raises UnknownDocument."""
        return self._curator.restored(document_id)

    def add(
        self,
        paths: Sequence[Path],
        *,
        overrides: Overrides = Overrides(),
        progress: ProgressListener | None = None,
    ) -> Changes:
        """Add files, or the files in folders, to the documents folder and to the index."""
        return self._index.add(paths, overrides=overrides, progress=progress)

    def remove(self, document_ids: Sequence[str]) -> Changes:
        """Remove documents from the documents folder and from the index."""
        return self._index.remove(document_ids)

    def remove_file(self, path: str) -> None:
        """Delete a file of the documents by its path there; the next sync takes note."""
        self.shelf.remove(self.home.documents / path)

    def describe(self, document_id: str, overrides: Overrides) -> Changes:
        """Write what a curator says about a document into its sidecar; see ``Curator``."""
        return self._curator.describe(document_id, overrides)

    def restore_removed(self, document_id: str, texts: Sequence[str]) -> Changes:
        """Put parts back that cleaning took out of a document; see ``Curator``."""
        return self._curator.restore_removed(document_id, texts)

    def keep_out(self, document_id: str, texts: Sequence[str]) -> Changes:
        """Let cleaning take out again what was put back; see ``Curator``."""
        return self._curator.keep_out(document_id, texts)

    def release(self, document_ids: Sequence[str]) -> Changes:
        """Let quarantined documents, with the texts of now, be retrieved; faults are reported."""
        return self._curator.release(document_ids)

    def needs_rebuild(self, *, thorough: bool = False) -> bool:
        """Tell whether the index is damaged in a way that only ``sync(rebuild=True)`` mends."""
        return not self._index.is_sound(thorough=thorough)

    def update(self, progress: ProgressListener | None = None) -> Changes:
        """Bring the index that answers up to date with the documents folder."""
        return self._freshness.update(progress)

    def sync(self, *, rebuild: bool = False, progress: ProgressListener | None = None) -> Changes:
        """Bring the index up to date with the documents folder and with the settings.

        Where that takes a new index, the old one answers until it is built.
        """
        if rebuild or self.new_index.due:
            return self._index.sync(rebuild=rebuild, progress=progress)
        return self.update(progress)

    def refresh(self, progress: ProgressListener | None = None) -> None:
        """Take in what people changed in the folder by hand, unless that was just done.

        Files that cannot be taken in are left to ``sync``, which reports them. While documents are
        being added nothing is waited for: a question is answered from what is there.
        """
        self._freshness.refresh(progress)

    def watch(
        self,
        listener: Callable[[Changes], None] = lambda changes: None,
        *,
        stop: threading.Event | None = None,
    ) -> None:
        """Take in what changes in the folder soon after it does, until ``stop`` is set or Ctrl-C.

        Questions do not look through the folder themselves meanwhile.
        """
        self.watching.run(listener, stop)

    def start_watching(self) -> None:
        """Watch in a thread of its own until the archive is closed."""
        self.watching.start()
        self._index.sharing.follow(self._index.catch_up)
