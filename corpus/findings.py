"""What the doctor looks at, and what it finds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

UNDATED = "no date found"
"""The problem of a document that nothing gives a date."""

Severity = Literal["note", "warning", "error"]
Kind = Literal[
    "unreadable",
    "quarantined",
    "empty",
    "too short",
    "duplicate",
    "another version",
    "untitled",
    "undated",
    "wrong language",
    "boilerplate-heavy",
    "stale",
    "facts not used",
    "to check",
    "not taken in",
    "stray sidecar",
    "damaged index",
    "embedding model",
    "vector server",
    "database",
]


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of one document, or of a file that is none.

    ``error`` says why a file could not be read, ``blank`` that nothing is in it. ``duplicate_of``
    is the document that has the same text. ``removed_characters`` count what reading and cleaning
    took out.
    """

    id: str
    path: str
    title: str = ""
    date: dt.date | None = None
    author: str | None = None
    language: str | None = None
    guessed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    quarantine: tuple[str, ...] = ()
    version_of: str | None = None
    duplicate_of: str | None = None
    characters: int = 0
    words: int = 0
    passages: int = 0
    removed_characters: int = 0
    fetched: dt.date | None = None
    added: dt.date | None = None
    error: str | None = None
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a curator may want to know or to change.

    ``repair`` is what ``doctor --repair`` would do, in a few words; None where only a person can.
    """

    document_id: str
    path: str
    kind: Kind
    severity: Severity
    detail: str
    next_step: str
    repair: str | None = None
