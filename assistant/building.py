"""Building a new index in a thread, while the old one answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from corpus.errors import ArchiveError
from index.entries import Interrupted, Progress, ProgressListener
from index.index import Index

OLD_ANSWERS = (
    "the settings ask for another index than the one that is there: that one answers until "
    "'assistant sync' has built the new one"
)
_log = logging.getLogger(__name__)


class Building:
    """Builds in a thread; closing the index ends it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._thread: threading.Thread | None = None

    @property
    def due(self) -> bool:
        """Tell whether the settings ask for another index than the one that answers."""
        return self._index.outdated

    @property
    def progress(self) -> Progress | None:
        """How far the new index is, while it is being built, by whomever."""
        return self._index.building

    @property
    def remark(self) -> str:
        """A sentence for people about the index that answers; empty where there is none."""
        if self.due and self._thread is None:
            return self._index.remark or OLD_ANSWERS
        return self._index.remark

    def start(self, progress: ProgressListener, done: Callable[[str], None]) -> None:
        """Begin to build, unless that was done; ``done`` hears what came of it, in a sentence."""
        if self._thread is None:
            work = threading.Thread(target=self._run, args=(progress, done), daemon=True)
            self._thread = work
            work.start()

    def join(self) -> None:
        """Wait for the thread; the index is closed."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, progress: ProgressListener, done: Callable[[str], None]) -> None:
        try:
            changes = self._index.build(progress=progress)
        except Interrupted:
            return  # the next start goes on with it
        except ArchiveError as error:
            _log.exception("building the new index")
            done(f"The new index could not be built, and the old one goes on answering: {error}")
        except Exception:
            _log.exception("building the new index")
            done("The new index could not be built, and the old one goes on answering.")
        else:
            for failed in changes.failed:
                _log.warning("not in the new index: %s: %s", failed.path, failed.error)
            done(f"The new index answers now: {len(self._index.catalogue.stamps()):,} documents.")
