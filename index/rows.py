"""The rows of a document and its passages, as they are written to the catalogue."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from dataclasses import asdict, dataclass

import numpy as np

from corpus.documents import Document, Reading
from index import versions
from index.embed import Vectors
from index.features import worded_texts
from index.lexical import weighed
from index.passages import Passage
from index.postings import Weighed
from index.terms import terms
from index.word_table import default_table
from index.worded import packed


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage with its vector, shape ``(d,)``, and its sentences', shape ``(n, d)``."""

    passage: Passage
    vector: Vectors
    sentence_vectors: Vectors


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with all that is stored of it. ``stamp`` is that of the file it was read from."""

    reading: Reading
    stamp: str
    passages: tuple[EmbeddedPassage, ...] = ()
    signature: bytes | None = None


def insert_document(connection: sqlite3.Connection, one: Prepared) -> int:
    """Write a document as a pending generation, and return that one's number."""
    reading = one.reading
    document = reading.document
    row = {
        "state": "pending",
        "id": document.id,
        "title": document.title,
        "text": document.text,
        "date": document.date.isoformat() if document.date else None,
        "source": document.source,
        "url": document.url,
        "language": document.language,
        "tags": json.dumps(document.tags),
        "media_type": document.media_type,
        "path": document.path,
        "sha256": document.sha256,
        "stamp": one.stamp,
        "added": _first_added(connection, document.id),
        "problems": json.dumps(reading.problems),
        "removed": json.dumps([asdict(part) for part in reading.removed]),
        "guessed": json.dumps(reading.guessed),
        "author": document.author,
        "pages": json.dumps(document.pages),
        "quarantine": json.dumps(reading.quarantine),
        "signature": one.signature,
    }
    columns = ", ".join(row)
    holes = ", ".join(f":{column}" for column in row)
    cursor = connection.execute(f"INSERT INTO documents ({columns}) VALUES ({holes})", row)
    generation = int(cursor.lastrowid or 0)
    if one.signature is not None:
        versions.insert(connection, generation, one.signature)
    return generation


def _first_added(connection: sqlite3.Connection, document_id: str) -> str:
    """Return when the document first came in: a new version keeps the first one's time."""
    found = connection.execute(
        "SELECT added FROM documents WHERE id = ? AND state = 'active'", (document_id,)
    ).fetchone()
    return str(found[0]) if found else dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def insert_passages(
    connection: sqlite3.Connection, generation: int, one: Prepared
) -> dict[int, Weighed]:
    """Write a document's passages with their vectors and stems, and return what their stems weigh,
    by number: ``postings.insert`` takes those of many documents at once."""
    found: dict[int, Weighed] = {}
    for part in one.passages:
        document = one.reading.document
        number = _insert_passage(connection, generation, part, _words(document, part.passage))
        columns = [terms(column) for column in _columns(document, part.passage)]
        connection.execute(
            "INSERT INTO lexicon (number, title, about, heading, body) VALUES (?, ?, ?, ?, ?)",
            (number, *(" ".join(column) for column in columns)),
        )
        found[number] = weighed(columns)
    return found


def _insert_passage(
    connection: sqlite3.Connection, generation: int, one: EmbeddedPassage, words: bytes
) -> int:
    passage = one.passage
    spans = np.array([(s.start, s.end) for s in passage.sentences], dtype="<i4")
    cursor = connection.execute(
        "INSERT INTO passages (generation, start, end, heading, vector, sentence_spans, "
        "words, sentence_vectors) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            generation,
            passage.start,
            passage.end,
            passage.heading,
            one.vector.astype("<f4").tobytes(),
            spans.tobytes(),
            words,
            one.sentence_vectors.astype("<f4").tobytes(),
        ),
    )
    return int(cursor.lastrowid or 0)


def _words(document: Document, passage: Passage) -> bytes:
    sentences = [document.text[one.start : one.end] for one in passage.sentences]
    return packed(worded_texts(document.title, passage.heading, sentences), default_table())


def _columns(document: Document, passage: Passage) -> tuple[str, str, str, str]:
    """Return what the lexical index reads: title, outlet and date count as text too."""
    about = [document.source or "", *document.tags]
    about += [f"{document.date:%Y %B %d}"] if document.date else []
    return (
        document.title,
        " ".join(about),
        passage.heading,
        document.text[passage.start : passage.end],
    )
