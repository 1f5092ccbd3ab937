"""Workers of a Ray cluster. This file and ``cluster_begin`` are the ones that know Ray."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from corpus.errors import ArchiveError, IndexFailure, UsageError
from corpus.extras import installing
from index.cluster_begin import HERE, begin, prepare
from index.cluster_run import Died
from index.cluster_work import MakeEmbedder, Sent, Worked, Worker
from index.embed import Embedder
from index.recipe import ingredients

_POLL = 1.0
_START_SECONDS = 300
"""How long all workers may take to be started and to load the model."""


@contextlib.contextmanager
def ray_crew(
    address: str, make: MakeEmbedder, embedder: Embedder, *, workers: int | None = None
) -> Iterator[RayCrew]:
    """Give the workers of a cluster: ``ray``, or ``ray://host:port``. On this machine there is one
    for each core, or so many ``workers``.

    ``make`` makes their embedder, which has to be ``embedder``'s twin. Raises UsageError for
    another address, and IndexFailure where the cluster does not answer, has no free core, or runs
    another release or model than this one.
    """
    if address != HERE and not address.startswith("ray://"):
        raise UsageError(f"{address} is no cluster: write ray, or ray://host:port")
    prepare(address)
    try:
        import ray
    except ImportError:
        raise UsageError(f"Ray is not installed: {installing('ray')}, or leave --on out") from None
    ours = not ray.is_initialized()
    if ours:
        begin(ray, address, workers or len(os.sched_getaffinity(0)))
    try:
        crew = RayCrew(ray, address, make)
        try:
            crew.check(embedder)
            yield crew
        finally:
            crew.close()
    finally:
        if ours:
            ray.shutdown()


class RayCrew:
    """One worker for each core of the cluster. One that dies is replaced."""

    def __init__(self, ray: Any, address: str, make: MakeEmbedder) -> None:
        self._ray = ray
        self._address = address
        self.size = max(1, int(ray.cluster_resources().get("CPU", 1)))
        self._start: Callable[..., Any] = ray.remote(num_cpus=1, max_restarts=0)(Worker).remote
        self._make = ray.put(make)
        self._numbers = itertools.count()
        self._batches = itertools.count()
        self._given: dict[int, tuple[Any, Any]] = {}
        self._died: dict[int, Died] = {}
        self._workers: list[Any] = [self._another() for _ in range(self.size)]
        self.fingerprint = ""

    def check(self, embedder: Embedder) -> None:
        """See that the workers make what this program makes. Raises IndexFailure."""
        asked = [one.made_with.remote() for one in self._workers]
        ours = ingredients(embedder)
        for theirs in self._had(lambda: self._ray.get(asked, timeout=_START_SECONDS)):
            if theirs == ours:
                continue
            different = ", ".join(name for name in ours if theirs.get(name) != ours[name])
            raise IndexFailure(
                f"the cluster at {self._address} has another {different} than this program: "
                "install the same release and model on all of its machines"
            )
        self.fingerprint = ours["model"]

    def pids(self) -> list[int]:
        """Return the numbers of the workers' processes."""
        found: list[int] = self._ray.get([one.pid.remote() for one in self._workers])
        return found

    def give(self, batch: Sequence[Sent]) -> int:
        """Let the worker that has least to do work on a batch."""
        load = {id(one): 0 for one in self._workers}
        for worker, _ in self._given.values():
            if id(worker) in load:
                load[id(worker)] += 1
        worker = min(self._workers, key=lambda one: load[id(one)])
        number = next(self._batches)
        self._given[number] = worker, self._had(lambda: worker.work.remote(list(batch)))
        return number

    def next(self, given: Collection[int]) -> tuple[int, list[Worked] | Died]:
        """Wait for one of the batches."""
        while not (told := self._died.keys() & given):
            references = {self._given[number][1]: number for number in given}
            ready, _ = self._had(
                lambda of: self._ray.wait(list(of), num_returns=1, timeout=_POLL), references
            )
            for one in ready:
                number = references[one]
                worked = self._result(one)
                if worked is not None:
                    del self._given[number]
                    return number, worked
                self._bury(self._given[number][0])
        number = min(told)
        return number, self._died.pop(number)

    def _bury(self, dead: Any) -> None:
        """Put another worker in the place of a dead one, and tell what it was at: a worker does its
        batches in turn, so that is the first one that it has not done."""
        left = [number for number, (worker, _) in self._given.items() if worker is dead]
        unknown = [number for number in sorted(left) if self._is_lost(self._given[number][1])]
        for number in unknown:
            self._died[number] = Died(at_it=number == unknown[0])
            del self._given[number]
        with contextlib.suppress(Exception):  # it may only be out of reach, and hold its core
            self._ray.kill(dead)
        self._workers[self._workers.index(dead)] = self._another()

    def _is_lost(self, reference: Any) -> bool:
        return self._result(reference) is None

    def _result(self, reference: Any) -> list[Worked] | None:
        """Return what a batch came to; None where its worker died."""
        try:
            worked: list[Worked] = self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            cause = getattr(error, "cause", None)
            if isinstance(cause, ArchiveError):
                raise cause from error
            reason = getattr(cause, "strerror", None) or type(cause).__name__  # a full disk, say
            raise IndexFailure(
                f"a worker of the cluster at {self._address} failed ({reason}): its log has more; "
                "run the command again, or without --on"
            ) from error
        except self._ray.exceptions.RayError:
            return None
        return worked

    def drop(self, given: Collection[int]) -> None:
        """Forget batches that nobody waits for."""
        for number in given:
            self._given.pop(number, None)
            self._died.pop(number, None)

    def close(self) -> None:
        """End the workers."""
        for worker in self._workers:
            with contextlib.suppress(Exception):  # the cluster may be gone
                self._ray.kill(worker)

    def _another(self) -> Any:
        return self._had(lambda: self._start(self._make, next(self._numbers)))

    def _had(self, ask: Callable[..., Any], *arguments: Any) -> Any:
        """Return what the cluster says. Raises IndexFailure where it is away."""
        try:
            return ask(*arguments)
        except ArchiveError:
            raise
        except Exception as error:
            cause = getattr(error, "cause", None)
            if isinstance(cause, ArchiveError):
                raise cause from error
            if "ModuleNotFoundError" in str(error):
                raise IndexFailure(
                    f"the workers of the cluster at {self._address} have not this program, or not "
                    "all of it: install it with its extra 'ray' on all of its machines"
                ) from error
            raise IndexFailure(
                f"the cluster at {self._address} does not answer ({type(error).__name__}): what is "
                "added so far is kept; run the command again, or without --on"
            ) from error
