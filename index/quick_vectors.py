"""All vectors of a catalogue for exact search, as quickly as they can be had."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from index.database import Database
from index.embed import Numbers, Vectors
from index.held import Held, Source
from index.vector_file import Known, VectorFile

_WORTH = 2_000
"""Vectors that are read from the catalogue in some hundredths of a second: for fewer, the file is
not written anew."""
_GENERATIONS = 200
"""Documents whose vectors are read at a time."""

Batch = tuple[Sequence[int] | Numbers, Vectors]


class QuickVectors:
    """Vectors from the file beside a catalogue, and what that lacks from the catalogue; whoever
    uses it sees to it that one thread at a time does."""

    def __init__(self, database: Database, source: Source, file: VectorFile) -> None:
        """``source`` is what the catalogue in ``database`` knows of vectors."""
        self._database = database
        self._source = source
        self._file = file
        self._lacked = 0

    def all(self) -> Iterator[Batch]:
        """Yield numbers and vectors of active and pending passages.

        Those of generations that become active meanwhile are among them, as the file is asked
        first and the catalogue after that.
        """
        self._lacked = 0
        found, known = self._file.read(self._known())
        yield from found
        for numbers, vectors in self._besides(known):
            self._lacked += len(numbers)
            yield numbers, vectors

    def keep(self, held: Held) -> None:
        """Write the file anew, if it lacked more than a few of them."""
        if self._lacked > _WORTH:
            generations = dict(self._database.rows("SELECT number, generation FROM passages"))
            self._file.write(held.batches, generations, self._known())

    def _known(self) -> dict[int, Known]:
        """Return what is known of each active generation.

        As one text: between two rows another thread of Python's may take its turn, and this is
        read while the model is loaded.
        """
        ((found,),) = self._database.rows(
            "SELECT group_concat(generation || ' ' || digest || ' ' || passages, char(10)) "
            "FROM documents JOIN "
            "(SELECT generation, count(*) AS passages FROM passages GROUP BY generation) "
            "USING (generation) WHERE state = 'active'"
        )
        lines = (line.split(" ") for line in (found or "").splitlines())
        return {int(one): Known(digest, int(passages)) for one, digest, passages in lines}

    def _besides(self, known: Collection[int]) -> Iterator[Batch]:
        """Yield vectors of active and pending passages of all generations but those known."""
        if not known:
            yield from self._source.held_vectors()
            return
        found = self._database.rows("SELECT generation FROM documents WHERE state != 'retired'")
        others = [generation for (generation,) in found if generation not in known]
        for first in range(0, len(others), _GENERATIONS):
            some = others[first : first + _GENERATIONS]
            rows = self._database.rows(
                "SELECT number, vector FROM passages JOIN documents USING (generation) "
                f"WHERE state != 'retired' AND generation IN ({', '.join('?' * len(some))})",
                some,
            )
            if rows:
                joined = np.frombuffer(b"".join(vector for _, vector in rows), dtype="<f4")
                yield [number for number, _ in rows], joined.reshape(len(rows), -1)
