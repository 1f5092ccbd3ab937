"""Passages that a search may rank, read from the catalogue with their vectors."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from index.database import Database
from index.embed import Vectors
from index.passages import Filters, Passage, Sentence


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


def filter_condition(filters: Filters) -> tuple[str, list[object]]:
    """Return filters as SQL over ``documents``, beginning with ``AND``, and its parameters."""
    parts: list[str] = []
    values: list[object] = []
    for column, operator, date in (("date", ">=", filters.since), ("date", "<=", filters.until)):
        if date:
            parts.append(f"{column} {operator} ?")
            values.append(date.isoformat())
    if filters.sources:
        parts.append(f"fold(source) IN ({_holes(filters.sources)})")
        values += [source.casefold() for source in filters.sources]
    if filters.documents:
        parts.append(f"documents.id IN ({_holes(filters.documents)})")
        values += filters.documents
    if filters.tags:
        parts.append(
            "EXISTS (SELECT 1 FROM json_each(documents.tags) "
            f"WHERE fold(json_each.value) IN ({_holes(filters.tags)}))"
        )
        values += [tag.casefold() for tag in filters.tags]
    return "".join(f" AND {part}" for part in parts), values


def filtered_vectors(database: Database, filters: Filters) -> tuple[list[int], Vectors]:
    """Return the numbers and vectors, shape ``(n, d)``, of all passages that pass the filters."""
    condition, values = filter_condition(filters)
    found = database.rows(
        "SELECT number, vector FROM passages JOIN documents USING (generation) "
        f"WHERE state = 'active' {condition}",
        values,
    )
    if not found:
        return [], np.empty((0, 0), dtype=np.float32)
    return [number for number, _ in found], np.stack([_vector(blob) for _, blob in found])


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
