"""The recipe of an index: change an ingredient and it is another index, in another folder."""

from __future__ import annotations

import hashlib

from corpus import clean
from index import split, terms
from index.database import SCHEMA_VERSION
from index.embed import Embedder


def recipe(embedder: Embedder) -> str:
    """Return 12 hexadecimal digits that stand for everything an index is made with.

    Two homes with one recipe and the same documents have the same passages and vectors.
    """
    ingredients = (
        f"schema {SCHEMA_VERSION}",
        f"cleaner {clean.VERSION}",
        f"splitter {split.VERSION} of {split.PASSAGE_TOKENS}",
        f"terms {terms.VERSION}",
        f"model {embedder.fingerprint}",
    )
    return hashlib.sha256("\n".join(ingredients).encode()).hexdigest()[:12]
