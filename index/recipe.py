"""The recipe of an index: change an ingredient and it is another index, in another folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from corpus import clean, documents, duplicates
from index import lexical, reuse, sentences, split, terms, worded
from index.database import SCHEMA_VERSION
from index.embed import Embedder
from index.word_table import table_name

Ingredients = Mapping[str, str]
"""Names of ingredients with their versions, in the order in which they are hashed."""


def ingredients(embedder: Embedder) -> Ingredients:
    """Return everything an index is made with.

    Two homes with one recipe and the same documents have the same passages and vectors, as far as
    it depends on this program: what libraries read from a PDF may change with them, and a document
    is read again when its file changes.
    """
    return {
        "schema": str(SCHEMA_VERSION),
        "readers": str(documents.READING_VERSION),
        "cleaner": str(clean.VERSION),
        "sentences": str(sentences.VERSION),
        "splitter": f"{split.VERSION} of {split.PASSAGE_TOKENS}",
        "terms": str(terms.VERSION),
        "weights": str(lexical.VERSION),
        "words": f"{worded.VERSION} of {table_name()}",
        "context": str(reuse.CONTEXT_VERSION),
        "signatures": str(duplicates.VERSION),
        "model": embedder.fingerprint,
    }


def digits(of: Ingredients) -> str:
    """Return 12 hexadecimal digits that stand for ingredients."""
    lines = (f"{name} {version}" for name, version in of.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
