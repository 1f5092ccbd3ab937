"""A question set beside what was found for it: passages, their documents, and ranked sentences."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.abstain import Features, features
from assistant.cite import still_stands
from assistant.expect import Expected, expected
from assistant.extract import Quote, rank_sentences
from corpus.documents import Document
from corpus.errors import UnknownDocument
from index.passages import Hit
from index.search import Query
from index.steering import Searchable


@dataclass(frozen=True, slots=True)
class Examination:
    """A question with what was found for it: passages, their documents, and ranked sentences."""

    query: Query
    wanted: Expected
    hits: tuple[Hit, ...]
    documents: Mapping[str, Document]
    ranked: tuple[Quote, ...]

    @property
    def features(self) -> Features | None:
        """What the confidence looks at; None where there is no sentence to judge."""
        if not self.ranked:
            return None
        dates = {document_id: one.date for document_id, one in self.documents.items()}
        return features(self.query, self.wanted, self.hits, self.ranked, self.titles, dates)

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the documents, by id."""
        return {document_id: one.title for document_id, one in self.documents.items()}


def examine(index: Searchable, query: Query, hits: Sequence[Hit]) -> Examination:
    """Rank the sentences of the passages that were found for a question.

    A passage whose document was changed or removed since the search is left out: another text
    may stand in its place by now.
    """
    wanted = expected(query.text)
    documents = _documents(index, dict.fromkeys(hit.passage.document_id for hit in hits))
    hits = [hit for hit in hits if still_stands(hit, documents.get(hit.passage.document_id))]
    titles = {document_id: one.title for document_id, one in documents.items()}
    ranked = rank_sentences(query, wanted, hits, titles)
    return Examination(query, wanted, tuple(hits), documents, tuple(ranked))


def _documents(index: Searchable, document_ids: Iterable[str]) -> dict[str, Document]:
    found = {}
    for document_id in document_ids:
        with contextlib.suppress(UnknownDocument):
            found[document_id] = index.catalogue.document(document_id)
    return found
