"""Other versions of a text among all documents, found by the keys that their signatures share.

The table ``bands`` has a row for each key of each generation that has a signature.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.duplicates import LEAST_SHARED, bands, shared, signature, similarity
from index.database import Database

if TYPE_CHECKING:
    import sqlite3

# A text that very many documents hold fills its keys' buckets; the first few stand for the rest.
_BUCKET = 50
# By chance alone, about 160 of 100,000 other articles share one key with a text, and few share two.
_CANDIDATES = 40
_COMPARED = 4


@dataclass(frozen=True, slots=True)
class Near:
    """Another version of a text: ``similarity`` is the share of the shorter one that both have."""

    document_id: str
    similarity: float


def insert(connection: sqlite3.Connection, generation: int, signature: bytes) -> None:
    """Make the generation findable by its signature; an empty one is never found."""
    connection.executemany(
        "INSERT OR IGNORE INTO bands (band, generation) VALUES (?, ?)",
        [(band, generation) for band in bands(signature)],
    )


def delete(connection: sqlite3.Connection, generations: Iterable[int]) -> None:
    """Forget the keys of generations; their rows in ``documents`` still have to be there."""
    for generation in generations:
        found = connection.execute(
            "SELECT signature FROM documents WHERE generation = ?", (generation,)
        ).fetchone()
        keys = bands(found[0] or b"") if found else ()
        connection.executemany(
            "DELETE FROM bands WHERE band = ? AND generation = ?",
            [(band, generation) for band in keys],
        )


def find(database: Database, text: str | bytes, *, other_than: str = "") -> Near | None:
    """Return the document, other than the one named, that is nearest to being this text.

    ``text`` may be a signature, for which the similarity is an estimate; a text is compared word
    by word. Of equally near documents the one that came first is returned. None where no active
    document is another version.
    """
    sought = signature(text) if isinstance(text, str) else text
    found = _estimated(database, sought, other_than)
    if isinstance(text, str):
        generations = [generation for _, generation, _ in found[:_COMPARED]]
        nearest = _compared(database, text, generations)
    else:
        nearest = [one for one in found if one[0] >= LEAST_SHARED]
    if not nearest:
        return None
    share, _, document_id = min(nearest, key=lambda one: (-one[0], one[1]))
    return Near(document_id, share)


def _estimated(database: Database, sought: bytes, other_than: str) -> list[tuple[float, int, str]]:
    """Return estimated similarities with generations and ids, the likeliest first."""
    generations = _sharing_keys(database, bands(sought))
    known = database.rows(
        "SELECT generation, id, signature FROM documents "
        f"WHERE state = 'active' AND id != ? AND generation IN ({_holes(generations)})",
        (other_than, *generations),
    )
    found = [
        (similarity(sought, known_signature or b""), generation, document_id)
        for generation, document_id, known_signature in known
    ]
    return sorted((one for one in found if one[0] > 0), key=lambda one: (-one[0], one[1]))


def _sharing_keys(database: Database, keys: tuple[int, ...]) -> list[int]:
    """Return the generations that share most keys; those that share as many, the first first."""
    if not keys:
        return []
    bucket = f"SELECT * FROM (SELECT generation FROM bands WHERE band = ? LIMIT {_BUCKET})"
    buckets = " UNION ALL ".join([bucket] * len(keys))
    found = database.rows(
        f"SELECT generation FROM ({buckets}) GROUP BY generation "
        f"ORDER BY count(*) DESC, generation LIMIT {_CANDIDATES}",
        keys,
    )
    return [generation for (generation,) in found]


def _compared(
    database: Database, text: str, generations: list[int]
) -> list[tuple[float, int, str]]:
    known = database.rows(
        "SELECT generation, id, text FROM documents "
        f"WHERE state = 'active' AND generation IN ({_holes(generations)})",
        generations,
    )
    found = [(shared(text, other), generation, ident) for generation, ident, other in known]
    return [one for one in found if one[0] > 0]


def _holes(values: list[int]) -> str:
    return ", ".join("?" * len(values))
