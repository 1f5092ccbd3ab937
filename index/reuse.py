"""Vectors that need not be computed again: of texts that the catalogue has embedded already."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from corpus.documents import Document
from index.database import Database
from index.embed import Vectors


def passage_text(title: str, heading: str, text: str) -> str:
    """Return what is embedded for a passage: its title and heading say what it is about."""
    return "\n".join(part for part in (title, heading, text) if part)


def known_vectors(
    database: Database, document: Document, wanted: Collection[str]
) -> dict[str, Vectors]:
    """Return the vectors of those ``wanted`` texts that are stored already.

    Looked at are the version of ``document`` that is active and every document of the same text,
    which is what a renamed file leaves behind.
    """
    generations = database.rows(
        "SELECT generation FROM documents WHERE state = 'active' AND id = ? UNION "
        "SELECT generation FROM documents WHERE state = 'active' AND sha256 = ?",
        (document.id, document.sha256),
    )
    return {
        text: vector
        for (generation,) in generations
        for text, vector in _stored(database, generation)
        if text in wanted
    }


def _stored(database: Database, generation: int) -> Iterator[tuple[str, Vectors]]:
    found = database.rows("SELECT title, text FROM documents WHERE generation = ?", (generation,))
    passages = database.rows(
        "SELECT start, end, heading, vector, sentence_spans, sentence_vectors FROM passages "
        "WHERE generation = ?",
        (generation,),
    )
    for title, text in found:
        for start, end, heading, vector, spans, of_sentences in passages:
            yield passage_text(title, heading, text[start:end]), _vectors(vector)
            offsets = np.frombuffer(spans, dtype="<i4").reshape(-1, 2).tolist()
            rows = _vectors(of_sentences).reshape(len(offsets), -1)
            for (left, right), row in zip(offsets, rows, strict=True):
                yield text[left:right], row


def _vectors(blob: bytes) -> Vectors:
    return np.frombuffer(blob, dtype="<f4")
