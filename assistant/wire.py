"""Requests between two processes on one machine, as lines of JSON."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answers import Turn
from corpus import errors
from corpus.documents import Overrides
from corpus.errors import ArchiveError
from index.entries import Progress
from index.passages import Filters

Json = Any
"""Whatever ``json`` reads and writes."""


@dataclass(frozen=True, slots=True)
class News:
    """A value that comes before the answer, or None."""

    value: Json


def encode_filters(filters: Filters) -> Json:
    """Return filters as JSON."""
    return {
        "since": _iso(filters.since),
        "until": _iso(filters.until),
        "sources": list(filters.sources),
        "tags": list(filters.tags),
        "documents": list(filters.documents),
    }


def decode_filters(raw: Mapping[str, Json]) -> Filters:
    """Return filters from JSON."""
    return Filters(
        since=_date(raw["since"]),
        until=_date(raw["until"]),
        sources=tuple(raw["sources"]),
        tags=tuple(raw["tags"]),
        documents=tuple(raw["documents"]),
    )


def encode_history(history: Sequence[Turn]) -> Json:
    """Return earlier turns as JSON."""
    return [dataclasses.asdict(turn) for turn in history]


def decode_history(raw: Sequence[Mapping[str, Json]]) -> tuple[Turn, ...]:
    """Return earlier turns from JSON."""
    return tuple(
        Turn(
            one["question"],
            one["answer"],
            tuple(one.get("documents", ())),
            one.get("searched", ""),
        )
        for one in raw
    )


def encode_overrides(overrides: Overrides) -> Json:
    """Return a curator's words about a document as JSON."""
    return {
        "title": overrides.title,
        "date": _iso(overrides.date),
        "source": overrides.source,
        "tags": list(overrides.tags),
        "author": overrides.author,
        "url": overrides.url,
        "language": overrides.language,
    }


def decode_overrides(raw: Mapping[str, Json]) -> Overrides:
    """Return a curator's words about a document from JSON."""
    return Overrides(
        raw["title"],
        _date(raw["date"]),
        raw["source"],
        tuple(raw["tags"]),
        author=raw["author"],
        url=raw["url"],
        language=raw["language"],
    )


def progress_line(progress: Progress) -> bytes:
    """Return a line that tells how far a request is."""
    return json.dumps({"progress": dataclasses.asdict(progress)}).encode() + b"\n"


def news_line(value: Json) -> bytes:
    """Return a line with a value that comes before the answer; None only shows that it goes on."""
    return json.dumps({"news": value}).encode() + b"\n"


def step_of(line: bytes) -> Progress | News | None:
    """Return what a line tells meanwhile; None for the answer, or for a broken line."""
    if not line.startswith((b'{"progress": ', b'{"news": ')) or not line.endswith(b"\n"):
        return None
    told = json.loads(line)
    return Progress(**told["progress"]) if "progress" in told else News(told["news"])


def reply(work: Callable[[], Json]) -> bytes:
    """Run a request and return its reply: a value, or an error of our tree."""
    try:
        answer: Json = {"value": work()}
    except ArchiveError as error:
        answer = {"error": type(error).__name__, "message": str(error)}
    return json.dumps(answer).encode() + b"\n"


def value_of(line: bytes) -> Json:
    """Return the value of a reply, or raise the error that it carries."""
    answer = json.loads(line)
    if "error" not in answer:
        return answer["value"]
    kind = getattr(errors, answer["error"], ArchiveError)
    raise kind(answer["message"])


def _iso(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
