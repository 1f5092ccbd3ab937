"""Noticing damage that SQLite does not: a flipped bit inside a stored text, vector or key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from corpus.duplicates import bands
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
    """Return the SHA-256 of all that is stored of a generation, as hexadecimal digits.

    Keys of signatures are left out: they follow from the signature, which is not.
    """
    hasher = hashlib.sha256()
    for query in (_DOCUMENT, _PASSAGES):
        for row in rows_of(query, (generation,)):
            for value in row:
                data = value if isinstance(value, bytes) else repr(value).encode()
                hasher.update(len(data).to_bytes(8, "big") + data)
    return hasher.hexdigest()


def is_whole(rows_of: RowsOf, generation: int) -> bool:
    """Tell whether a generation is as it was stored."""
    known = rows_of("SELECT digest FROM documents WHERE generation = ?", (generation,))
    return [(digest(rows_of, generation),)] == list(known)


def verify(database: Database) -> None:
    """Compare what is stored with the digests it was stored with, the terms with their index, and
    the keys of signatures with the signatures.

    Raises CatalogueDamaged. A large file is not read through: there, a document's text is checked
    when it is read, and the rest by use.
    """
    if not database.is_small():
        return
    with database.transaction() as connection:
        connection.execute("INSERT INTO lexicon (lexicon) VALUES ('integrity-check')")
        # Inside as well, so that nobody writes between two looks.
        for generation, name, known in database.rows(
            "SELECT generation, id, digest FROM documents WHERE state = 'active'"
        ):
            if digest(database.rows, generation) != known:
                raise database.damaged(f"{name!r} is not as it was stored")
        _verify_bands(database)


def _verify_bands(database: Database) -> None:
    """A lost key hides a version of a text, and a wrong one costs time at every look."""
    stored = set(database.rows("SELECT band, generation FROM bands"))
    signed = database.rows("SELECT generation, signature FROM documents")
    expected = {
        (band, generation) for generation, signature in signed for band in bands(signature or b"")
    }
    if stored != expected:
        raise database.damaged("the keys of near copies are not those of the documents")
