"""How the index keeps up with the documents folder."""

from __future__ import annotations

import logging
import threading
import time

from assistant.watching import Watching, log_failures
from corpus.errors import DatabaseAway, HomeBusy, ShelfError
from index.entries import Changes, ProgressListener
from index.index import Index

_WATCHED_SECONDS = 60.0
"""Until a question looks through a folder that is watched: a network drive may not tell."""

_log = logging.getLogger(__name__)


class Freshness:
    """Takes in what changed in the folder, no oftener than needed."""

    def __init__(self, index: Index, watching: Watching) -> None:
        self._index = index
        self._watching = watching
        self._syncing = threading.Lock()
        self._synced = float("-inf")

    def update(self, progress: ProgressListener | None) -> Changes:
        """Bring the index that answers up to date."""
        with self._syncing:
            changes = self._index.update(progress=progress)
            self._synced = time.monotonic()
        return changes

    def refresh(self, progress: ProgressListener | None) -> None:
        """Bring it up to date unless that was just done, or is being done."""
        fresh = _WATCHED_SECONDS if self._watching else self._index.shelf.fresh_seconds
        if time.monotonic() - self._synced < fresh or self._syncing.locked():
            return
        with self._syncing:
            try:
                changes = self._index.sync_unless_writing(progress)
            except (DatabaseAway, HomeBusy) as error:  # what is here answers
                self._synced = time.monotonic()
                _log.warning("not synced: %s", error)
                return
            except ShelfError as error:
                if self._index.shelf.mirror is None or not self._index.catalogue.stamps():
                    raise
                # What stands is answered, and the next sync says what is wrong.
                self._synced = time.monotonic()
                _log.warning("not synced: %s", error)
                return
            if changes is None:
                return
            self._synced = time.monotonic()
        log_failures(changes)
