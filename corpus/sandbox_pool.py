"""A few reading processes that take turns: started when needed, ended when idle.

They are started by one thread of the pool's own. Linux ends them when the *thread* that started
them ends, and a caller's thread may be short-lived.
"""

from __future__ import annotations

import functools
import os
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from time import monotonic

from corpus.errors import NoReader
from corpus.sandbox_process import Worker


class Abandoned(Exception):
    """Raised to a thread that works for a caller who has walked away."""


class Pool:
    """At most ``size`` workers. Safe to use from several threads, and in a forked process, which
    gets workers of its own."""

    def __init__(self, start: Callable[[], Worker], *, size: int, idle_seconds: float) -> None:
        self._start = start
        self._size = size
        self._idle_seconds = idle_seconds
        self._begin()
        os.register_at_fork(after_in_child=functools.partial(_after_fork, weakref.ref(self)))

    def _begin(self) -> None:
        self._changed = threading.Condition()
        self._idle: list[tuple[float, Worker]] = []  # the longest idle first
        self._busy: dict[Worker, object] = {}
        self._asked: list[Future[Worker]] = []
        self._starting = 0
        self._gone: weakref.WeakSet[object] = weakref.WeakSet()
        self._keeper: threading.Thread | None = None
        self._closed = False

    def lease(self, owner: object) -> Worker:
        """Wait for a worker and take it. Raises Abandoned once ``abandon(owner)`` was called, and
        NoReader where no process can be started or the pool is closed."""
        with self._changed:
            while self._is_full() and not self._closed and owner not in self._gone:
                self._changed.wait()
            self.check(owner)
            while self._idle:
                worker = self._idle.pop()[1]
                if worker.is_alive():
                    self._busy[worker] = owner
                    return worker
                worker.close()
            asked = self._ask_for_another()
        try:
            worker = asked.result()
        except BaseException as error:
            self._not_started(asked)
            if isinstance(error, OSError):
                raise NoReader(
                    f"No process to read files could be started: {error.strerror}. Try again."
                ) from error
            raise
        with self._changed:
            # In one step, or another thread would count a worker too few and start another.
            self._starting -= 1
            self._busy[worker] = owner
            if not self._closed and owner not in self._gone:
                return worker
        self.drop(worker)
        self.check(owner)
        raise Abandoned  # not reached: neither of the two is ever taken back

    def give_back(self, worker: Worker) -> None:
        """Return a worker that is ready for the next job."""
        with self._changed:
            owner = self._busy.pop(worker, None)
            if owner is not None and owner not in self._gone and not self._closed:
                self._idle.append((monotonic(), worker))
                self._changed.notify_all()
                return
        worker.close()

    def drop(self, worker: Worker) -> None:
        """End a worker that was leased; another may be started in its place."""
        worker.close()
        with self._changed:
            self._busy.pop(worker, None)
            self._changed.notify_all()

    def abandon(self, owner: object) -> None:
        """Kill the workers that ``owner`` has leased, and lease it no more."""
        with self._changed:
            self._gone.add(owner)
            for worker in [one for one, whose in self._busy.items() if whose is owner]:
                worker.kill()  # its thread closes it
            self._changed.notify_all()

    def close(self) -> None:
        """End all workers; who waits for one gets NoReader."""
        with self._changed:
            self._closed = True
            for worker in self._busy:
                worker.kill()
            for _, worker in self._idle:
                worker.close()
            self._idle.clear()
            self._changed.notify_all()

    def pids(self) -> tuple[int, ...]:
        """Return the process ids of the workers there are."""
        with self._changed:
            return tuple(one.pid for one in (*self._busy, *(worker for _, worker in self._idle)))

    def _is_full(self) -> bool:
        return not self._idle and len(self._busy) + self._starting >= self._size

    def check(self, owner: object) -> None:
        """Raise Abandoned or NoReader where nothing is read for ``owner`` any more."""
        if owner in self._gone:
            raise Abandoned
        if self._closed:
            raise NoReader("Nothing is read any more: the program is ending.")

    def _ask_for_another(self) -> Future[Worker]:
        asked: Future[Worker] = Future()
        self._asked.append(asked)
        self._starting += 1
        if self._keeper is None:
            self._keeper = threading.Thread(target=self._keep, name="readers", daemon=True)
            self._keeper.start()
        self._changed.notify_all()
        return asked

    def _keep(self) -> None:
        """Start workers as they are asked for, and end those that have been idle too long."""
        while True:
            with self._changed:
                while not (self._asked or self._closed or self._until_next_end() == 0.0):
                    self._changed.wait(self._until_next_end())
                asked, self._asked = self._asked, []
                if self._closed and not asked:
                    return
                self._end_the_idle()
            for one in asked:
                self._start_for(one)

    def _start_for(self, asked: Future[Worker]) -> None:
        try:
            worker = self._start()
        except Exception as error:
            asked.set_exception(error)
        else:
            asked.set_result(worker)

    def _not_started(self, asked: Future[Worker]) -> None:
        asked.add_done_callback(_close_late)
        with self._changed:
            self._starting -= 1
            self._changed.notify_all()

    def _until_next_end(self) -> float | None:
        if not self._idle:
            return None
        return max(0.0, self._idle[0][0] + self._idle_seconds - monotonic())

    def _end_the_idle(self) -> None:
        while self._idle and self._until_next_end() == 0.0:
            self._idle.pop(0)[1].close()

    def after_fork(self) -> None:
        """Forget the workers of the process that this one was forked from, and its locks."""
        for worker in (*self._busy, *(one for _, one in self._idle)):
            worker.let_go()
        self._begin()


def _after_fork(pool: weakref.ref[Pool]) -> None:
    here = pool()
    if here is not None:
        here.after_fork()


def _close_late(asked: Future[Worker]) -> None:
    if not asked.cancelled() and asked.exception() is None:
        asked.result().close()
