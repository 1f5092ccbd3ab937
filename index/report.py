"""The report of a run that grows as it goes: what came of each file, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.documents import Reading
from index.entries import Changes, Cleaned, Failed, Progress, ProgressListener, Skipped
from index.meter import RateMeter

_MOST_CLEANED = 1000
"""Documents whose removed parts a report holds; the catalogue has those of all the others."""


class Report:
    """What a run over ``total`` files did so far. It holds names, never texts of documents."""

    def __init__(
        self, total: int = 0, listener: ProgressListener | None = None, *, stage: str = ""
    ) -> None:
        """``stage`` begins the name of each stage that the listener hears of."""
        self._stage = stage
        self._total = total
        self._listener = listener
        self._meter = RateMeter()
        self._at: tuple[str, str, float] = ("reading", "", 0.0)
        self._done = 0
        self._unchanged = 0
        self._added: list[str] = []
        self._updated: list[str] = []
        self._removed: list[str] = []
        self._skipped: list[Skipped] = []
        self._failed: list[Failed] = []
        self._cleaned: list[Cleaned] = []

    def taken_in(self, reading: Reading, *, was_known: bool) -> None:
        """A document is in the index."""
        document_id = reading.document.id
        (self._updated if was_known else self._added).append(document_id)
        if reading.removed and len(self._cleaned) < _MOST_CLEANED:
            self._cleaned.append(Cleaned(document_id, reading.removed))
        self.finished()

    def unchanged(self, count: int = 1, *, of_run: bool = True) -> None:
        """Documents are as they were; ``of_run`` where they count among the run's files."""
        self._unchanged += count
        if of_run:
            self.finished(count)

    def removed(self, document_ids: Iterable[str]) -> None:
        """Documents are out of the index."""
        self._removed += document_ids

    def skipped(self, path: str, reason: str) -> None:
        """A file is left alone on purpose."""
        self._skipped.append(Skipped(path, reason))
        self.finished()

    def failed(self, path: str, error: str) -> None:
        """A file cannot be taken in."""
        self._failed.append(Failed(path, error))
        self.finished()

    def include(self, changes: Changes) -> None:
        """Count what was found out beforehand about files that are not among the run's."""
        self._skipped += changes.skipped
        self._failed += changes.failed

    def more(self, count: int) -> None:
        """There are more files to do than was known."""
        self._total += count

    def finished(self, count: int = 1) -> None:
        """More files are done with."""
        self._done += count
        self._meter.mark(self._done)

    def tell(self, stage: str, name: str, part: float = 0.0) -> None:
        """Let the listener know what is at hand."""
        self._at = (stage, name, part)
        if self._listener is not None:
            self._listener(self.progress())

    def progress(self) -> Progress:
        """Return how far the run is."""
        stage, name, part = self._at
        left = self._meter.seconds_left(self._total - self._done)
        rate = self._meter.rate()
        done = min(self._done, self._total)
        return Progress(self._stage + stage, done, self._total, name, rate, left, part)

    def changes(self) -> Changes:
        """Return the report as it stands."""
        return Changes(
            tuple(self._added),
            tuple(self._updated),
            tuple(self._removed),
            self._unchanged,
            tuple(self._skipped),
            tuple(self._failed),
            tuple(self._cleaned),
        )
