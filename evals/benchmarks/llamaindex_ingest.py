"""``python -m evals.benchmarks.llamaindex_ingest DOCUMENTS STORE``: the baseline of ingest speed.

It is what a LlamaIndex user writes from its documentation, with two changes so that all text is
embedded, as ours is: chunks of 256 of its tokens in place of 1,024, of which the model would read
the first quarter, and the default's share of overlap, 200 in 1,024, so 50 in 256.
"""

from __future__ import annotations

import sys
from typing import Any

CHUNK, OVERLAP = 256, 50


def main() -> None:
    """Index a folder."""
    # Untyped here: the two integrations are no dependencies of ours.
    from importlib import import_module

    import chromadb
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter

    from index.model_files import DEFAULT_MODEL, model_folder

    embedding: Any = import_module("llama_index.embeddings.huggingface").HuggingFaceEmbedding
    store: Any = import_module("llama_index.vector_stores.chroma").ChromaVectorStore
    documents = SimpleDirectoryReader(sys.argv[1]).load_data()
    client = chromadb.PersistentClient(path=sys.argv[2])
    collection = client.get_or_create_collection("documents")
    index = VectorStoreIndex.from_documents(
        documents,
        storage_context=StorageContext.from_defaults(
            vector_store=store(chroma_collection=collection)
        ),
        embed_model=embedding(model_name=str(model_folder(DEFAULT_MODEL))),
        transformations=[SentenceSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)],
    )
    assert index is not None
    print(collection.count())


if __name__ == "__main__":
    main()
