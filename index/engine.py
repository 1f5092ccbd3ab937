"""What a library that runs a model's graph has to do; ``graph_embedder`` does all else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from index.batches import PaddedBatch
from index.embed import Vectors

Keep = Callable[[list[int], Vectors], None]
"""Takes the places of a batch's texts and their vectors, which last only as long as the call."""


class Engine(Protocol):
    """A graph that a library runs. Its vectors are not yet of length one.

    A thread may run one batch while another runs many, when it is prepared for that.
    """

    def prepare(self, *, many: bool) -> None:
        """Compile what ``run_many`` needs, or ``run_one``; one thread at a time does so."""
        ...

    def run_one(self, batch: PaddedBatch) -> Vectors:
        """Return the vectors of a batch as soon as can be."""
        ...

    def run_many(self, batches: Iterable[PaddedBatch], keep: Keep) -> None:
        """Give ``keep`` each batch's vectors, in any order and on any thread."""
        ...
