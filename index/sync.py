"""The documents folder into the index: the folder is the truth.

What is new or changed is read, embedded and written in groups (``index.writer`` says how that
survives being killed), and only then is forgotten what is gone, so that a renamed file takes over
the vectors it had. A file whose stamp was never stored is read again by the next sync.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from corpus.documents import Reading
from corpus.errors import CorpusError, NoReader
from corpus.ids import Ids
from corpus.listing import Listing, is_gone, odd_message
from corpus.readers.kinds import CONTAINERS, kind_of, several_message
from corpus.sandbox import ReadJob
from corpus.walk import Found
from index.entries import Changes, Failed, Skipped
from index.passed_over import PassedOver
from index.report import Report
from index.stamps import stamp
from index.taking import Group, Parts

Known = Mapping[str, tuple[str, str]]
"""The path and the stamp of each document that the index has, by id."""
StampOf = Callable[[str], str]
"""How the stamp of a file is had, by its path."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a sync has to do: files to read, by id, and documents whose files are gone."""

    due: Mapping[str, Path]
    gone: tuple[str, ...]
    unchanged: int
    closed: tuple[Failed, ...]
    containers: tuple[Skipped, ...]

    @classmethod
    def nothing(cls, unchanged: int) -> Work:
        """Return what there is to do where as many documents are as they were."""
        return cls({}, (), unchanged, (), ())

    def __bool__(self) -> bool:
        """Tell whether there is anything to do or to report."""
        return bool(self.due or self.gone or self.closed or self.containers)


def is_as_known(parts: Parts, found: Found, known: Known, stamp_of: StampOf) -> bool:
    """Tell whether a folder has just the files that are known, none of them changed.

    Ids are left out: they follow from the paths. Making them, and a listing, for 10,000 documents
    takes a cold process .3 s, and mostly nothing has changed.
    """
    if not found.is_plain or len(found.files) != len(known):
        return False
    marks = dict(known.values())
    return all(marks.get(parts.where(one)) == stamp_of(one) for one in found.files)


def find_work(
    parts: Parts,
    listing: Listing,
    known: Known,
    ids: Ids,
    hold: Collection[Path],
    stamp_of: StampOf,
) -> Work:
    """Compare the folder with what is known. Files to ``hold`` are left as they are."""
    folder = parts.shelf.folder
    by_id = ids.by_id()
    hidden = hidden_documents(parts, listing, known)
    seen = {one: path for one, path in by_id.items() if one not in hidden and path not in hold}
    due = {
        document_id: path
        for document_id, path in seen.items()
        if known.get(document_id) != (parts.where(path), stamp_of(str(path)))
    }
    return Work(
        due,
        tuple(one for one in known if one not in by_id),
        len(seen) - len(due),
        tuple(Failed(_shown(folder, one.folder), one.reason) for one in listing.closed),
        tuple(
            Skipped(parts.where(path), several_message(str(path)))
            for path in listing.others
            if kind_of(path) in CONTAINERS
        )
        + tuple(Skipped(parts.where(one.path), odd_message(one)) for one in listing.odd),
    )


def hidden_documents(parts: Parts, listing: Listing, known: Known) -> dict[str, Path]:
    """Return the known documents below folders that cannot be read now: they are not gone."""
    if not listing.closed:
        return {}
    places = {one: parts.shelf.folder / where for one, (where, _) in known.items()}
    return {one: path for one, path in places.items() if listing.hides(path)}


class Sync:
    """One run over files of the shelf."""

    def __init__(self, parts: Parts, report: Report, passed_over: PassedOver) -> None:
        self._parts = parts
        self._report = report
        self._passed_over = passed_over

    def run(self, work: Work, known: Known, *, retry: bool) -> None:
        """Do the work. Without ``retry`` files that were passed over before are not read again."""
        self._report.include(Changes(failed=work.closed, skipped=work.containers))
        self._report.unchanged(work.unchanged, of_run=False)
        self.take_in(work.due, retry=retry)
        # Another run may have changed a document meanwhile.
        stamp_of = self._parts.catalogue.stamp_of
        self._forget(tuple(one for one in work.gone if stamp_of(one) == known[one]))

    def take_in(self, due: Mapping[str, Path], *, retry: bool = True) -> None:
        """Index files by the ids that they have. Their faults end up in the report."""
        group = Group(
            self._parts, self._report, copied=partial(self._passed_over.copy, self._parts)
        )
        marks: deque[str] = deque()
        with self._parts.reading(self._jobs(due, marks, retry=retry)) as results:
            for job, reading in results:
                mark = marks.popleft()
                self._report.tell("reading", job.path.name)
                if isinstance(reading, Reading):
                    group.offer(reading, job.path, mark)
                else:
                    self._refuse(job, mark, reading)
        group.flush()

    def _jobs(
        self, due: Mapping[str, Path], marks: deque[str], *, retry: bool
    ) -> Iterator[ReadJob]:
        folder, limit = self._parts.shelf.folder, self._parts.max_bytes
        for document_id, path in due.items():
            mark, where = stamp(path), self._parts.where(path)
            if not retry and self._passed_over.tell(self._parts, self._report, where, mark):
                continue
            marks.append(mark)
            yield ReadJob(path, folder, document_id, limit)

    def _refuse(self, job: ReadJob, mark: str, error: CorpusError) -> None:
        """A document whose file holds nothing readable any more must not go on answering. One
        whose file cannot be opened, for its rights or its disk, is not gone; nor is one that nobody
        could read because the system starts no process now."""
        where = self._parts.where(job.path)
        if isinstance(error, NoReader):
            self._report.failed(where, str(error))
            return
        if not is_gone(job.path):
            self._passed_over.refuse(where, mark, str(error))
            self._report.failed(where, str(error))
            if _is_shut(job.path):
                return
        else:  # deleted since it was listed
            self._report.finished()
        if job.document_id and self._parts.catalogue.stamp_of(job.document_id):
            self._forget((job.document_id,))

    def _forget(self, document_ids: tuple[str, ...]) -> None:
        self._parts.writer.forget(document_ids)
        self._report.removed(document_ids)


def _is_shut(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.read(1)
    except FileNotFoundError:  # gone, or a link to nowhere
        return False
    except OSError:
        return True
    return False


def _shown(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix() + ("/" if path.is_dir() else "")
