"""Noticing damage that SQLite does not: a flipped bit inside a stored text or vector."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from index.database import Database

_DOCUMENT = (
    "SELECT id, title, text, date, source, url, language, tags, media_type, path, sha256, added, "
    "problems, removed, guessed, author, pages, quarantine, signature, version_of "
    "FROM documents WHERE generation = ?"
)
_PASSAGES = (
    "SELECT number, start, end, p.heading, vector, sentence_spans, sentence_vectors, l.title, "
    "about, l.heading, body FROM passages p JOIN lexicon l ON l.rowid = number "
    "WHERE generation = ? ORDER BY number"
)

RowsOf = Callable[[str, tuple[int]], Iterable[tuple[Any, ...]]]


def digest(rows_of: RowsOf, generation: int) -> str:
    """Return the SHA-256 of all that is stored of a generation, as hexadecimal digits."""
    hasher = hashlib.sha256()
    for query in (_DOCUMENT, _PASSAGES):
        for row in rows_of(query, (generation,)):
            for value in row:
                data = value if isinstance(value, bytes) else repr(value).encode()
                hasher.update(len(data).to_bytes(8, "big") + data)
    return hasher.hexdigest()


def verify(database: Database) -> None:
    """Compare what is stored with the digests it was stored with, and the terms with their index.

    Raises CatalogueDamaged. A large file is not read through: there, a document's text is checked
    when it is read, and the rest by use.
    """
    if not database.is_small():
        return
    with database.transaction() as connection:
        connection.execute("INSERT INTO lexicon (lexicon) VALUES ('integrity-check')")
    for generation, name, known in database.rows(
        "SELECT generation, id, digest FROM documents WHERE state = 'active'"
    ):
        if digest(database.rows, generation) != known:
            raise database.damaged(f"{name!r} is not as it was stored")
