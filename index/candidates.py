"""Passages that a search ranks, read from the catalogue: what all of them need at once, and their
texts, which few of them need, later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.database import Database
from index.embed import Vectors
from index.passages import Passage, Sentence

Spans = npt.NDArray[np.int32]
"""First and last offsets of sentences, shape ``(n, 2)``."""


class Gone(Exception):
    """A document left the catalogue between two looks at it."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A passage without its text. ``stems`` are those of title, about, heading and body, joined by
    spaces; ``words`` are packed (``index/worded.py``); ``vectors`` are its sentences', shape
    ``(n, d)``."""

    number: int
    generation: int
    document_id: str
    title: str
    start: int
    end: int
    heading: str
    stems: tuple[str, ...]
    words: bytes
    spans: Spans
    vectors: Vectors

    @property
    def id(self) -> str:
        """The passage's id."""
        return f"{self.document_id}:{self.start}-{self.end}"

    def passage(self) -> Passage:
        """Return it as what a search returns."""
        sentences = tuple(Sentence(left, right) for left, right in self.spans.tolist())
        return Passage(self.id, self.document_id, self.start, self.end, self.heading, sentences)

    def sentence(self, text: str, place: int) -> str:
        """Return one of its sentences, given its text."""
        left, right = self.spans[place].tolist()
        return text[left - self.start : right - self.start]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages and their vectors, shape ``(n, d)``. ``sentences`` holds those of all sentences, and
    ``starts`` where each passage's begin."""

    passages: tuple[Candidate, ...]
    vectors: Vectors
    sentences: Vectors
    starts: npt.NDArray[np.intp]


def read_candidates(database: Database, numbers: Collection[int]) -> Candidates:
    """Return the candidates that are of active generations.

    A number that Chroma still holds although its document is gone is simply not there.
    """
    found = database.rows(
        "SELECT number, generation, id, documents.title, start, end, passages.heading, "
        "lexicon.title, about, lexicon.heading, body, words, sentence_spans, vector, "
        "sentence_vectors "
        "FROM passages JOIN documents USING (generation) JOIN lexicon USING (number) "
        f"WHERE state = 'active' AND number IN ({_holes(numbers)})",
        list(numbers),
    )
    # The last three: spans, the passage's vector, its sentences'. Vectors are joined, as arrays of
    # each passage's own would take longer to compare.
    spans = [np.frombuffer(row[12], dtype="<i4").reshape(-1, 2) for row in found]
    ends = np.cumsum([len(one) for one in spans], dtype=np.intp)
    vectors = _joined([row[13] for row in found], len(found))
    sentences = _joined([row[14] for row in found], int(ends[-1]) if found else 0)
    bounds = [0, *ends.tolist()]
    passages = []
    for place, row in enumerate(found):
        number, generation, document_id, title, start, end, heading, *stems, words = row[:12]
        own = sentences[bounds[place] : bounds[place + 1]]
        passages.append(
            Candidate(
                number, generation, document_id, title, start, end, heading,
                tuple(stems), words, spans[place], own,
            )
        )  # fmt: skip
    return Candidates(tuple(passages), vectors, sentences, np.array(bounds[:-1], dtype=np.intp))


def _joined(blobs: Iterable[bytes], count: int) -> Vectors:
    numbers = np.frombuffer(b"".join(blobs), dtype="<f4")
    return numbers.reshape(count, -1) if count else numbers.reshape(0, 0)


@dataclass(frozen=True, slots=True)
class About:
    """What a document's row says. ``version_of`` is the id of the document that it is another
    version of."""

    date: str | None
    sha256: str
    version_of: str | None


class Texts:
    """Texts of passages, and what their documents' rows say."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.damaged = database.damaged
        self._texts: dict[int, str] = {}
        self._about: dict[int, About] = {}

    def read(self, described: Sequence[Candidate], wanted: Iterable[Candidate]) -> None:
        """Read about the documents of ``described`` and the texts of the ``wanted`` among them.

        Each document is read once, and its text let go before the next: it may be large.
        """
        by_document: dict[int, list[Candidate]] = {one.generation: [] for one in described}
        for one in wanted:
            by_document[one.generation].append(one)

        def take(
            generation: int, date: str | None, sha256: str, version_of: str | None, text: str | None
        ) -> None:
            self._about[generation] = About(date, sha256, version_of)
            for one in by_document[generation]:
                self._texts[one.number] = (text or "")[one.start : one.end]

        texts = [generation for generation, some in by_document.items() if some]
        self._database.each(
            "SELECT generation, date, sha256, version_of, "
            f"CASE WHEN generation IN ({_holes(texts)}) THEN text END "
            f"FROM documents WHERE generation IN ({_holes(by_document)})",
            [*texts, *by_document],
            take,
        )

    def read_missing(self, wanted: Sequence[Candidate]) -> None:
        """Read the texts of those whose text is not known yet."""
        missing = [one for one in wanted if one.number not in self._texts]
        if missing:
            self.read(missing, missing)

    def about(self, candidate: Candidate) -> About:
        """Return what the row of a described passage's document says. Raises Gone."""
        try:
            return self._about[candidate.generation]
        except KeyError:
            raise Gone from None

    def text(self, candidate: Candidate) -> str:
        """Return a passage's text. Raises Gone."""
        self.read_missing([candidate])
        try:
            return self._texts[candidate.number]
        except KeyError:
            raise Gone from None


def _holes(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
