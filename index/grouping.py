"""Embedding the texts of several documents at once, each text once and in slices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import Document, Reading
from corpus.duplicates import signature
from index.database import Database
from index.embed import Embedder, Vectors
from index.generations import EmbeddedPassage, Prepared
from index.passages import Passage
from index.reuse import Donor, known_vectors, passage_text

_SLICE = 512
"""Texts embedded before progress is told: some seconds of work for a model on two cores."""


@dataclass(frozen=True, slots=True)
class Item:
    """A reading on its way into the index, cut into passages.

    ``path`` is its file on the shelf, ``stamp`` that file's when it was read. ``was_known`` says
    that its id has an older version, ``follows`` names the document of this very text that it
    takes the place of: a renamed file's.
    """

    reading: Reading
    path: Path
    stamp: str
    passages: tuple[Passage, ...]
    was_known: bool
    follows: str | None = None

    def texts(self) -> int:
        """Return the number of texts to embed."""
        return sum(1 + len(passage.sentences) for passage in self.passages)


def prepare(
    database: Database,
    embedder: Embedder,
    donors: Sequence[Donor],
    items: Sequence[Item],
    tell: Callable[[float], None],
) -> list[Prepared]:
    """Embed what is not known yet of some documents, here or to ``donors``; ``tell`` hears how much
    of it is done."""
    needed = {text: None for item in items for text in _texts(item)}
    vectors: dict[str, Vectors] = {}
    for item in items:
        if item.was_known or item.follows:
            vectors |= known_vectors(database, item.reading.document, needed.keys())
        for donor in donors:
            vectors |= donor.vectors(item.reading.document, needed.keys())
    # The longest first, and so texts of about one length together.
    missing = sorted((text for text in needed if text not in vectors), key=len, reverse=True)
    for first in range(0, len(missing), _SLICE):
        tell(first / len(missing))
        part = missing[first : first + _SLICE]
        vectors |= zip(part, embedder.embed(part), strict=True)
    return [_prepared(item, vectors, embedder.dimensions) for item in items]


def _texts(item: Item) -> list[str]:
    document = item.reading.document
    of_passages = [_passage_text(document, passage) for passage in item.passages]
    return of_passages + [text for one in item.passages for text in _sentences(document, one)]


def _sentences(document: Document, passage: Passage) -> list[str]:
    return [document.text[one.start : one.end] for one in passage.sentences]


def _passage_text(document: Document, passage: Passage) -> str:
    return passage_text(document.title, passage.heading, document.text[passage.start : passage.end])


def _prepared(item: Item, vectors: dict[str, Vectors], dimensions: int) -> Prepared:
    import numpy as np

    document = item.reading.document
    passages = []
    for passage in item.passages:
        rows = [vectors[text] for text in _sentences(document, passage)]
        stacked = np.stack(rows) if rows else np.empty((0, dimensions), dtype=np.float32)
        vector = vectors[_passage_text(document, passage)]
        passages.append(EmbeddedPassage(passage, vector, stacked))
    return Prepared(item.reading, item.stamp, tuple(passages), signature(document.text))
