"""Our index as a LlamaIndex retriever, for programs that are built on LlamaIndex.

The only file that knows LlamaIndex. Its own pipelines are not used here, for reasons with numbers
in ``docs/decisions/``; its retriever and node types are what other people's programs speak.
"""

from __future__ import annotations

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from corpus.documents import Document
from index.index import Index
from index.passages import Filters, Hit


class IndexRetriever(BaseRetriever):
    """Give an open index to a LlamaIndex query engine.

    Each node's text is a passage, word for word; its score is the hit's, in 0..1; its character
    offsets are those in the document's text, whose id, title, date and hash are in the metadata.
    Vectors and filters stay ours: of a ``QueryBundle`` only the text is used.
    """

    def __init__(self, index: Index, *, k: int = 10, filters: Filters = Filters()) -> None:
        super().__init__()
        self._index = index
        self._k = k
        self._filters = filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        query = self._index.prepare(query_bundle.query_str)
        hits = self._index.search(query, k=self._k, filters=self._filters)
        return [_node(hit, self._index.catalogue.document(hit.passage.document_id)) for hit in hits]


def _node(hit: Hit, document: Document) -> NodeWithScore:
    metadata = {
        "document_id": document.id,
        "title": document.title,
        "date": document.date.isoformat() if document.date else None,
        "source": document.source,
        "url": document.url,
        "sha256": document.sha256,
    }
    node = TextNode(
        id_=hit.passage.id,
        text=hit.text,
        start_char_idx=hit.passage.start,
        end_char_idx=hit.passage.end,
        metadata=metadata,
        # A hash helps a program and tells a language model nothing.
        excluded_llm_metadata_keys=["sha256", "document_id"],
        excluded_embed_metadata_keys=list(metadata),
    )
    return NodeWithScore(node=node, score=hit.score)
