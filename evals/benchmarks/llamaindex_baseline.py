"""LlamaIndex's default pipeline, end to end, with our embedding model: the peer to be beaten.

Each paragraph is a LlamaIndex document with its title as metadata, split by its default splitter
(1024 tokens, overlap 200), embedded with the title in front as it does by default, and searched in
its default vector store. Nothing of it reads a setting that would call a service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter

from evals.benchmarks.collection import Paragraph
from index.embed import Embedder

Ranker = Callable[[str], list[str]]
"""A question in, the ids of documents out, the best first."""


class _Embedding(BaseEmbedding):
    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder, **options: Any) -> None:
        super().__init__(model_name=embedder.fingerprint, embed_batch_size=64, **options)
        self._embedder = embedder

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.embed(texts).tolist()
        return vectors

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self._embedder.embed_question(query).tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def llamaindex_ranker(
    paragraphs: Mapping[str, Paragraph], embedder: Embedder, depth: int
) -> Ranker:
    """Index paragraphs, given by their documents' ids, and return how LlamaIndex ranks them."""
    index = VectorStoreIndex.from_documents(
        [
            Document(text=one.text, doc_id=document, metadata={"title": one.title})
            for document, one in paragraphs.items()
        ],
        embed_model=_Embedding(embedder),
        transformations=[SentenceSplitter()],
    )
    retriever = index.as_retriever(similarity_top_k=depth)

    def rank(question: str) -> list[str]:
        nodes = sorted(retriever.retrieve(question), key=lambda node: -(node.score or 0.0))
        return list(dict.fromkeys(str(node.node.ref_doc_id) for node in nodes))

    return rank
