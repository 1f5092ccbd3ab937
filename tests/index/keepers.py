"""Keepers of vectors for tests, and what stands for their catalogues."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.embed import Vectors
from index.keeper import Keeper
from index.remote_names import Names
from index.remote_vectors import RemoteVectors
from index.server import Server
from index.vectors import VectorStore

OpenKeeper = Callable[..., Keeper]
"""Opens the keeper of a folder and of a catalogue that has these numbers, also when they change."""
INDEX = "an-index"


def embedded(folder: Path, numbers: Collection[int], catalogue_id: str = "one") -> Keeper:
    return VectorStore(folder / "chroma", catalogue_id)


def remote(
    server: Server, folder: Path, numbers: Collection[int], catalogue_id: str = "one"
) -> RemoteVectors:
    (folder / INDEX).mkdir(exist_ok=True)
    return RemoteVectors(server, Names(folder), INDEX, catalogue_id, lambda: content(numbers))


def content(numbers: Collection[int]) -> tuple[int, str]:
    there = sorted(numbers)
    return len(there), hashlib.sha256(repr(there).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Told:
    """A catalogue that has these vectors."""

    numbers: Sequence[int]
    vectors: Vectors

    @staticmethod
    def go_on() -> threading.Event:
        return threading.Event()

    def passage_count(self) -> int:
        return len(self.numbers)

    def all_vectors(self, batch: int = 20) -> Iterator[tuple[list[int], Vectors]]:
        for first in range(0, len(self.numbers), batch):
            yield list(self.numbers[first : first + batch]), self.vectors[first : first + batch]

    held_vectors = all_vectors
