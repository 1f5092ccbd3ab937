"""Watching the documents folder, so that what people do in it by hand is found soon after.

A file that is still being written is left alone until its size and its times stand still. If a
program pauses longer than that in the middle, the file is read again when it goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from corpus.errors import ArchiveError, ShelfError
from corpus.listing import list_folder
from corpus.sidecar import SUFFIX
from corpus.walk import TEMPORARY
from index.entries import Changes, Failed, Skipped
from index.sentences import sentence_spans
from index.stamps import stamp

TICK = 0.2
"""Seconds between two looks at files that are being written."""
_POLL = 1.0
_AGAIN = 5.0
"""Seconds until a sync that failed as a whole, as the folder is away, is tried again."""

_log = logging.getLogger(__name__)

SyncOnce = Callable[[Collection[Path]], Changes | None]
"""Syncs all but the files to hold; None where that has to wait, as another thread writes."""


class Watch:
    """Calls ``sync`` soon after anything in ``folder`` has changed.

    ``listener`` hears of each sync that changed something, or met a new fault or copy. With
    ``polling`` the folder is looked through every second, as a network drive may need; otherwise
    that is done where the system refuses to tell of changes.
    """

    def __init__(
        self,
        folder: Path,
        sync: SyncOnce,
        listener: Callable[[Changes], None],
        *,
        polling: bool = False,
        every: float | None = None,
    ) -> None:
        """``every`` so many seconds ``sync`` is called in any case: it looks elsewhere as well."""
        self._every = every
        self._folder = folder
        self._sync = sync
        self._listener = listener
        self._polling = polling
        self._growing: dict[Path, str] = {}
        self._due = True
        self._not_before = 0.0
        self._looked = time.monotonic()
        self._faults: frozenset[Failed | Skipped] = frozenset()

    def run(self, stop: threading.Event) -> None:
        """Watch until ``stop`` is set; what changed before is taken in first."""
        list(sentence_spans("Loaded. Now.", 0, 12))  # which takes a second, the first time
        for changed in self._changes(stop):
            if stop.is_set():
                return
            self.note(changed)
            if self._every is not None and time.monotonic() - self._looked > self._every:
                self._looked, self._due = time.monotonic(), True
            self._attempt()

    def note(self, changed: Collection[Path]) -> None:
        """Tell files that stand still since the last look from those that are growing.

        What is gone is looked at twice as well: the name that a file was given is known by then.
        """
        before = self._growing
        self._growing = {}
        for path in {*changed, *before}:
            mark = stamp(path)
            if before.get(path) == mark:
                self._due = True
            else:
                self._growing[path] = mark

    def _attempt(self) -> None:
        if not self._due or time.monotonic() < self._not_before:
            return
        try:
            changes = self._sync(frozenset(self._growing))
        except ArchiveError as error:
            _log.warning("not synced: %s", error)
            self._not_before = time.monotonic() + _AGAIN
            return
        if changes is not None:
            self._due = False
            self._report(changes)

    def _report(self, changes: Changes) -> None:
        faults: frozenset[Failed | Skipped] = frozenset((*changes.failed, *changes.skipped))
        is_news = faults - self._faults
        self._faults = faults
        if changes.added or changes.updated or changes.removed or is_news:
            self._listener(changes)

    def _changes(self, stop: threading.Event) -> Iterator[frozenset[Path]]:
        """Yield, every ``TICK`` or so, the documents of which a file has changed."""
        if not self._polling:
            try:
                yield from self._told(stop)
            except OSError as error:  # the system watches no more folders, or this one is away
                _log.warning("%s is polled for changes: %s", self._folder, error)
        while not stop.is_set():
            yield from self._polled(stop)

    def _told(self, stop: threading.Event) -> Iterator[frozenset[Path]]:
        import watchfiles

        milliseconds = int(TICK * 1000)
        for changes in watchfiles.watch(
            self._folder,
            watch_filter=lambda _, path: self._counts(path),
            debounce=milliseconds,
            step=50,
            stop_event=stop,
            rust_timeout=milliseconds,
            yield_on_timeout=True,
            # The library's own polling compares whole seconds, and misses quick changes.
            force_polling=False,
            raise_interrupt=True,
        ):
            yield frozenset(_document(Path(path)) for _, path in changes)

    def _polled(self, stop: threading.Event) -> Iterator[frozenset[Path]]:
        marks = self._marks()
        while not stop.wait(TICK if self._growing else _POLL):
            before, marks = marks, self._marks()
            yield frozenset(
                path for path in before.keys() | marks.keys() if before.get(path) != marks.get(path)
            )

    def _marks(self) -> dict[Path, str]:
        try:
            listing = list_folder(self._folder)
        except ShelfError:
            return {}
        return {path: stamp(path) for path in (*listing.documents, *listing.others)}

    def _counts(self, name: str) -> bool:
        """Tell whether a changed path may matter: editors' and other temporary files do not."""
        path = Path(name)
        if not path.is_relative_to(self._folder):
            return True
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(self._folder).parts)
        return not hidden and not path.name.endswith(TEMPORARY)


def _document(path: Path) -> Path:
    """Return the document that a file belongs to: a sidecar's, or the file itself."""
    return path.with_name(path.name.removesuffix(SUFFIX)) if path.name != SUFFIX else path
