"""The vectors of a large catalogue once more, in a file that is read at one go.

In the catalogue each vector lies in its passage's row, and reading 100,000 rows takes .7 s, in
which other threads get little done. A command that asks one question needs them once. So they are
kept beside it in blocks, which are read and compared with their hashes while the model is loaded.

The file is a cache that nothing depends on. A block counts only if its SHA-256 is right, and a row
in it only if the catalogue has its generation with the digest that it had when the row was written;
what does not count is read from the catalogue.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embed import Numbers, Vectors

VECTORS = "vectors"
"""Name of the file, beside the catalogue's."""
_ROWS = 2_000
"""In a block: 3 MB, so that wiping a vector writes little."""
_MARK = b"vectors1"
_DIGEST = 32
_HEAD = np.dtype([("mark", "S8"), ("catalogue", "S16"), ("rows", "<u4"), ("dimensions", "<u4")])
_ROW = np.dtype([("number", "<i8"), ("generation", "<i8"), ("digest", "<u8")])

_log = logging.getLogger(__name__)

Rows = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Known:
    """The digest of a generation, as hexadecimal digits, and how many passages it has."""

    digest: str
    passages: int


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of the file: from ``start`` to ``end``, both in bytes."""

    start: int
    end: int
    rows: Rows
    vectors: Vectors

    def without(self, gone: npt.NDArray[np.bool_]) -> _Block:
        """Return the block with zeros in place of some rows."""
        rows, vectors = self.rows.copy(), self.vectors.copy()
        rows[gone] = np.zeros((), _ROW)
        vectors[gone] = 0
        return _Block(self.start, self.end, rows, vectors)

    def packed(self, catalogue_id: str) -> bytes:
        """Return the block as it is written, its hash included."""
        head = np.zeros((), _HEAD)
        head["mark"], head["catalogue"] = _MARK, catalogue_id.encode()
        head["rows"], head["dimensions"] = self.vectors.shape
        content = head.tobytes() + self.rows.tobytes() + self.vectors.astype("<f4").tobytes()
        return content + hashlib.sha256(content).digest()


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
        read = empty = rows = 0
        with self._path.open("r+b") as file:
            for block in self._blocks():
                read += block.end - block.start
                gone = ~np.isin(block.rows["generation"], left)
                rows += len(gone)
                empty += int((gone | (block.rows["generation"] == 0)).sum())
                if gone.any():
                    file.seek(block.start)
                    file.write(block.without(gone).packed(self._catalogue_id))
        # Nobody knows what stands in what is damaged; and what is mostly empty is of no use.
        if read != self._path.stat().st_size or empty > rows / 2:
            self._path.unlink()

    def _blocks(self) -> Iterator[_Block]:
        """Read the file, and yield its sound blocks; each begins where the one before ends."""
        data = self._bytes()
        start = 0
        while start + _HEAD.itemsize <= len(data):
            head = np.frombuffer(data, _HEAD, 1, start)[0]
            count, dimensions = int(head["rows"]), int(head["dimensions"])
            rows = start + _HEAD.itemsize
            vectors = rows + count * _ROW.itemsize
            end = vectors + count * dimensions * 4
            if head["mark"] != _MARK or end + _DIGEST > len(data):
                return
            digest = hashlib.sha256(data[start:end]).digest()
            is_ours = head["catalogue"] == self._catalogue_id.encode()
            if is_ours and digest == data[end : end + _DIGEST].tobytes():
                values = np.frombuffer(data, "<f4", count * dimensions, vectors)
                yield _Block(
                    start,
                    end + _DIGEST,
                    np.frombuffer(data, _ROW, count, rows),
                    values.reshape(count, dimensions),
                )
            start = end + _DIGEST

    def _bytes(self) -> memoryview:
        """Return the whole file; nothing where it cannot be read."""
        try:
            with self._path.open("rb", buffering=0) as file:
                data = np.empty(os.fstat(file.fileno()).st_size, dtype=np.uint8)
                filled = 0
                while filled < len(data):
                    more = file.readinto(data.data[filled:])
                    if not more:
                        break
                    filled += more
        except OSError:
            return memoryview(b"")
        return data.data[:filled]


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
) -> Iterator[_Block]:
    for first in range(0, len(numbers), _ROWS):
        some = numbers[first : first + _ROWS].tolist()
        rows = np.zeros(len(some), _ROW)
        keep = np.zeros(len(some), dtype=bool)
        for place, number in enumerate(some):
            generation = generations.get(number, 0)
            if generation in known:
                rows[place] = number, generation, _short(known[generation].digest)
                keep[place] = True
        if keep.any():
            yield _Block(0, 0, rows[keep], vectors[first : first + _ROWS][keep])


def _short(digest: str) -> int:
    """Return the first 64 bits of a digest; 0 where there is none."""
    return int(digest[:16] or "0", 16)
