"""Index folders of releases that did not yet write down what an index was made with.

Such a folder is named after its recipe, so trying all recipes that were ever released, with the
model of now, tells which one it is. The new index is built from the documents, and takes over the
vectors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from index.made import Found, Made
from index.recipe import Ingredients

# Schema, readers, cleaner, sentences, splitter, by release; the rest was the same in all of them.
# A zero stands for what was there before there was a version of it.
_RELEASED = (
    ("1", "0", "1", "0", "1 of 180"),
    ("2", "0", "1", "0", "1 of 180"),
    ("2", "0", "1", "1", "2 of 180"),
    ("3", "1", "2", "1", "2 of 180"),
)


def recognized(found: Found, fingerprint: str) -> Found:
    """Return what was found with what it was made with, if that is a released recipe.

    ``fingerprint`` is that of the model of now; the name of another one cannot be guessed.
    """
    if found.made is not None or not found.schema:
        return found
    for made_with in _released(fingerprint):
        if made_with["schema"] == str(found.schema) and _old_name(made_with) == found.folder.name:
            return Found(found.folder, found.schema, Made(made_with, complete=True))
    return found


def _released(fingerprint: str) -> Iterator[Ingredients]:
    for schema, readers, cleaner, sentences, splitter in _RELEASED:
        yield {
            "schema": schema,
            "readers": readers,
            "cleaner": cleaner,
            "sentences": sentences,
            "splitter": splitter,
            "terms": "1",
            "context": "1",
            "signatures": "1",
            "model": fingerprint,
        }


def _old_name(of: Ingredients) -> str:
    """Return the name that folders of a recipe had, which counted fewer ingredients."""
    names = ("schema", "cleaner", "splitter", "terms", "model")
    lines = "\n".join(f"{name} {of[name]}" for name in names)
    return hashlib.sha256(lines.encode()).hexdigest()[:12]
