"""What the index says about documents and about its own work: entries, progress, changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from corpus.documents import Removed


@dataclass(frozen=True, slots=True)
class Entry:
    """A document's row in the catalogue, without its text. ``passages`` is a count.

    ``version_of`` is the id of the document, there too, that this is another version of.
    """

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
    author: str | None = None
    guessed: tuple[str, ...] = ()
    quarantine: tuple[str, ...] = ()
    version_of: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work is.

    ``stage`` is what is being done (``reading``, ``embedding``); ``done`` of ``total`` documents
    are finished; ``name`` is the one at hand.

    ``rate`` is in documents a second over the last seconds, 0 until there is one; ``seconds_left``
    follows from it. ``part`` is how much of the documents at hand is embedded, in 0..1.
    """

    stage: str
    done: int
    total: int
    name: str
    rate: float = 0.0
    seconds_left: float | None = None
    part: float = 0.0


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
class Cleaned:
    """What reading and cleaning took out of a document."""

    document_id: str
    removed: tuple[Removed, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What an add, a remove or a sync did. The tuples hold document ids; ``unchanged`` counts.

    ``cleaned`` names those of the added and updated documents of which something was taken out.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    skipped: tuple[Skipped, ...] = ()
    failed: tuple[Failed, ...] = ()
    cleaned: tuple[Cleaned, ...] = ()

    def __add__(self, other: Changes) -> Changes:
        """Join two reports."""
        return Changes(
            self.added + other.added,
            self.updated + other.updated,
            self.removed + other.removed,
            self.unchanged + other.unchanged,
            self.skipped + other.skipped,
            self.failed + other.failed,
            self.cleaned + other.cleaned,
        )

    def then(self, later: Changes) -> Changes:
        """Return what it comes to when another run has caught up with what changed meanwhile.

        That run looked at everything again, so what failed or was left alone is for it to say.
        """
        added = dict.fromkeys(one for one in self.added + later.added if one not in later.removed)
        updated = dict.fromkeys(self.updated + later.updated)
        return Changes(
            tuple(added),
            tuple(one for one in updated if one not in added),
            tuple(one for one in self.removed + later.removed if one not in self.added),
            self.unchanged,
            later.skipped,
            later.failed,
            self.cleaned + later.cleaned,
        )


class Interrupted(KeyboardInterrupt):
    """A person stopped a run (Ctrl-C). What it did by then is kept: ``changes`` says what."""

    def __init__(self, changes: Changes) -> None:
        super().__init__()
        self.changes = changes
