"""Files are read in child processes with limits, so that no file can take the program down.

A reader that runs too long, needs too much memory or crashes costs its file, which is reported,
and nothing else. What comes back is data that is checked, never code.
"""

from __future__ import annotations

import atexit
import os
import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import trace
from corpus.documents import Reading
from corpus.errors import CorpusError, ReaderStopped
from corpus.readers.load import MAX_BYTES
from corpus.sandbox_pool import Pool
from corpus.sandbox_process import Worker
from corpus.sandbox_trust import ReadJob, all_in, as_asked, believed

if TYPE_CHECKING:
    from corpus.places import Place
    from corpus.unpacked import Unpacked

__all__ = ["ReadJob", "Readers", "shared", "usual_seconds"]

SECONDS = 60.0
"""How long a small file may take; it takes some milliseconds, unless it is made to take longer."""
SECONDS_A_MB = 10.0
"""How much longer for each MB."""
MOST_SECONDS = 300.0
"""How long the largest may take, and a PDF where scanned pages are read: some seconds each."""
MEMORY = 1_500_000_000
"""Bytes that a reader may need over what an empty process has; a page of 20 MB needs a tenth."""
IDLE_SECONDS = 60.0
_MOST_WORKERS = 4


class Readers:
    """Processes that read files: started when there is work, ended when there has been none.

    Several threads may use it at once. After a fork, the new process starts its own. ``worker`` is
    the module that the processes run, ``memory`` in bytes.
    """

    def __init__(
        self,
        *,
        size: int | None = None,
        seconds: float | None = None,
        memory: int = MEMORY,
        idle_seconds: float = IDLE_SECONDS,
        worker: str = "corpus.worker",
    ) -> None:
        self._size = size or min(_cores(), _MOST_WORKERS)
        self._seconds = seconds
        self._pool = Pool(
            lambda: Worker(worker, memory=memory), size=self._size, idle_seconds=idle_seconds
        )
        self.peak = 0
        """The most memory, in bytes, that one process has had resident so far."""

    def read(
        self,
        path: Path,
        *,
        folder: Path,
        document_id: str | None = None,
        max_bytes: int = MAX_BYTES,
        seconds: float | None = None,
    ) -> Reading:
        """Read a file as ``read_document`` does, and raise what it raises; ReaderStopped where its
        reader took more than ``seconds``, too much memory, or died."""
        return self._read(ReadJob(path, folder, document_id, max_bytes, seconds), owner=self)

    def read_many(
        self, jobs: Iterable[ReadJob], *, ahead: int | None = None
    ) -> Iterator[tuple[ReadJob, Reading | CorpusError]]:
        """Read files at once, and give them, or why they could not be read, in the order of
        ``jobs``; at most ``ahead`` (default: two for each process) are read before they are asked
        for. Closing the iterator stops what is being read."""
        ahead = 2 * self._size if ahead is None else ahead
        owner = _Owner()
        waiting: deque[tuple[ReadJob, Future[Reading | CorpusError]]] = deque()
        threads = ThreadPoolExecutor(self._size, thread_name_prefix="reading")
        try:
            for job in jobs:
                # The context says whose request it is, for traces.
                context = copy_context()
                waiting.append((job, threads.submit(context.run, self._attempt, job, owner)))
                if len(waiting) > ahead:
                    first, reading = waiting.popleft()
                    yield first, reading.result()
            while waiting:
                first, reading = waiting.popleft()
                yield first, reading.result()
        finally:
            self._pool.abandon(owner)
            threads.shutdown(cancel_futures=True)

    def find_place(self, path: Path, quote: str, *, page: int) -> tuple[Place, ...]:
        """Find a quote in a PDF as ``corpus.places.find_place`` does; also raises ReaderStopped."""
        from corpus.places import Place

        value = self._call("find_place", path, owner=self, quote=quote, page=page)
        found: tuple[Place, ...] = believed(path, tuple[Place, ...], value)
        return found

    def page_image(self, path: Path, page: int, *, width_px: int) -> bytes:
        """Draw a page as PNG as ``corpus.places.page_image`` does; also raises ReaderStopped."""
        value = self._call("page_image", path, owner=self, page=page, width_px=width_px)
        picture: bytes = believed(path, bytes, value)
        return picture

    def is_container(self, path: Path) -> bool:
        """Tell as ``corpus.unpack.is_container`` does whether a file holds several documents."""
        answer: bool = believed(path, bool, self._call("is_container", path, owner=self))
        return answer

    def unpack(self, path: Path, into: Path, *, max_bytes: int = MAX_BYTES) -> Unpacked:
        """Take a file that holds several documents apart as ``corpus.unpack.unpack`` does.

        Raises what that raises, and ReaderStopped; the files already written stay then.
        """
        from corpus.unpacked import Unpacked

        value = self._call("unpack", path, owner=self, into=str(into), max_bytes=max_bytes)
        return all_in(path, into, believed(path, Unpacked, value))

    def close(self) -> None:
        """End all processes; a file that is being read gives ReaderStopped."""
        self._pool.close()

    def pids(self) -> tuple[int, ...]:
        """Return the ids of the processes there are at the moment."""
        return self._pool.pids()

    def _attempt(self, job: ReadJob, owner: object) -> Reading | CorpusError:
        try:
            return self._read(job, owner=owner)
        except CorpusError as error:
            return error

    def _read(self, job: ReadJob, *, owner: object) -> Reading:
        value = self._call(
            "read",
            job.path,
            folder=str(job.folder),
            document_id=job.document_id,
            max_bytes=job.max_bytes,
            owner=owner,
            seconds=job.seconds,
        )
        return as_asked(job, believed(job.path, Reading, value))

    def _call(
        self, call: str, path: Path, *, owner: object, seconds: float | None = None, **more: Any
    ) -> Any:
        """Have a function of ``corpus.worker`` called, and return its value as JSON."""
        job = {"call": call, "path": str(path), "at": _here(), **more}
        worker = self._pool.lease(owner)
        try:
            seconds = seconds or self._seconds or usual_seconds(path)
            with trace.step("reading" if call == "read" else call):
                answer = worker.ask(job, seconds=seconds)
        except ReaderStopped:
            self._pool.drop(worker)
            self._pool.check(owner)
            raise
        except BaseException:
            self._pool.drop(worker)
            raise
        self.peak = max(self.peak, answer.peak)
        if answer.last:
            self._pool.drop(worker)
        else:
            self._pool.give_back(worker)
        if answer.error is not None:
            raise answer.error
        return answer.value


class _Owner:
    """Stands for one call of ``read_many``."""


def usual_seconds(path: Path) -> float:
    """Return how long a file may take: longer for a large one, and for a PDF that may be a scan."""
    if path.suffix.lower() == ".pdf" and shutil.which("tesseract"):
        return MOST_SECONDS
    try:
        size = path.stat().st_size
    except (OSError, ValueError):  # the reader says what is wrong
        return SECONDS
    return min(SECONDS + size // 1_000_000 * SECONDS_A_MB, MOST_SECONDS)


def shared() -> Readers:
    """Return the readers that all of this process uses; they end with it."""
    return _SHARED


def _here() -> str | None:
    """Return the folder that a relative path starts from: it may have changed since the process
    was started."""
    try:
        return os.getcwd()
    except OSError:
        return None


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


_SHARED = Readers()
atexit.register(_SHARED.close)
