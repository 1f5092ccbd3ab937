"""The units of retrieval: sentences, passages, hits, and the filters that narrow a search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as half-open character offsets in its document, never in its passage."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences under one heading: ``document.text[start:end]`` is its text.

    ``id`` is ``"<document id>:<start>-<end>"``, so it says where to look.
    """

    id: str
    document_id: str
    start: int
    end: int
    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A passage of another document that says what a hit's passage says."""

    document_id: str
    passage_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found.

    ``score`` is in 0..1, higher is better. ``parts`` says where it came from: ``dense`` and
    ``sentence`` are cosine similarities, ``lexical`` is a normalised BM25 score, ``dense_rank``
    and ``lexical_rank`` count from 1 and are absent where the passage was not in that list.
    ``sentence_scores`` holds one similarity for each of the passage's sentences. ``copies`` are
    passages that the search found as well and that say the same, the best first. ``sha256`` names
    the version of the document that the passage was read from.
    """

    passage: Passage
    text: str
    score: float
    parts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    sentence_scores: tuple[float, ...] = ()
    copies: tuple[Copy, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may look at. Dates are inclusive; an undated document never passes a date."""

    since: dt.date | None = None
    until: dt.date | None = None
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is filtered at all."""
        return self != Filters()
