"""How an open home looks for passages: its reranker, checked filters, and explanations."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Protocol

from assistant.ask import checked_question
from assistant.settings import Settings
from corpus.errors import BadFilter, UnknownDocument
from index.explain import Explainer
from index.explained import Explained, Explanation
from index.finding import Finder, Found, Reranker
from index.index import Index
from index.known_names import listed_near, told_name
from index.passages import Filters, Hit


class LoadableReranker(Reranker, Protocol):
    """A reranker that can be loaded before it is needed."""

    def load(self) -> None: ...  # noqa: D102


class Searching:
    """Searches of one index; safe to share between threads."""

    def __init__(
        self, index: Index, reranker: LoadableReranker | None, refresh: Callable[[], None]
    ) -> None:
        """Call ``refresh`` before each search, to take in what changed meanwhile."""
        self._index = index
        self._refresh = refresh
        self._reranker = reranker
        self.finder = Finder(reranker=reranker)

    def load(self) -> None:
        """Load the reranker, if there is one, now. Raises ModelUnavailable."""
        if self._reranker is not None:
            self._reranker.load()

    def expect(self) -> None:
        """Begin to load what the question to come needs, while files are looked at."""
        with self._index.view() as view:
            view.expect_question()

    def checked(self, filters: Filters) -> Filters:
        """Return filters that name documents by their ids, where they name them by their files.

        Raises UnknownDocument for one that is not there, as nothing could ever pass such a filter,
        and BadFilter for an empty name.
        """
        for kind in ("source", "tag", "document"):
            if any(not name.strip() for name in getattr(filters, f"{kind}s")):
                raise BadFilter(f"a {kind} to look for is empty: name one, or leave it out")
        if not filters.documents:
            return filters
        found = tuple(self._id_of(name) for name in filters.documents)
        return dataclasses.replace(filters, documents=found)

    def find(
        self, question: str, *, k: int = 10, filters: Filters = Filters(), plain: bool = False
    ) -> Found:
        """Return the ``k`` best passages; see ``Finder.find``. Raises BadQuestion."""
        asked = checked_question(question)
        self.expect()
        self._refresh()
        filters = self.checked(filters)
        with self._index.view() as view:
            return self.finder.find(view, asked, k=k, filters=filters, plain=plain)

    def explain(
        self,
        question: str,
        *,
        k: int = 10,
        filters: Filters = Filters(),
        why_not: str | None = None,
    ) -> Explanation:
        """Explain the ``k`` best passages and, where one is named, why a document is not there."""
        filters = self.checked(filters)
        with self._index.view() as view:
            found = self.finder.find(view, question, k=k, filters=filters)
            return Explainer(view, found, filters).explanation(why_not)

    def explain_place(
        self, question: str, document_id: str, start: int, *, k: int, filters: Filters = Filters()
    ) -> Explained | None:
        """Explain the passage of a document in which a character stands; None if it is not found.

        That is one of the ``k`` best, or else the one that a search in its document finds.
        """
        filters = self.checked(filters)
        with self._index.view() as view:
            found = self.finder.find(view, question, k=k, filters=filters)
            explainer = Explainer(view, found, filters)
            for place, hit in enumerate(found.hits, start=1):
                if _holds(hit, document_id, start):
                    return explainer.explained(hit, place)
            only = dataclasses.replace(filters, documents=(document_id,))
            for hit in view.search(found.query, k=_OF_DOCUMENT, filters=only):
                if _holds(hit, document_id, start):
                    return explainer.explained(hit, None)
        return None

    def _id_of(self, name: str) -> str:
        catalogue = self._index.catalogue
        if catalogue.about({name}):
            return name
        stamps = catalogue.stamps()
        for document_id, (path, _) in stamps.items():
            if name in (path, path.rsplit("/", 1)[-1]):
                return document_id
        shown, near = told_name(name), listed_near(name, stamps)
        if near:
            raise UnknownDocument(f"no document is called {shown!r}. Did you mean {near}?")
        raise UnknownDocument(
            f"no document is called {shown!r}, so nothing can be looked for in it: 'assistant "
            "list' shows the ids there are"
        )


_OF_DOCUMENT = 50
"""Passages of one document among which a place is looked for."""


def _holds(hit: Hit, document_id: str, start: int) -> bool:
    passage = hit.passage
    return passage.document_id == document_id and passage.start <= start < passage.end


def named_reranker(settings: Settings) -> LoadableReranker | None:
    """Return the reranker that the settings name, not loaded yet; None where they name none.

    Raises ModelUnavailable where it is not there.
    """
    if settings.reranker == "none":
        return None
    from index.rerank import CrossEncoderReranker

    return CrossEncoderReranker(settings.reranker, online=settings.online)
