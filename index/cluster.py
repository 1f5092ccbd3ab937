"""Reading, cutting and embedding by the workers of a cluster, in place of this machine's readers.

What comes back goes the way of all readings: it is compared, grouped and written by the one
process that owns the home, so a worker can neither lose nor double anything. At most so many files
and bytes are under way; a batch whose worker died is done again a file at a time, and a file whose
worker died twice is reported as one that cannot be read.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Collection, Generator, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.documents import Document, Reading
from corpus.errors import CorpusError
from corpus.readers import MAX_BYTES
from corpus.sandbox import Readers, ReadJob
from corpus.unpacked import Unpacked
from index.cluster_run import Crew, Died, Run, Slot, given_up, to_send
from index.cluster_work import Worked
from index.embed import Vectors
from index.passages import Passage
from index.taking import Parts

BATCH = 4
BATCH_BYTES = 200_000
"""Files, and bytes, that a worker gets at once; more would wait longer for one another."""
AHEAD = 3
"""Batches for each worker: the one it works on, and what it does while the owner writes a group."""
WAITING = 2 * AHEAD * BATCH
"""Files for each worker that are read ahead of the next to be written at most, done or not: the
others go on by so much while one file takes long."""
MOST_BYTES = 256_000_000
"""Bytes of files that are under way at most, whatever they are."""
_REMEMBERED = 1_000
"""Documents whose vectors wait to be written; of others they are made again."""
_DEATHS = 2


@dataclass(slots=True)
class _Made:
    passages: tuple[Passage, ...] | None
    vectors: dict[str, Vectors]


class Cluster:
    """Takes the place of the readers, and knows the vectors of what it has read."""

    def __init__(self, crew: Crew, readers: Readers) -> None:
        """``readers`` read single files here, and those that cannot be sent."""
        self._crew = crew
        self._readers = readers
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[str, str], _Made] = OrderedDict()

    @property
    def fingerprint(self) -> str:
        """The model that it embeds with."""
        return self._crew.fingerprint

    # ------------------------------------------------------------------ as readers

    def read(
        self,
        path: Path,
        *,
        folder: Path,
        document_id: str | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> Reading:
        """Read one file here."""
        return self._readers.read(path, folder=folder, document_id=document_id, max_bytes=max_bytes)

    def is_container(self, path: Path) -> bool:
        """Tell whether a file holds several documents."""
        return self._readers.is_container(path)

    def unpack(self, path: Path, into: Path, *, max_bytes: int = MAX_BYTES) -> Unpacked:
        """Take a file that holds several documents apart, here."""
        return self._readers.unpack(path, into, max_bytes=max_bytes)

    def read_many(
        self, jobs: Iterable[ReadJob]
    ) -> Generator[tuple[ReadJob, Reading | CorpusError], None, None]:
        """Read files as ``Readers.read_many`` does: in the order of ``jobs``, some ahead."""
        run, waiting = Run(), iter(jobs)
        try:
            while True:
                self._give(run, waiting)
                while run.order and run.order[0].outcome is not None:
                    done = run.order.popleft()
                    assert done.outcome is not None
                    yield done.job, done.outcome
                    self._give(run, waiting)
                if run.given:
                    self._take(run)
                elif run.is_at_end and not run.order:
                    return
        finally:
            self._crew.drop(run.given)

    # ------------------------------------------------------------------ as a donor

    def passages(self, document: Document) -> tuple[Passage, ...] | None:
        """Return the passages that a worker cut a document into; None where none did."""
        with self._lock:
            made = self._made.get(_key(document))
        if made is None or made.passages is None:
            return None
        return tuple(
            replace(one, id=f"{document.id}:{one.start}-{one.end}", document_id=document.id)
            for one in made.passages
        )

    def vectors(self, document: Document, wanted: Collection[str]) -> dict[str, Vectors]:
        """Return the vectors that a worker made for a document; asked once, when it is written.

        All of them: among the ``wanted`` are whole passages, and not the heads they are made of.
        """
        with self._lock:
            made = self._made.pop(_key(document), None)
        return {} if made is None else made.vectors

    def close(self) -> None:
        """Nothing is open here."""

    # ------------------------------------------------------------------ batches

    def _give(self, run: Run, waiting: Iterator[ReadJob]) -> None:
        while len(run.given) < AHEAD * self._crew.size:
            batch = [run.again.popleft()] if run.again else self._batch(run, waiting)
            if not batch:
                return
            sent = [one.sent for one in batch if one.sent is not None]
            run.given[self._crew.give(sent)] = batch

    def _batch(self, run: Run, waiting: Iterator[ReadJob]) -> list[Slot]:
        batch: list[Slot] = []
        size = 0
        most = WAITING * self._crew.size
        while (
            len(batch) < BATCH
            and size < BATCH_BYTES
            and len(run.order) < most
            and run.bytes() < MOST_BYTES
        ):
            job = next(waiting, None)
            if job is None:
                run.is_at_end = True
                break
            slot = Slot(job, to_send(job))
            run.order.append(slot)
            if slot.sent is None:
                slot.outcome = self._read_here(job)
            else:
                batch.append(slot)
                size += slot.sent.size
        return batch

    def _take(self, run: Run) -> None:
        """Wait for a batch, and note what came of it."""
        number, worked = self._crew.next(run.given)
        batch = run.given.pop(number)
        if isinstance(worked, Died):
            for slot in batch:
                slot.deaths += worked.at_it
                if slot.deaths < _DEATHS:
                    run.again.append(slot)
                else:
                    slot.outcome, slot.sent = given_up(slot.job), None
            return
        for slot, one in zip(batch, worked, strict=True):
            slot.outcome, slot.sent = self._noted(slot.job, one), None

    def _noted(self, job: ReadJob, one: Worked) -> Reading | CorpusError:
        outcome = one.outcome
        if not isinstance(outcome, Reading):
            return type(outcome)(str(outcome).replace(one.folder, str(job.folder)))
        if one.vectors is not None and one.passages is not None:
            made = _Made(one.passages, dict(zip(one.texts, one.vectors, strict=True)))
            with self._lock:
                self._made[_key(outcome.document)] = made
                while len(self._made) > _REMEMBERED:
                    self._made.popitem(last=False)
        return outcome

    def _read_here(self, job: ReadJob) -> Reading | CorpusError:
        try:
            return self._readers.read(
                job.path,
                folder=job.folder,
                document_id=job.document_id,
                max_bytes=job.max_bytes,
                seconds=job.seconds,
            )
        except CorpusError as error:
            return error


_helping: ContextVar[Cluster | None] = ContextVar("helping", default=None)


@contextlib.contextmanager
def helped_by(cluster: Cluster) -> Iterator[None]:
    """Let what this thread adds and syncs inside be read and embedded by a cluster."""
    token = _helping.set(cluster)
    try:
        yield
    finally:
        _helping.reset(token)


def helped(parts: Parts) -> Parts:
    """Return what a run works with: with a cluster where this thread has the help of one that
    embeds with the same model."""
    cluster = _helping.get()
    if cluster is None or cluster.fingerprint != parts.embedder.fingerprint:
        return parts
    return replace(
        parts, readers=cluster, donors=(cluster, *parts.donors), passages_of=cluster.passages
    )


def _key(document: Document) -> tuple[str, str]:
    return document.sha256, document.title
