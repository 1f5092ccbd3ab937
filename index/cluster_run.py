"""One run of many files through a crew of workers: what is in order, under way, and to do again."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from corpus.documents import Reading
from corpus.errors import CorpusError, ReaderStopped
from corpus.sandbox import ReadJob
from corpus.shelf import companions
from index.cluster_work import Sent, Worked


@dataclass(frozen=True, slots=True)
class Died:
    """In place of what a batch came to: its worker died, ``at_it`` or before it was begun."""

    at_it: bool


class Crew(Protocol):
    """Workers, wherever they run. What is given to them is called a batch; ``int`` names it."""

    size: int
    fingerprint: str

    def give(self, batch: Sequence[Sent]) -> int:
        """Let some worker do a batch. Raises IndexFailure where there is none any more."""
        ...

    def next(self, given: Collection[int]) -> tuple[int, list[Worked] | Died]:
        """Wait for one of the batches. Raises what went wrong but for the death of its worker."""
        ...

    def drop(self, given: Collection[int]) -> None:
        """Forget batches that nobody waits for."""
        ...


@dataclass(slots=True)
class Slot:
    """A file that was asked for, in its place in the order; ``outcome`` when it is done."""

    job: ReadJob
    sent: Sent | None = None
    deaths: int = 0
    outcome: Reading | CorpusError | None = None


@dataclass(slots=True)
class Run:
    """One reading of many files: those in order, those to do again, and what is under way."""

    order: deque[Slot] = field(default_factory=deque)
    again: deque[Slot] = field(default_factory=deque)
    given: dict[int, list[Slot]] = field(default_factory=dict)
    is_at_end: bool = False

    def bytes(self) -> int:
        """Return the bytes that are under way, or wait for their turn."""
        return sum(one.sent.size for one in self.order if one.sent is not None)


def to_send(job: ReadJob) -> Sent | None:
    """Return a file with what belongs to it; None where it has to be read here, which tells what
    is wrong with it."""
    if not job.path.is_relative_to(job.folder) or not job.path.is_file():
        return None
    try:
        if job.path.stat().st_size > job.max_bytes:
            return None
        files = {
            one.relative_to(job.folder).as_posix(): one.read_bytes()
            for one in (job.path, *companions(job.path))
        }
    except OSError:
        return None
    name = job.path.relative_to(job.folder).as_posix()
    return Sent(name, files, job.document_id, job.max_bytes, job.seconds)


def given_up(job: ReadJob) -> ReaderStopped:
    """Return why a file is not read any more."""
    return ReaderStopped(
        f"{job.path} could not be read: the worker that read it died twice. Save it again, or in "
        "another format."
    )
