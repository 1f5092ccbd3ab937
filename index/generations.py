"""Writing the catalogue: a document's new reading replaces the old one whole, or not at all."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np

from corpus.documents import Document, Reading
from index.database import Database
from index.embed import Vectors
from index.integrity import digest
from index.passages import Passage
from index.terms import terms


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage with its vector, shape ``(d,)``, and its sentences', shape ``(n, d)``."""

    passage: Passage
    vector: Vectors
    sentence_vectors: Vectors


class Generations:
    """The one writer of a catalogue; opening it drops what a killed process left half-way."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.catalogue_id = self._identity()
        with database.transaction() as connection:
            _delete(connection, "pending")

    def start_over(self) -> None:
        """Begin an empty catalogue, which has another ``catalogue_id``."""
        self._database.start_over()
        self.catalogue_id = self._identity()

    def add_pending(
        self, reading: Reading, passages: Iterable[EmbeddedPassage], stamp: str
    ) -> tuple[int, list[tuple[int, Vectors]]]:
        """Write a document as a new generation that no search sees yet, whole or not at all.

        Returns the generation's number, and each passage's number with its vector.
        """
        with self._database.transaction() as connection:
            _delete(connection, "pending")  # of a write that failed, if there was one
            generation = _insert_document(connection, reading, stamp)
            numbers = [
                (_insert_passage(connection, generation, reading.document, one), one.vector)
                for one in passages
            ]
            connection.execute(
                "UPDATE documents SET digest = ? WHERE generation = ?",
                (digest(connection.execute, generation), generation),
            )
        return generation, numbers

    def activate(self, generation: int, document_id: str) -> None:
        """Make a pending generation the one that answers, and retire the one before it."""
        with self._database.transaction() as connection:
            connection.execute(_RETIRE, (document_id,))
            connection.execute(
                "UPDATE documents SET state = 'active' WHERE generation = ?", (generation,)
            )

    def retire(self, document_id: str) -> None:
        """Take a document out of every search."""
        with self._database.transaction() as connection:
            connection.execute(_RETIRE, (document_id,))

    def retired_passages(self) -> list[int]:
        """Return the numbers of passages whose generation is retired but not yet purged."""
        found = self._database.rows(
            "SELECT number FROM passages JOIN documents USING (generation) WHERE state = 'retired'"
        )
        return [number for (number,) in found]

    def purge_retired(self) -> None:
        """Delete retired generations for good."""
        with self._database.transaction() as connection:
            _delete(connection, "retired")

    def wipe_deleted(self) -> None:
        """Leave nothing of what was deleted in the files: FTS5 keeps the terms of deleted rows
        until it merges them away, and SQLite's log keeps old pages until a checkpoint."""
        with self._database.transaction() as connection:
            connection.execute("INSERT INTO lexicon (lexicon) VALUES ('optimize')")
        self._database.rows("PRAGMA wal_checkpoint (TRUNCATE)")

    def restamp(self, document_id: str, stamp: str) -> None:
        """Note that a file was touched but still holds what was read from it."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE documents SET stamp = ? WHERE id = ? AND state = 'active'",
                (stamp, document_id),
            )

    def _identity(self) -> str:
        """Return a random name given when the file was made: a Chroma folder that was filled from
        another file must not be taken for this one's."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO meta VALUES ('catalogue', ?)", (secrets.token_hex(8),)
            )
        return str(self._database.rows("SELECT value FROM meta WHERE key = 'catalogue'")[0][0])


_RETIRE = "UPDATE documents SET state = 'retired' WHERE id = ? AND state = 'active'"


def _delete(connection: sqlite3.Connection, state: str) -> None:
    generations = "(SELECT generation FROM documents WHERE state = ?)"
    numbers = f"(SELECT number FROM passages WHERE generation IN {generations})"
    connection.execute(f"DELETE FROM lexicon WHERE rowid IN {numbers}", (state,))
    connection.execute(f"DELETE FROM passages WHERE generation IN {generations}", (state,))
    connection.execute("DELETE FROM documents WHERE state = ?", (state,))


def _insert_document(connection: sqlite3.Connection, reading: Reading, stamp: str) -> int:
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
        "stamp": stamp,
        "added": _first_added(connection, document.id),
        "problems": json.dumps(reading.problems),
        "removed": json.dumps([asdict(part) for part in reading.removed]),
        "guessed": json.dumps(reading.guessed),
    }
    columns = ", ".join(row)
    holes = ", ".join(f":{column}" for column in row)
    cursor = connection.execute(f"INSERT INTO documents ({columns}) VALUES ({holes})", row)
    return int(cursor.lastrowid or 0)


def _first_added(connection: sqlite3.Connection, document_id: str) -> str:
    """Return when the document first came in: a new version keeps the first one's time."""
    found = connection.execute(
        "SELECT added FROM documents WHERE id = ? AND state = 'active'", (document_id,)
    ).fetchone()
    return str(found[0]) if found else dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _insert_passage(
    connection: sqlite3.Connection, generation: int, document: Document, one: EmbeddedPassage
) -> int:
    passage = one.passage
    spans = np.array([(s.start, s.end) for s in passage.sentences], dtype="<i4")
    cursor = connection.execute(
        "INSERT INTO passages (generation, start, end, heading, vector, sentence_spans, "
        "sentence_vectors) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            generation,
            passage.start,
            passage.end,
            passage.heading,
            one.vector.astype("<f4").tobytes(),
            spans.tobytes(),
            one.sentence_vectors.astype("<f4").tobytes(),
        ),
    )
    number = int(cursor.lastrowid or 0)
    connection.execute(
        "INSERT INTO lexicon (rowid, title, about, heading, body) VALUES (?, ?, ?, ?, ?)",
        (number, *(" ".join(terms(column)) for column in _columns(document, passage))),
    )
    return number


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
