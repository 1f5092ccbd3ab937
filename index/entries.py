"""What the index says about documents and about its own work: entries, progress, changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A document's row in the catalogue, without its text. ``passages`` is a count."""

    id: str
    title: str
    date: dt.date | None
    source: str | None
    url: str | None
    language: str | None
    tags: tuple[str, ...]
    media_type: str
    path: str
    sha256: str
    characters: int
    passages: int
    added: dt.datetime
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work is: ``stage`` is what is being done (``reading``); ``done`` of
    ``total`` documents are finished; ``name`` is the one at hand."""

    stage: str
    done: int
    total: int
    name: str


ProgressListener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left alone on purpose."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be taken in."""

    path: str
    error: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What an add, a remove or a sync did. The tuples hold document ids; ``unchanged`` counts."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    skipped: tuple[Skipped, ...] = ()
    failed: tuple[Failed, ...] = ()

    def __add__(self, other: Changes) -> Changes:
        """Join two reports."""
        return Changes(
            self.added + other.added,
            self.updated + other.updated,
            self.removed + other.removed,
            self.unchanged + other.unchanged,
            self.skipped + other.skipped,
            self.failed + other.failed,
        )
