"""The runs that write an index: sync, add, remove and reading single documents again.

Several may be under way at once. They read and embed side by side, write group by group in turn,
and leave each other's files alone.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.documents import Overrides
from corpus.errors import CorpusError, DatabaseAway, DocumentsElsewhere, HomeBusy
from corpus.ids import Ids
from corpus.listing import Listing, listing_of
from corpus.walk import Found, walk_through
from index.adding import Add
from index.cluster import helped
from index.entries import Changes, Interrupted, Progress, ProgressListener
from index.intake import files_of
from index.passed_over import PassedOver
from index.report import Report
from index.sharing import hurried
from index.stamps import stamp
from index.sync import Known, Sync, Work, find_work, hidden_documents, is_as_known
from index.taking import Parts


class Runs:
    """Everything that changes what an index holds."""

    def __init__(self, parts: Parts, *, claimed: set[Path] | None = None, stage: str = "") -> None:
        """``claimed`` may be shared with the runs of other indexes of the home; ``stage`` begins
        each stage that progress tells of."""
        self._parts = parts
        self.stage = stage
        self._syncing = threading.RLock()
        self._under_way: list[Report] = []
        self._ids = Ids(parts.shelf.folder, ())
        self._listed: tuple[Found, Listing] | None = None
        # Files that an add has put on the shelf and not yet written to the index.
        self._claimed: set[Path] = set() if claimed is None else claimed
        self._passed_over = PassedOver()

    @contextlib.contextmanager
    def alone(self, *, wait: bool = True) -> Iterator[bool]:
        """Let no other sync run inside; say whether that is so, at once without ``wait``."""
        if not wait and self._under_way:
            yield False
            return
        got = self._syncing.acquire(blocking=wait)
        try:
            yield got
        finally:
            if got:
                self._syncing.release()

    def sync(
        self, progress: ProgressListener | None, hold: Collection[Path], *, retry: bool
    ) -> Changes:
        """Bring the index up to date with the folder; see ``Index.sync``."""
        if not self._parts.sharing.has_documents:
            return Changes(unchanged=len(self._parts.catalogue.stamps()))
        known, work = self._look(hold, progress)
        if work and not self._may_write(retry=retry):
            return Changes(unchanged=work.unchanged)
        report = Report(len(work.due), progress, stage=self.stage)
        with hurried(not retry), self._run(report) if work else contextlib.nullcontext():
            Sync(helped(self._parts), report, self._passed_over).run(work, known, retry=retry)
        if not work and retry:  # Chroma, or a wipe, may have failed for want of space
            self._parts.writer.settle()
        return report.changes()

    def add(
        self, paths: Sequence[Path], overrides: Overrides, progress: ProgressListener | None
    ) -> Changes:
        """Put files on the shelf and index them; see ``Index.add``."""
        self._parts.sharing.check()
        files, passed_over = files_of(paths)
        report = Report(len(files), progress)
        report.include(passed_over)
        with self._run(report):
            known = self._known(progress)
            add = Add(helped(self._parts), report, lambda: self._ids, self._claimed, overrides)
            add.run(files, dict(known.values()))
            if add.moved:
                moved = {self._ids[path]: path for path in add.moved}
                Sync(helped(self._parts), report, self._passed_over).take_in(moved)
        return report.changes()

    def take_in(self, document_ids: Sequence[str]) -> Changes:
        """Read documents again whose files or sidecars have changed. Raises UnknownDocument."""
        self._parts.sharing.check()
        entry = self._parts.catalogue.entry
        due = {one: self._parts.shelf.folder / entry(one).path for one in document_ids}
        report = Report(len(due))
        with self._run(report):
            Sync(helped(self._parts), report, self._passed_over).take_in(due)
        return report.changes()

    def remove(self, document_ids: Sequence[str]) -> Changes:
        """Take documents off the shelf and out of the index; unknown ids are reported."""
        self._parts.sharing.check()
        report = Report(len(document_ids))
        with self._run(report):
            for document_id in dict.fromkeys(document_ids):
                self._remove(document_id, report)
        return report.changes()

    @property
    def under_way(self) -> Progress | None:
        """How far the first of the runs that are under way is; None where there is none."""
        return next((one.progress() for one in tuple(self._under_way)), None)

    def _remove(self, document_id: str, report: Report) -> None:
        try:
            with self._parts.writer.lock:
                path = self._parts.catalogue.entry(document_id).path
                self._parts.shelf.remove(self._parts.shelf.folder / path)
                self._parts.writer.forget((document_id,))
        except CorpusError as error:
            report.failed(document_id, str(error))
        else:
            report.removed((document_id,))

    def _may_write(self, *, retry: bool) -> bool:
        """Tell whether what changed can be written now. Raises DatabaseAway and DocumentsElsewhere
        where a person asked for it; a question is answered from what is there."""
        try:
            self._parts.sharing.check(waits=retry)
        except (DatabaseAway, DocumentsElsewhere, HomeBusy):
            if retry:
                raise
            return False
        return True

    def _look(
        self, hold: Collection[Path], progress: ProgressListener | None
    ) -> tuple[Known, Work]:
        """Compare the folder with what is known, and leave files to hold as they are."""
        stamp_of = functools.cache(stamp)
        walk = self._pulled(progress)
        with self._parts.writer.lock:
            found, known = walk(), self._parts.catalogue.stamps()
            held = {*hold, *self._claimed}
            if not held and is_as_known(self._parts, found, known, stamp_of):
                return known, Work.nothing(len(known))
            listing = self._list(found, known)
        self._parts.shelf.sweep(listing.leftovers)
        work = find_work(self._parts, listing, known, self._ids, held, stamp_of)
        fresh = self._parts.writer.link.fresh()
        return known, replace(work, gone=tuple(one for one in work.gone if one not in fresh))

    def _known(self, progress: ProgressListener | None) -> Known:
        """Give the files of the folder their ids, and return what is known of them."""
        walk = self._pulled(progress)
        with self._parts.writer.lock:
            known = self._parts.catalogue.stamps()
            self._list(walk(), known)
        return known

    def _pulled(self, progress: ProgressListener | None) -> Callable[[], Found]:
        """Make the folder what the documents elsewhere are, outside of the lock, as that may take
        long; return how it is walked through then."""

        def tell(done: int, total: int, name: str) -> None:
            if progress is not None:
                progress(Progress(f"{self.stage}fetching", done, total, name))

        closed, odd = self._parts.shelf.pull(tell)

        def walk() -> Found:
            found = walk_through(self._parts.shelf.folder)
            if not (closed or odd):
                return found
            return replace(found, closed=(*found.closed, *closed), odd=(*found.odd, *odd))

        return walk

    def _list(self, found: Found, known: Known) -> Listing:
        """List what was found, and give the files their ids; inside the lock."""
        if self._listed and self._listed[0] == found and not self._ids.has_grown:
            return self._listed[1]
        listing = listing_of(found)
        hidden = hidden_documents(self._parts, listing, known)
        self._ids = Ids(self._parts.shelf.folder, {*listing.documents, *hidden.values()})
        self._listed = None if hidden else (found, listing)
        return listing

    @contextlib.contextmanager
    def _run(self, report: Report) -> Iterator[None]:
        """Begin to write, and leave all in order at the end, also when a person stops it."""
        with self._parts.writer.lock:
            self._under_way.append(report)
        try:
            yield
            self._parts.writer.settle()
        except KeyboardInterrupt as error:
            self._parts.writer.settle()
            raise Interrupted(report.changes()) from error
        finally:
            with self._parts.writer.lock:
                self._under_way.remove(report)
