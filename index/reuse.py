"""Vectors that need not be computed by the model: made of others, or stored in some catalogue.

They are taken from the open catalogue (a file that was renamed or changed in part), and from those
beside it that were made with the same model: another splitter or cleaner cuts most texts the same.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.documents import Document
from corpus.errors import IndexFailure
from index.database import Database
from index.embed import Vectors
from index.integrity import is_whole
from index.open_files import RowsOf
from index.readonly import reading

CONTEXT_VERSION = 2
"""Part of the index recipe: raise it when a passage's vector is made otherwise."""

_TINY = 1e-12
_KEY = "\0"  # no text of a document has it, so that no sentence is taken for a passage
_UNIT = 1e-3
"""How far from 1 a stored vector's length may be: a model's own are within 1e-6."""

_log = logging.getLogger(__name__)


def passage_text(title: str, heading: str, text: str) -> str:
    """Return a passage as it reads with its title and heading, which say what it is about."""
    return "\n".join(part for part in (title, heading, text) if part)


def made_of(parts: Sequence[Vectors]) -> Vectors:
    """Return a passage's unit vector, made of the vectors of its sentences and of its head: its
    title and heading, which count as one more sentence.

    A pass of the model of its own would find little more, and take half of the time of an ingest
    (``docs/decisions/020-a-passage-is-the-mean-of-its-sentences.md``).
    """
    total = np.stack(parts).sum(axis=0, dtype=np.float64)
    unit: Vectors = (total / max(float(np.linalg.norm(total)), _TINY)).astype(np.float32)
    return unit


def passage_key(head: str, sentences: Sequence[str]) -> str:
    """Return what stands for a passage among texts: two with one key have one vector."""
    return _KEY + "\n".join((head, *sentences))


def known_vectors(
    database: Database, document: Document, wanted: Collection[str]
) -> dict[str, Vectors]:
    """Return the vectors of those ``wanted`` texts that are stored already.

    Looked at are the version of ``document`` that is active and every document of the same text,
    which is what a renamed file leaves behind.
    """
    generations = _generations(database.rows, document)
    return {
        text: vector
        for generation in generations
        for text, vector in _stored(database.rows, generation, with_passages=True)
        if text in wanted
    }


class Donor:
    """A catalogue beside the open one, of any schema so far, made with the same model.

    It is only read, and open only meanwhile. What looks damaged is passed over: those texts are
    embedded again.
    """

    def __init__(self, catalogue: Path, *, same_context: bool, with_digests: bool) -> None:
        """``same_context`` tells that passages' vectors were made then as they are now, and
        ``with_digests`` that rows can be checked as ``index.integrity`` does it now."""
        self._path = catalogue
        self._closed = False
        self._same_context = same_context
        self._with_digests = with_digests

    def vectors(self, document: Document, wanted: Collection[str]) -> dict[str, Vectors]:
        """Return the vectors of those ``wanted`` texts that it has for this document."""
        if self._closed:
            return {}
        try:
            with reading(self._path) as rows:
                return dict(self._found(rows, document, wanted))
        except (IndexFailure, ValueError):  # of another release's making, damaged, or no more
            _log.warning("no vectors of %r from %s", document.id, self._path, exc_info=True)
            return {}

    def close(self) -> None:
        """Read no more of it."""
        self._closed = True

    def _found(
        self, rows: RowsOf, document: Document, wanted: Collection[str]
    ) -> Iterator[tuple[str, Vectors]]:
        for generation in _generations(rows, document):
            if self._with_digests and not is_whole(rows, generation):
                continue
            for text, vector in _stored(rows, generation, with_passages=self._same_context):
                if text in wanted and abs(float(np.linalg.norm(vector)) - 1) < _UNIT:
                    yield text, vector


def _generations(rows_of: RowsOf, document: Document) -> list[int]:
    found = rows_of(
        "SELECT generation FROM documents WHERE state = 'active' AND id = ? UNION "
        "SELECT generation FROM documents WHERE state = 'active' AND sha256 = ?",
        (document.id, document.sha256),
    )
    return [generation for (generation,) in found]


def _stored(
    rows_of: RowsOf, generation: int, *, with_passages: bool
) -> Iterator[tuple[str, Vectors]]:
    found = rows_of("SELECT title, text FROM documents WHERE generation = ?", (generation,))
    passages = rows_of(
        "SELECT heading, vector, sentence_spans, sentence_vectors FROM passages "
        "WHERE generation = ?",
        (generation,),
    )
    for title, text in found:
        for heading, vector, spans, of_sentences in passages:
            offsets = np.frombuffer(spans, dtype="<i4").reshape(-1, 2).tolist()
            sentences = [text[left:right] for left, right in offsets]
            if with_passages:
                head = passage_text(title, heading, "")
                yield passage_key(head, sentences), _vectors(vector)
            yield from zip(sentences, _vectors(of_sentences).reshape(len(offsets), -1), strict=True)


def _vectors(blob: bytes) -> Vectors:
    return np.frombuffer(blob, dtype="<f4")
