"""The vectors of a large catalogue once more, in a file that is read at one go.

In the catalogue each vector lies in its passage's row, and reading 100,000 rows takes .7 s, in
which other threads get little done. A command that asks one question needs them once. So they are
kept beside it in blocks, which are read and compared with their hashes while the model is loaded.

The file is a cache that nothing depends on. A block counts only if its SHA-256 is right, and a row
in it only if the catalogue has its generation with the digest that it had when the row was written;
what does not count is read from the catalogue. The rows have a hash of their own, so that wiping
one document reads which generations are where, and not 150 MB of vectors.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embed import Numbers, Vectors
from index.vector_blocks import ROW, Block, Place, Rows, places_in, read_block

VECTORS = "vectors"
"""Name of the file, beside the catalogue's."""
_ROWS = 2_000
"""In a block: 3 MB, so that wiping a vector writes little."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """The digest of a generation, as hexadecimal digits, and how many passages it has."""

    digest: str
    passages: int


class VectorFile:
    """The file of one catalogue; whoever uses it sees to it that one thread at a time does."""

    def __init__(self, path: Path, catalogue_id: str) -> None:
        """Nothing is read until it is asked for."""
        self._path = path
        self._beside = path.with_name(f"{path.name}.new")
        self._catalogue_id = catalogue_id

    def read(
        self, known: Mapping[int, Known]
    ) -> tuple[list[tuple[Numbers, Vectors]], frozenset[int]]:
        """Return numbers and vectors of those generations that are here just as they are known,
        and which those are."""
        blocks = list(self._blocks())
        if not blocks:
            return [], frozenset()
        rows = np.concatenate([one.rows for one in blocks])
        sound = _sound(rows, known)
        ends = np.cumsum([len(one.rows) for one in blocks])
        found = []
        for block, keep in zip(blocks, np.split(sound, ends[:-1]), strict=True):
            whole = bool(keep.all())
            numbers = block.rows["number"] if whole else block.rows["number"][keep]
            found.append((numbers.copy(), block.vectors if whole else block.vectors[keep]))
        return found, frozenset(rows["generation"][sound].tolist())

    def write(
        self,
        batches: Sequence[tuple[Numbers, Vectors]],
        generations: Mapping[int, int],
        known: Mapping[int, Known],
    ) -> None:
        """Write the vectors of known generations anew; ``generations`` are those of numbers.

        Where the disk does not take it, there is none.
        """
        try:
            with self._beside.open("wb") as file:
                for numbers, vectors in batches:
                    for block in _cut(numbers, vectors, generations, known):
                        file.write(block.packed(self._catalogue_id))
            os.replace(self._beside, self._path)
        except OSError as error:
            _log.warning("%s could not be written: %s", self._path, error)
            for path in (self._beside, self._path):
                with contextlib.suppress(OSError):
                    path.unlink()

    def wipe(self, generations: Collection[int]) -> None:
        """Leave nothing of other generations than these. Raises OSError."""
        self._beside.unlink(missing_ok=True)  # of a process that was killed
        if not self._path.exists():
            return
        left = np.array([0, *generations], dtype=np.int64)
        empty = rows = 0
        with self._path.open("r+b") as file:
            places, is_whole = places_in(file, self._catalogue_id)
            for place in places:
                gone = ~np.isin(place.rows["generation"], left)
                rows += len(gone)
                empty += int((gone | (place.rows["generation"] == 0)).sum())
                if gone.any() and is_whole:
                    is_whole = self._empty(file, place, gone)
        # Nobody knows what stands in what is damaged; and what is mostly empty is of no use.
        if not is_whole or empty > rows / 2:
            self._path.unlink()

    def _empty(self, file: io.BufferedRandom, place: Place, gone: npt.NDArray[np.bool_]) -> bool:
        """Write zeros in place of some rows; tell whether the block was sound."""
        block = read_block(file, place)
        if block is None:
            return False
        file.seek(place.start)
        file.write(block.without(gone).packed(self._catalogue_id))
        return True

    def _blocks(self) -> Iterator[Block]:
        """Read the file, and yield its sound blocks; none where it cannot be read."""
        with contextlib.suppress(OSError), self._path.open("rb") as file:
            for place in places_in(file, self._catalogue_id)[0]:
                if block := read_block(file, place):
                    yield block


def _sound(rows: Rows, known: Mapping[int, Known]) -> npt.NDArray[np.bool_]:
    """Tell of each row whether its generation is here whole, and as it is known."""
    here, places, counts = np.unique(rows["generation"], return_inverse=True, return_counts=True)
    nobody = Known("", -1)
    those = [known.get(one, nobody) for one in here.tolist()]
    whole = counts == np.array([one.passages for one in those])
    digests = np.array([_short(one.digest) for one in those], dtype=np.uint64)
    same: npt.NDArray[np.bool_] = whole[places] & (rows["digest"] == digests[places])
    return same


def _cut(
    numbers: Numbers,
    vectors: Vectors,
    generations: Mapping[int, int],
    known: Mapping[int, Known],
) -> Iterator[Block]:
    for first in range(0, len(numbers), _ROWS):
        some = numbers[first : first + _ROWS].tolist()
        rows = np.zeros(len(some), ROW)
        keep = np.zeros(len(some), dtype=bool)
        for place, number in enumerate(some):
            generation = generations.get(number, 0)
            if generation in known:
                rows[place] = number, generation, _short(known[generation].digest)
                keep[place] = True
        if keep.any():
            yield Block(rows[keep], vectors[first : first + _ROWS][keep])


def _short(digest: str) -> int:
    """Return the first 64 bits of a digest; 0 where there is none."""
    return int(digest[:16] or "0", 16)
