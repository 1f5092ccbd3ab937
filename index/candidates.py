"""Passages that a search may rank, read from the catalogue with their vectors."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.database import Database
from index.embed import Numbers, Vectors
from index.passages import Filters, Passage, Sentence

_INDEX = "by_filter"
_AT_ONCE = 2_000
"""Passages whose vectors are read in one query."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its vector, shape ``(d,)``, and its sentences', shape ``(n, d)``.

    ``date`` and ``sha256`` are its document's; ``version_of`` is the id of the document that this
    one is another version of.
    """

    passage: Passage
    text: str
    title: str
    vector: Vectors
    sentence_vectors: Vectors
    date: str | None = None
    sha256: str = ""
    version_of: str | None = None


def allowed_passages(database: Database, filters: Filters) -> Numbers:
    """Return the numbers of all active passages that pass the filters, sorted.

    Everything comes from one index of the documents; what is compared without regard to case is
    compared once for each value, not for each document.
    """
    parts: list[str] = []
    values: list[object] = []
    for column, operator, date in (("date", ">=", filters.since), ("date", "<=", filters.until)):
        if date:
            parts.append(f"{column} {operator} ?")
            values.append(date.isoformat())
    if filters.documents:
        parts.append(f"id IN ({_holes(filters.documents)})")
        values += filters.documents
    if filters.sources:
        known = _distinct(database, "source")
        wanted = {source.casefold() for source in filters.sources}
        found = [source for source in known if source is not None and source.casefold() in wanted]
        parts.append(f"source IN ({_holes(found)})")
        values += found
    if filters.tags:
        wanted = {tag.casefold() for tag in filters.tags}
        found = [
            tags
            for tags in _distinct(database, "tags")
            if not wanted.isdisjoint(tag.casefold() for tag in json.loads(tags))
        ]
        parts.append(f"tags IN ({_holes(found)})")
        values += found
    # With nothing in it, IN () would keep SQLite from using the index that it is told to use.
    parts = ["FALSE" if part.endswith("IN ()") else part for part in parts]
    spans = database.rows(
        f"SELECT first, last FROM documents INDEXED BY {_INDEX} WHERE state = 'active' "
        f"AND first IS NOT NULL {''.join(f' AND {part}' for part in parts)}",
        values,
    )
    return _numbers(np.array(sorted(spans), dtype=np.int64).reshape(-1, 2))


def _distinct(database: Database, column: str) -> list[Any]:
    found = database.rows(
        f"SELECT DISTINCT {column} FROM documents INDEXED BY {_INDEX} WHERE state = 'active'"
    )
    return [value for (value,) in found]


def _numbers(spans: Numbers) -> Numbers:
    """Return all numbers of spans, shape ``(n, 2)``, that hold the first and the last one."""
    lengths = spans[:, 1] - spans[:, 0] + 1
    before = np.cumsum(lengths) - lengths
    numbers: Numbers = np.arange(lengths.sum()) + np.repeat(spans[:, 0] - before, lengths)
    return numbers


def vectors_of(database: Database, numbers: Numbers) -> Iterator[tuple[list[int], Vectors]]:
    """Yield the numbers and vectors, shape ``(n, d)``, of passages, some at a time."""
    for first in range(0, len(numbers), _AT_ONCE):
        some = numbers[first : first + _AT_ONCE].tolist()
        found = database.rows(
            f"SELECT number, vector FROM passages WHERE number IN ({_holes(some)})", some
        )
        if found:
            yield [number for number, _ in found], np.stack([_vector(blob) for _, blob in found])


def read_candidates(database: Database, numbers: Collection[int]) -> dict[int, Candidate]:
    """Return the candidates that are of active generations, by passage number.

    A number that Chroma still holds although its document is gone is simply not there.
    """
    found = database.rows(
        "SELECT number, id, title, start, end, heading, vector, sentence_spans, sentence_vectors, "
        "substr(text, start + 1, end - start), date, sha256, version_of "
        "FROM passages JOIN documents USING (generation) "
        f"WHERE state = 'active' AND number IN ({_holes(numbers)})",
        list(numbers),
    )
    return {row[0]: _candidate(*row[1:]) for row in found}


def _candidate(
    document_id: str,
    title: str,
    start: int,
    end: int,
    heading: str,
    vector: bytes,
    spans: bytes,
    vectors: bytes,
    text: str,
    date: str | None,
    sha256: str,
    version_of: str | None,
) -> Candidate:
    offsets = np.frombuffer(spans, dtype="<i4").reshape(-1, 2).tolist()
    sentences = tuple(Sentence(left, right) for left, right in offsets)
    passage = Passage(f"{document_id}:{start}-{end}", document_id, start, end, heading, sentences)
    of_sentences = _vector(vectors).reshape(len(sentences), -1)
    return Candidate(passage, text, title, _vector(vector), of_sentences, date, sha256, version_of)


def _vector(blob: bytes) -> Vectors:
    """Return a stored vector; it shares the blob's memory, so it is read-only."""
    return np.frombuffer(blob, dtype="<f4")


def _holes(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
