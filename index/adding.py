"""Files from anywhere onto the shelf and into the index, each read once.

A file is read before it is put on the shelf, so one that cannot be read is never kept. What is on
the shelf when the process is killed is taken in by the next sync; what is there already and known
is not read again, so an add that was broken off goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from corpus.documents import Overrides, Reading
from corpus.errors import AlreadyOnShelf, CorpusError, UnreadableFile, UnsupportedFormat
from corpus.ids import Ids
from corpus.sandbox import ReadJob
from corpus.shelf import read_bytes
from corpus.sidecar import read_sidecar
from index.entries import Changes
from index.intake import Named, unpacked
from index.report import Report
from index.stamps import stamp
from index.taking import Group, Parts, same_text


class Add:
    """One run over files to add."""

    def __init__(
        self,
        parts: Parts,
        report: Report,
        ids: Callable[[], Ids],
        claimed: set[Path],
        overrides: Overrides,
    ) -> None:
        """``ids`` gives the ids of now. ``claimed`` are the files that are on the shelf and not yet
        in the index: they are the run's to take in."""
        self._parts = parts
        self._report = report
        self._ids = ids
        self._claimed = claimed
        self._overrides = overrides
        self._group = Group(parts, report, self._written)
        self._mine: set[Path] = set()
        self._placed: set[Path] = set()
        self.moved: dict[Path, str] = {}
        """Files that were on the shelf before and have another id now."""

    def run(self, files: Iterable[Named], known: Mapping[str, str]) -> None:
        """Add files. ``known`` are the stamps of what the index has, by the path on the shelf."""
        try:
            for container in self._add(files, known):
                self._add_parts(container, known)
            self._group.flush()
        finally:
            self._claimed -= self._mine

    def _add(self, files: Iterable[Named], known: Mapping[str, str]) -> list[Named]:
        """Add files, and return those that hold several documents."""
        containers = []
        waiting: deque[tuple[Named, str]] = deque()
        with self._parts.reading(self._jobs(files, known, waiting)) as results:
            for job, reading in results:
                named, mark = waiting.popleft()
                self._report.tell("reading", job.path.name)
                if isinstance(reading, Reading):
                    self._take(named, reading, mark)
                elif isinstance(reading, UnsupportedFormat) and self._is_container(named):
                    containers.append(named)
                else:
                    self._report.failed(named.name, named.told(reading))
        return containers

    def _add_parts(self, container: Named, known: Mapping[str, str]) -> None:
        """Add what a container holds, below a folder named like it."""
        self._report.tell("unpacking", container.path.name)
        with tempfile.TemporaryDirectory(prefix="archive-unpacked-") as folder:
            try:
                parts = unpacked(
                    self._parts.readers,
                    container,
                    Path(folder),
                    max_bytes=self._parts.max_bytes,
                )
            except CorpusError as error:
                self._report.failed(container.name, container.told(error))
                return
            if not parts.files and parts.passed_over == Changes():
                self._report.skipped(container.name, "no document is in it")
                return
            self._report.more(len(parts.files) - 1)
            self._report.include(parts.passed_over)
            self._report.finished(0 if parts.files else 1)
            for nested in self._add(parts.files, known):
                self._report.failed(nested.name, f"{nested.name} is packed twice. Unpack it first.")

    def _is_container(self, named: Named) -> bool:
        try:
            return self._parts.readers.is_container(named.path)
        except CorpusError:
            return False

    def _jobs(
        self,
        files: Iterable[Named],
        known: Mapping[str, str],
        waiting: deque[tuple[Named, str]],
    ) -> Iterator[ReadJob]:
        for named in files:
            try:
                if self._is_known(named, known):
                    self._report.unchanged()
                    continue
            except (CorpusError, OSError, RuntimeError, ValueError):
                pass  # reading it tells why
            waiting.append((named, stamp(named.path)))
            yield ReadJob(named.path, named.path.parent, None, self._parts.max_bytes)

    def _is_known(self, named: Named, known: Mapping[str, str]) -> bool:
        """Tell whether the very file is on the shelf and in the index, without reading it."""
        shelf = self._parts.shelf
        place = shelf.place(named.path, within=named.within)
        mark = known.get(self._parts.where(place))
        if mark is None or place in self._placed or mark != stamp(place):
            return False
        if not shelf.holds(named.path, overrides=self._overrides, within=named.within):
            return False
        self._placed.add(place)
        return True

    def _take(self, named: Named, reading: Reading, mark: str) -> None:
        try:
            taken = self._put(named, reading, mark)
        except (CorpusError, OSError, RuntimeError, ValueError) as error:
            self._report.failed(named.name, named.told(error))
        else:
            if taken is not None:
                self._group.offer(*taken)

    def _put(self, named: Named, reading: Reading, mark: str) -> tuple[Reading, Path, str] | None:
        """Put a file on the shelf, and return what it reads there, its place and its stamp."""
        shelf = self._parts.shelf
        with self._parts.writer.lock:
            place = shelf.place(named.path, within=named.within)
            if place in self._placed:
                raise UnreadableFile(_same_name(named))
            where = self._parts.where(place)
            twin = self._group.twin(replace(reading.document, id=self._id_at(place), path=where))
            if twin is not None:
                self._report.skipped(named.name, same_text(twin))
                return None
            self._place(named, place, mark)
            self._placed.add(place)
            document_id, after = self._ids()[place], stamp(place)
        return self._as_placed(named, reading, place, document_id), place, after

    def _place(self, named: Named, place: Path, mark: str) -> None:
        data = read_bytes(named.path)
        if stamp(named.path) != mark:
            raise UnreadableFile(f"{named.path} changed while it was read. Add it again.")
        self._mine.add(place)
        self._claimed.add(place)
        with contextlib.suppress(AlreadyOnShelf):
            self._parts.shelf.put(
                named.path, overrides=self._overrides, within=named.within, data=data
            )
        self.moved |= self._ids().add(place)

    def _as_placed(self, named: Named, reading: Reading, place: Path, document_id: str) -> Reading:
        """Return what the file reads on the shelf: there it may have another name or sidecar."""
        if place.name != named.path.name or read_sidecar(place) != read_sidecar(named.path):
            return self._parts.read(place, document_id)
        where = self._parts.where(place)
        return replace(reading, document=replace(reading.document, id=document_id, path=where))

    def _id_at(self, place: Path) -> str:
        ids = self._ids()
        return ids[place] if place in ids else ""  # noqa: SIM401

    def _written(self, path: Path) -> None:
        self._mine.discard(path)
        self._claimed.discard(path)


def _same_name(named: Named) -> str:
    name = named.path.name
    return (
        f"{named.path}: another file of this call is also named {name}, and would be replaced: "
        "rename one of them and add it again"
    )
