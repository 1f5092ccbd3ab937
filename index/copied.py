"""A document with all that is stored of it, as bytes: one host's work, taken over by another.

Nothing is read, cut or embedded again where it is taken in: texts, offsets, vectors, words and
stems come along. What a host counts for itself (numbers of generations and passages) does not,
nor what follows from the rest (postings, keys of signatures, the digest of the rows).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.errors import IndexFailure
from index import versions
from index.embed import Vectors
from index.lexical import weighed
from index.open_files import RowsOf
from index.postings import Weighed

VERSION = 1
_TEXTS = (
    "id title text date source url language tags media_type path sha256 added problems removed "
    "guessed author pages quarantine version_of"
).split()
_BLOBS = ("vector", "sentence_spans", "words", "sentence_vectors")
_PASSAGES = (
    f"SELECT start, end, p.heading, l.title, about, l.heading, body, {', '.join(_BLOBS)} "
    "FROM passages p JOIN lexicon l USING (number) WHERE generation = ? ORDER BY number"
)
_PLAIN = 7
"""Columns of a passage before its blobs."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A document as bytes. ``digest`` is of what is in them, unpacked; ``stamp`` is its file's,
    which is no part of it: a file may be touched and say what it said."""

    id: str
    sha256: str
    stamp: str
    digest: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """A copy that was written as a pending generation, with what has to be told to others."""

    generation: int
    document_id: str
    version_of: str | None
    vectors: list[tuple[int, Vectors]]
    stems: dict[int, Weighed]


def packed(rows_of: RowsOf, generation: int) -> Copied:
    """Return a generation as bytes."""
    columns = ", ".join((*_TEXTS, "stamp", "signature"))
    query = f"SELECT {columns} FROM documents WHERE generation = ?"
    (*texts, stamp, signature), *_ = rows_of(query, (generation,))
    document = dict(zip(_TEXTS, texts, strict=True))
    passages, blobs = [], [signature or b""]
    for row in rows_of(_PASSAGES, (generation,)):
        passages.append([*row[:_PLAIN], [len(blob) for blob in row[_PLAIN:]]])
        blobs += row[_PLAIN:]
    said = {
        "version": VERSION,
        "document": document,
        "signature": None if signature is None else len(signature),
        "passages": passages,
    }
    head = json.dumps(said, sort_keys=True).encode()
    plain = b"".join((len(head).to_bytes(8, "big"), head, *blobs))
    digest = hashlib.sha256(plain).hexdigest()
    return Copied(document["id"], document["sha256"], stamp, digest, zlib.compress(plain, 1))


def write(connection: sqlite3.Connection, one: Copied) -> Written:
    """Write a copy as a pending generation. Raises IndexFailure where it is not what was sent."""
    said, blobs = _unpacked(one)
    size = said["signature"]
    signature = None if size is None else blobs.take(size)
    row = {**said["document"], "state": "pending", "stamp": one.stamp, "signature": signature}
    version_of, row["version_of"] = row["version_of"], None
    columns, holes = ", ".join(row), ", ".join(f":{column}" for column in row)
    cursor = connection.execute(f"INSERT INTO documents ({columns}) VALUES ({holes})", row)
    written = Written(int(cursor.lastrowid or 0), one.id, version_of, [], {})
    if signature is not None:
        versions.insert(connection, written.generation, signature)
    for *plain, sizes in said["passages"]:
        _write_passage(connection, written, plain, [blobs.take(size) for size in sizes])
    return written


def _write_passage(
    connection: sqlite3.Connection, written: Written, plain: Sequence[Any], blobs: Sequence[bytes]
) -> None:
    start, end, heading, *columns = plain
    cursor = connection.execute(
        f"INSERT INTO passages (generation, start, end, heading, {', '.join(_BLOBS)}) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (written.generation, start, end, heading, *blobs),
    )
    number = int(cursor.lastrowid or 0)
    connection.execute(
        "INSERT INTO lexicon (number, title, about, heading, body) VALUES (?, ?, ?, ?, ?)",
        (number, *columns),
    )
    written.vectors.append((number, np.frombuffer(blobs[0], dtype="<f4")))
    written.stems[number] = weighed([column.split() for column in columns])


class _Blobs:
    """What follows the head, taken from its beginning."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data = data
        self._at = start

    def take(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]


def _unpacked(one: Copied) -> tuple[dict[str, Any], _Blobs]:
    try:
        plain = zlib.decompress(one.data)
        if hashlib.sha256(plain).hexdigest() != one.digest:
            raise ValueError("its hash is another one")
        start = 8 + int.from_bytes(plain[:8], "big")
        said: dict[str, Any] = json.loads(plain[8:start])
        if said["version"] != VERSION:
            raise ValueError(f"a format of another release, {said['version']}")
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise IndexFailure(
            f"the copy of the document {one.id!r} in the database cannot be used ({error}): run "
            "'assistant sync --rebuild' where its documents folder lies, with the newest release"
        ) from error
    return said, _Blobs(plain, start)
