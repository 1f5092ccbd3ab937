"""Noticing damage that SQLite does not: a flipped bit inside a stored text, vector or key."""

from __future__ import annotations

import hashlib

from corpus.duplicates import bands
from index import postings
from index.database import Database
from index.open_files import RowsOf

_DOCUMENT = (
    "SELECT id, title, text, date, source, url, language, tags, media_type, path, sha256, added, "
    "problems, removed, guessed, author, pages, quarantine, signature, version_of "
    "FROM documents WHERE generation = ?"
)
_PASSAGES = (
    "SELECT number, start, end, p.heading, vector, sentence_spans, words, sentence_vectors, "
    "l.title, about, l.heading, body FROM passages p JOIN lexicon l USING (number) "
    "WHERE generation = ? ORDER BY number"
)


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
    return [(digest(rows_of, generation),)] == known


def verify(database: Database) -> None:
    """Compare what is stored with the digests it was stored with, the terms with their index, and
    the keys of signatures with the signatures.

    Raises CatalogueDamaged. A large file is not read through: there, a document's text is checked
    when it is read, and the rest by use.
    """
    if not database.is_small():
        return
    with database.transaction():
        # Inside, so that nobody writes between two looks.
        _verify_generations(database, database.rows)
        _verify_derived(database, database.rows)


def verify_file(database: Database, *, thorough: bool = False) -> None:
    """Do the same with a file that is open, and with what is on the disk: SQLite answers from
    memory, so it may go on for long with a file that was damaged or replaced meanwhile.

    Raises CatalogueDamaged. A large file is read through only where that is ``thorough``.
    """
    reads_all = thorough or database.is_small()
    with database.anew() as rows:
        if reads_all:
            ((verdict,), *_) = rows("PRAGMA quick_check (1)")
            if verdict != "ok":
                raise database.damaged(str(verdict))
            _verify_generations(database, rows)
        if database.is_small():
            _verify_derived(database, rows)
    verify(database)


def _verify_generations(database: Database, rows: RowsOf) -> None:
    for generation, name, known in rows(
        "SELECT generation, id, digest FROM documents WHERE state = 'active'"
    ):
        if digest(rows, generation) != known:
            raise database.damaged(f"{name!r} is not as it was stored")


def _verify_derived(database: Database, rows: RowsOf) -> None:
    """Compare with what they follow from the rows that no digest counts."""
    _verify_bands(database, rows)
    _verify_filters(database, rows)
    # A lost one hides a passage from whoever asks for its words.
    if not postings.is_whole(rows):
        raise database.damaged("the postings are not those that were written")


def _verify_bands(database: Database, rows: RowsOf) -> None:
    """A lost key hides a version of a text, and a wrong one costs time at every look."""
    stored = set(rows("SELECT band, generation FROM bands"))
    signed = rows("SELECT generation, signature FROM documents")
    expected = {
        (band, generation) for generation, signature in signed for band in bands(signature or b"")
    }
    if stored != expected:
        raise database.damaged("the keys of near copies are not those of the documents")


def _verify_filters(database: Database, rows: RowsOf) -> None:
    """What filters read lies in an index, and says which passages are a document's."""
    query = "SELECT date, source, tags, id, first, last FROM documents {} WHERE state = 'active'"
    indexed = rows(query.format("INDEXED BY by_filter"))
    stored = rows(query.format("NOT INDEXED"))
    spans = rows(
        "SELECT id, min(number), max(number) FROM documents LEFT JOIN passages "
        "USING (generation) WHERE state = 'active' GROUP BY id"
    )
    if set(indexed) != set(stored) or {row[3:] for row in stored} != set(spans):
        raise database.damaged("what filters read is not what the documents say")
