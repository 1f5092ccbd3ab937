"""The JSON that leaves the program, as types, and the functions that make it.

Checks and programs outside this repository read these objects, so a key is never renamed or
removed; keys may be added.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NotRequired, TypedDict

from assistant.answers import Answer, AnswerSentence, Citation
from corpus.documents import Document
from index.entries import Changes, Entry
from index.passages import Hit


class CitationJson(TypedDict):
    """One citation; ``quote`` is ``text[start:end]`` of the document."""

    marker: int
    document_id: str
    sha256: str
    title: str
    source: str | None
    date: str | None
    url: str | None
    quote: str
    start: int
    end: int


class SentenceJson(TypedDict):
    """One sentence of the answer."""

    text: str
    markers: list[int]
    supported: bool


class HitJson(TypedDict):
    """One passage found. ``parts`` is given by ``search`` and by ``ask --explain``."""

    document_id: str
    passage_id: str
    start: int
    end: int
    score: float
    text: str
    parts: NotRequired[dict[str, float]]


class AskJson(TypedDict):
    """What ``assistant ask --json`` prints."""

    question: str
    searched: str
    answer: str
    abstained: bool
    confidence: float
    model: str
    timings_ms: dict[str, float]
    citations: list[CitationJson]
    sentences: list[SentenceJson]
    hits: list[HitJson]
    nearest: list[HitJson]


class SearchJson(TypedDict):
    """What ``assistant search --json`` prints."""

    query: str
    hits: list[HitJson]


class EntryJson(TypedDict):
    """One row of ``assistant list --json``."""

    id: str
    title: str
    date: str | None
    source: str | None
    url: str | None
    language: str | None
    tags: list[str]
    media_type: str
    path: str
    sha256: str
    characters: int
    passages: int
    added: str
    problems: list[str]


class ShowJson(EntryJson):
    """What ``assistant show --json`` prints."""

    text: str


class SkippedJson(TypedDict):
    """A file left alone on purpose."""

    path: str
    reason: str


class FailedJson(TypedDict):
    """A file that could not be taken in."""

    path: str
    error: str


class ChangesJson(TypedDict):
    """What ``add``, ``remove`` and ``sync`` print."""

    added: list[str]
    updated: list[str]
    removed: list[str]
    unchanged: int
    skipped: list[SkippedJson]
    failed: list[FailedJson]


def ask_json(answer: Answer, *, explain: bool = False) -> AskJson:
    """Return an answer as the contract's object."""
    return {
        "question": answer.question,
        "searched": answer.searched,
        "answer": answer.text,
        "abstained": answer.abstained,
        "confidence": round(answer.confidence, 4),
        "model": answer.model,
        "timings_ms": {step: round(ms, 2) for step, ms in answer.timings_ms.items()},
        "citations": [_citation(citation) for citation in answer.citations],
        "sentences": [_sentence(sentence) for sentence in answer.sentences],
        "hits": hits_json(answer.hits, parts=explain),
        "nearest": hits_json(answer.nearest, parts=explain),
    }


def search_json(query: str, hits: Iterable[Hit]) -> SearchJson:
    """Return a search's result as the contract's object."""
    return {"query": query, "hits": hits_json(hits, parts=True)}


def hits_json(hits: Iterable[Hit], *, parts: bool) -> list[HitJson]:
    """Return hits in their order, with the parts of their scores where asked for."""
    return [_hit(hit, parts=parts) for hit in hits]


def entry_json(entry: Entry) -> EntryJson:
    """Return a catalogue entry as the contract's object."""
    return {
        "id": entry.id,
        "title": entry.title,
        "date": _iso(entry.date),
        "source": entry.source,
        "url": entry.url,
        "language": entry.language,
        "tags": list(entry.tags),
        "media_type": entry.media_type,
        "path": entry.path,
        "sha256": entry.sha256,
        "characters": entry.characters,
        "passages": entry.passages,
        "added": entry.added.isoformat(),
        "problems": list(entry.problems),
    }


def show_json(entry: Entry, document: Document) -> ShowJson:
    """Return a catalogue entry with its document's text."""
    return {**entry_json(entry), "text": document.text}


def changes_json(changes: Changes) -> ChangesJson:
    """Return a report of changes as the contract's object."""
    return {
        "added": list(changes.added),
        "updated": list(changes.updated),
        "removed": list(changes.removed),
        "unchanged": changes.unchanged,
        "skipped": [{"path": one.path, "reason": one.reason} for one in changes.skipped],
        "failed": [{"path": one.path, "error": one.error} for one in changes.failed],
    }


def _hit(hit: Hit, *, parts: bool) -> HitJson:
    found: HitJson = {
        "document_id": hit.passage.document_id,
        "passage_id": hit.passage.id,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "score": round(hit.score, 4),
        "text": hit.text,
    }
    if parts:
        found["parts"] = _rounded(hit.parts)
    return found


def _rounded(parts: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in parts.items()}


def _citation(citation: Citation) -> CitationJson:
    return {
        "marker": citation.marker,
        "document_id": citation.document_id,
        "sha256": citation.sha256,
        "title": citation.title,
        "source": citation.source,
        "date": _iso(citation.date),
        "url": citation.url,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def _sentence(sentence: AnswerSentence) -> SentenceJson:
    return {
        "text": sentence.text,
        "markers": list(sentence.markers),
        "supported": sentence.supported,
    }


def _iso(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None
