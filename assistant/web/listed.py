"""All documents as the Corpus tab's table needs them, made ready once for many looks."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.web.told import translated_to
from assistant.web.wording import everywhere, languages
from index.entries import Entry

if TYPE_CHECKING:
    from assistant.archive import Archive

# More than this are read anew each time: they would take a gigabyte, and who has so many waits.
MOST = 100_000


@dataclass(frozen=True)
class Listing:
    """The documents, and what each is found by."""

    entries: tuple[Entry, ...]

    @cached_property
    def haystacks(self) -> tuple[str, ...]:
        """What is looked through for the words of the filter, a text for each document."""
        return tuple(map(haystack, self.entries))

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles by the ids."""
        return {entry.id: entry.title for entry in self.entries}

    def matching(self, wanted: str) -> tuple[Entry, ...]:
        """Return the documents that hold every wanted word in title, id, author, outlet, date,
        tags, or in what is to be looked at ("quarantined", "guessed", "version", a problem)."""
        words = wanted.casefold().split()
        if not words:
            return self.entries
        pairs = zip(self.entries, self.haystacks, strict=True)
        return tuple(entry for entry, hay in pairs if all(word in hay for word in words))


@dataclass(slots=True)
class Listed:
    """The documents of an archive, read again only once something was written."""

    archive: Archive
    _mark: object = None
    _listing: Listing = Listing(())
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> Listing:
        """Return the documents there are."""
        with self._lock:
            mark = self.archive.index.catalogue.mark()
            if mark != self._mark:
                self._listing = Listing(self.archive.entries())
                self._mark = mark if len(self._listing.entries) <= MOST else None
            return self._listing

    def taken_out(self, entries: Sequence[Entry]) -> dict[str, int]:
        """Return how many parts were taken out of each of some documents, by id."""
        return self.archive.index.catalogue.removed_counts([one.id for one in entries])


def haystack(entry: Entry) -> str:
    """Return what a document is found by, in all languages that the page speaks."""
    date = entry.date.isoformat() if entry.date else ""
    states = (
        *(everywhere("corpus.quarantined") if entry.quarantine else ()),
        *(everywhere("states.version") if entry.version_of else ()),
        *(everywhere("corpus.guessed") if entry.guessed else ()),
    )
    problems = (translated_to(code, one) for one in entry.problems for code in languages())
    known = (entry.title, entry.id, entry.author or "", entry.source or "", date, *entry.tags)
    return " ".join((*known, *states, *problems)).casefold()
