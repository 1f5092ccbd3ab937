"""Our index as a LlamaIndex retriever, for programs that are built on LlamaIndex.

The only file that knows LlamaIndex. Its own pipelines are not used here, for reasons with numbers
in ``docs/decisions/``; its retriever and node types are what other people's programs speak.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from corpus.errors import BadQuestion, UnknownDocument
from index.catalogue import Catalogue, unknown
from index.entries import Entry
from index.finding import Finder
from index.index import Index
from index.passages import Filters, Hit

_log = logging.getLogger(__name__)


class IndexRetriever(BaseRetriever):
    """Give an open index to a LlamaIndex query engine; safe to share between threads.

    Each node's text is a passage, word for word; its score is the hit's, in 0..1; its id is the
    passage's, which stays the same as long as the document's text does. Character offsets in the
    document's text, and that text's hash, are in the metadata with its id, title, date, source,
    address and tags. Vectors and filters stay ours: of a ``QueryBundle`` only the text is used.

    A question is searched for as the assistant does it: each side of a comparison, and with the
    dates that it names (``index.finding``). ``finder`` may bring a reranker. Where the filters name
    a source, a tag or a document that is not there, a warning is logged.
    """

    def __init__(
        self,
        index: Index,
        *,
        k: int = 10,
        filters: Filters = Filters(),
        finder: Finder | None = None,
    ) -> None:
        """Raises ValueError where ``k`` is no number of passages, or no date passes the filters."""
        if k < 1:
            raise ValueError(f"k is {k}: ask for at least 1 passage")
        if filters.since and filters.until and filters.since > filters.until:
            raise ValueError(f"since {filters.since} is after until {filters.until}: swap them")
        super().__init__()
        self._index = index
        self._k = k
        self._filters = filters
        self._finder = finder or Finder()

    def narrowed(self, *, k: int | None = None, filters: Filters | None = None) -> IndexRetriever:
        """Return a retriever over the same index with another ``k`` or other filters."""
        return IndexRetriever(
            self._index,
            k=self._k if k is None else k,
            filters=self._filters if filters is None else filters,
            finder=self._finder,
        )

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        question = query_bundle.query_str.strip()
        if not question:
            raise BadQuestion("the question is empty: give the retriever some text")
        nodes = []
        with self._index.view() as view:
            found = self._finder.find(view, question, k=self._k, filters=self._filters)
            for remark in (*found.remarks, *_not_there(view.catalogue, self._filters)):
                _log.warning("%s", remark)
            for hit in found.hits:
                # A document may be removed between the search and this look at it.
                with contextlib.suppress(UnknownDocument):
                    nodes.append(_node(hit, view.catalogue.entry(hit.passage.document_id)))
        return nodes

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """Search in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self._retrieve, query_bundle)


def _not_there(catalogue: Catalogue, filters: Filters) -> Iterator[str]:
    known = catalogue.about(set(filters.documents)) if filters.documents else {}
    for one in filters.documents:
        if one not in known:
            yield str(unknown(one))


def _node(hit: Hit, entry: Entry) -> NodeWithScore:
    metadata = {
        "document_id": entry.id,
        "title": entry.title,
        "date": entry.date.isoformat() if entry.date else None,
        "source": entry.source,
        "url": entry.url,
        "tags": ", ".join(entry.tags),
        "start": hit.passage.start,
        "end": hit.passage.end,
        "copies": ", ".join(dict.fromkeys(copy.document_id for copy in hit.copies)),
        # Of the version that the passage was read from, whatever the document says by now.
        "sha256": hit.sha256,
    }
    node = TextNode(
        id_=hit.passage.id,
        text=hit.text,
        start_char_idx=hit.passage.start,
        end_char_idx=hit.passage.end,
        metadata=metadata,
        # Offsets and a hash help a program and tell a language model nothing.
        excluded_llm_metadata_keys=["document_id", "tags", "start", "end", "copies", "sha256"],
        excluded_embed_metadata_keys=list(metadata),
    )
    return NodeWithScore(node=node, score=hit.score)
