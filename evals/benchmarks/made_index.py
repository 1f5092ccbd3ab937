"""A large home made up for measuring: files, and a catalogue that says they are taken in.

Reading and embedding so many documents takes hours, so what they would give is written straight
into the catalogue, in the rows that a sync writes: real texts with their terms, made-up vectors of
real size, and the stamps of real files.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from assistant.home import Home
from corpus.documents import Document, Reading, slug, text_sha256
from evals.benchmarks.made_vectors import make_vectors
from index import made
from index.database import Database
from index.embed import Embedder, Vectors
from index.generations import EmbeddedPassage, Generations, Prepared
from index.passages import Passage, Sentence
from index.recipe import digits, ingredients
from index.stamps import stamp

_SYLLABLES = "ba ce di fo gu har jen kil lom mur nas pet qui ros sal tev und vor wex yad".split()
_WORDS = 8000
_PASSAGES = 10
_SENTENCES = 5
_SENTENCE_WORDS = 18
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class _Text:
    """A document's text, and where each of its sentences begins and ends, by passage."""

    text: str
    passages: tuple[tuple[Sentence, ...], ...]


def fill_home(home: Home, embedder: Embedder, documents: int) -> int:
    """Write ``documents`` files and the index of them; return the number of passages.

    Chroma is left out: whoever opens the index has it filled.
    """
    made_with = ingredients(embedder)
    database = Database(home.state / "index" / digits(made_with) / made.CATALOGUE)
    try:
        made.describe(database, made_with, made.NOBODY)
        generations = Generations(database)
        vectors = make_vectors(documents * _PASSAGES)
        for first in range(0, documents, _AT_ONCE):
            some = [
                _prepared(home, number, vectors[number * _PASSAGES :][:_PASSAGES])
                for number in range(first, min(first + _AT_ONCE, documents))
            ]
            pending, _ = generations.add_pending(some)
            generations.activate(pending, lambda document_id: None)
        made.mark_complete(database)
    finally:
        database.close()
    return documents * _PASSAGES


def make_question(number: int) -> str:
    """Return a question about the made documents."""
    draw = random.Random(-number - 1)  # noqa: S311 (not for secrets)
    return f"What did the {' '.join(_words(draw, 5))} report?"


def make_text(number: int) -> str:
    """Return the text of a made document."""
    return _make_text(number).text


def _prepared(home: Home, number: int, vectors: Vectors) -> Prepared:
    written = _make_text(number)
    name = f"{number % 100:02}/report-{number:06}.txt"
    path = home.documents / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written.text, "utf-8")
    document = Document(
        id=slug(name),
        title=f"Report {number}",
        text=written.text,
        date=None,
        source=None,
        url=None,
        language="en",
        tags=(),
        media_type="text/plain",
        path=name,
        sha256=text_sha256(written.text),
    )
    parts = tuple(
        EmbeddedPassage(_passage(document.id, sentences), vector, np.tile(vector, (_SENTENCES, 1)))
        for sentences, vector in zip(written.passages, vectors, strict=True)
    )
    return Prepared(Reading(document, (), (), (), ()), stamp(path), parts)


def _passage(document_id: str, sentences: tuple[Sentence, ...]) -> Passage:
    start, end = sentences[0].start, sentences[-1].end
    return Passage(f"{document_id}:{start}-{end}", document_id, start, end, "", sentences)


def _make_text(number: int) -> _Text:
    draw = random.Random(number)  # noqa: S311 (not for secrets)
    text = f"Report {number}"
    passages = []
    for _ in range(_PASSAGES):
        text += "\n\n"
        sentences = []
        for place in range(_SENTENCES):
            text += " " if place else ""
            said = " ".join(_words(draw, _SENTENCE_WORDS)).capitalize() + "."
            sentences.append(Sentence(len(text), len(text) + len(said)))
            text += said
        passages.append(tuple(sentences))
    return _Text(text, tuple(passages))


def _vocabulary() -> Iterator[str]:
    draw = random.Random(0)  # noqa: S311 (not for secrets)
    for _ in range(_WORDS):
        yield "".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4)))


_VOCABULARY = list(_vocabulary())
# As in real text, the tenth word is a tenth as frequent as the first.
_FREQUENCIES = list(accumulate(1 / (rank + 5) for rank in range(_WORDS)))


def _words(draw: random.Random, count: int) -> Sequence[str]:
    return draw.choices(_VOCABULARY, cum_weights=_FREQUENCIES, k=count)
