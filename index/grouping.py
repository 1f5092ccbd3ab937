"""Embedding the texts of several documents at once, each text once and in slices.

Sentences and titles are embedded; a passage's vector is made of theirs (``index/reuse.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import trace
from corpus.documents import Document, Reading
from corpus.duplicates import signature
from index.database import Database
from index.embed import Embedder, Vectors
from index.generations import EmbeddedPassage, Prepared
from index.passages import Passage
from index.reads import Gives
from index.reuse import known_vectors, made_of, passage_key, passage_text

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
        """Return the number of texts to embed, a few too high where passages share a heading."""
        return sum(1 + len(passage.sentences) for passage in self.passages)


def prepare(
    database: Database,
    embedder: Embedder,
    donors: Sequence[Gives],
    items: Sequence[Item],
    tell: Callable[[float], None],
) -> list[Prepared]:
    """Embed what is not known yet of some documents, here or to ``donors``; ``tell`` hears how much
    of it is done."""
    wanted = {text: None for item in items for text in _texts(item)}
    vectors: dict[str, Vectors] = {}
    for item in items:
        if item.was_known or item.follows:
            vectors |= known_vectors(database, item.reading.document, wanted.keys())
        for donor in donors:
            vectors |= donor.vectors(item.reading.document, wanted.keys())
    needed = {text: None for item in items for text in to_embed(item, vectors)}
    # The longest first, and so texts of about one length together.
    missing = sorted((text for text in needed if text not in vectors), key=len, reverse=True)
    for first in range(0, len(missing), _SLICE):
        tell(first / len(missing))
        part = missing[first : first + _SLICE]
        with trace.step("embedding"):
            vectors |= zip(part, embedder.embed(part), strict=True)
    return [_prepared(item, vectors, embedder.dimensions) for item in items]


def _texts(item: Item) -> Iterator[str]:
    """Yield the texts whose vectors may be known, and the keys of the passages'."""
    document = item.reading.document
    for passage in item.passages:
        sentences = _sentences(document, passage)
        yield from (passage_key(_head(document, passage), sentences), *sentences)


def to_embed(item: Item, known: Mapping[str, Vectors]) -> Iterator[str]:
    """Yield the texts of which vectors are made; ``known`` has those of some passages."""
    document = item.reading.document
    for passage in item.passages:
        head, sentences = _head(document, passage), _sentences(document, passage)
        yield from sentences
        if head and passage_key(head, sentences) not in known:
            yield head


def _sentences(document: Document, passage: Passage) -> list[str]:
    return [document.text[one.start : one.end] for one in passage.sentences]


def _head(document: Document, passage: Passage) -> str:
    return passage_text(document.title, passage.heading, "")


def _prepared(item: Item, vectors: dict[str, Vectors], dimensions: int) -> Prepared:
    import numpy as np

    document = item.reading.document
    passages = []
    for passage in item.passages:
        head, sentences = _head(document, passage), _sentences(document, passage)
        rows = [vectors[text] for text in sentences]
        stacked = np.stack(rows) if rows else np.empty((0, dimensions), dtype=np.float32)
        vector = vectors.get(passage_key(head, sentences))
        if vector is None:
            vector = made_of([*rows, vectors[head]] if head else rows)
        passages.append(EmbeddedPassage(passage, vector, stacked))
    return Prepared(item.reading, item.stamp, tuple(passages), signature(document.text))
