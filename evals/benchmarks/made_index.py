"""A large home made up for measuring: files, and a catalogue that says they are taken in.

Reading and embedding so many documents takes hours, so what they would give is written straight
into the catalogue, in the rows that a sync writes: texts (``made_texts``) with their terms, made-up
vectors of real size (``made_vectors``), and the stamps of real files.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.home import Home
from corpus.documents import Document, Reading, slug, text_sha256
from evals.benchmarks import made_texts
from evals.benchmarks.made_vectors import DIMENSIONS, PER_DOCUMENT, made_vectors
from index import made
from index.catalogue import Catalogue
from index.database import Database
from index.embed import Embedder, Vectors
from index.generations import EmbeddedPassage, Generations, Prepared
from index.passages import Passage, Sentence
from index.recipe import digits, ingredients
from index.stamps import stamp

SOURCES = tuple(f"Gazette {number}" for number in range(1, 51))
"""The first has nearly a tenth of the documents, each other one less than the one before."""
FIRST_DAY, DAYS = dt.date(2015, 1, 1), 4000
RARE = "rare"
"""A tag of one document in a hundred."""
_AT_ONCE = 200
_OWN = 0.5
"""How far a sentence's vector is from its passage's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in words, and the vector that stands for it."""

    text: str
    vector: Vectors


def fill_home(home: Home, embedder: Embedder, documents: int) -> int:
    """Write ``documents`` files and the index of them; return the number of passages.

    Chroma is left out: whoever opens the index has it filled.
    """
    made_with = ingredients(embedder)
    database = Database(home.state / "index" / digits(made_with) / made.CATALOGUE)
    try:
        made.describe(database, made_with, made.NOBODY)
        generations = Generations(database)
        prepared = _documents(home, documents)
        for first in range(0, documents, _AT_ONCE):
            some = [next(prepared) for _ in range(first, min(first + _AT_ONCE, documents))]
            pending, _ = generations.add_pending(some)
            generations.activate(pending, lambda document_id: None)
        made.mark_complete(database)
    finally:
        database.close()
    return documents * PER_DOCUMENT


def ask_about(database: Database, count: int, *, seed: int = 0) -> list[Asked]:
    """Return questions about passages of a made home, with vectors that are near theirs."""
    draw = np.random.default_rng((seed, 4))
    catalogue, questions = Catalogue(database), []
    (last,) = database.rows("SELECT max(number) FROM passages")[0]
    for number in (1 + draw.integers(0, last, count)).tolist():
        found = database.rows(
            "SELECT id, start, end, vector FROM passages JOIN documents USING (generation) "
            "WHERE number = ?",
            (number,),
        )
        for document_id, start, end, vector in found:
            text = catalogue.document(document_id).text[start:end]
            near = np.frombuffer(vector, dtype="<f4") + _away(draw, 0.9)
            asked = made_texts.make_question(text, number)
            questions.append(Asked(asked, near / np.linalg.norm(near)))
    return questions


def make_question(number: int) -> str:
    """Return a question about a made document, which may stand in no home."""
    return made_texts.make_question(make_text(number), number)


def make_text(number: int) -> str:
    """Return the text of a made document, which may stand in no home."""
    return made_texts.make_text(number, subject=0).text


def _documents(home: Home, count: int) -> Iterator[Prepared]:
    number = 0
    for vectors, subjects in made_vectors(count * PER_DOCUMENT):
        for place, subject in enumerate(subjects):
            yield _prepared(home, number, subject, vectors[place * PER_DOCUMENT :][:PER_DOCUMENT])
            number += 1


def _prepared(home: Home, number: int, subject: int, vectors: Vectors) -> Prepared:
    written = made_texts.make_text(number, subject)
    name = f"{number % 100:02}/report-{number:06}.txt"
    path = home.documents / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written.text, "utf-8")
    draw = random.Random(number)  # noqa: S311 (not for secrets)
    document = Document(
        id=slug(name),
        title=f"Report {number}",
        text=written.text,
        date=FIRST_DAY + dt.timedelta(draw.randrange(DAYS)),
        source=SOURCES[int(len(SOURCES) * draw.random() ** 1.7)],
        url=None,
        language="en",
        tags=(f"subject {subject}", RARE) if number % 100 == 0 else (f"subject {subject}",),
        media_type="text/plain",
        path=name,
        sha256=text_sha256(written.text),
    )
    parts = tuple(
        EmbeddedPassage(_passage(document.id, sentences), vector, _sentences(number, vector))
        for sentences, vector in zip(written.passages, vectors, strict=True)
    )
    return Prepared(Reading(document, (), (), (), ()), stamp(path), parts)


def _passage(document_id: str, sentences: tuple[Sentence, ...]) -> Passage:
    start, end = sentences[0].start, sentences[-1].end
    return Passage(f"{document_id}:{start}-{end}", document_id, start, end, "", sentences)


def _sentences(number: int, vector: Vectors) -> Vectors:
    """Return vectors of sentences around their passage's."""
    draw = np.random.default_rng((5, number))
    apart = np.stack([_away(draw, _OWN) for _ in range(made_texts.SENTENCES)])
    vectors: Vectors = vector + apart
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _away(draw: np.random.Generator, far: float) -> Vectors:
    apart: Vectors = draw.standard_normal(DIMENSIONS, dtype=np.float32)
    apart *= far / np.linalg.norm(apart)
    return apart
