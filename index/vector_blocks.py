"""Blocks of the file of vectors: rows that say whose the vectors are, then the vectors.

Both have a hash: one after the rows, of what stands before it, and one at the end, of everything.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.embed import Vectors

_MARK = b"vectors2"
_DIGEST = 32
_HEAD = np.dtype([("mark", "S8"), ("catalogue", "S16"), ("rows", "<u4"), ("dimensions", "<u4")])
ROW = np.dtype([("number", "<i8"), ("generation", "<i8"), ("digest", "<u8")])

Rows = npt.NDArray[np.void]
Readable = io.BufferedReader | io.BufferedRandom


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows and their vectors."""

    rows: Rows
    vectors: Vectors

    def without(self, gone: npt.NDArray[np.bool_]) -> Block:
        """Return the block with zeros in place of some rows."""
        rows, vectors = self.rows.copy(), self.vectors.copy()
        rows[gone] = np.zeros((), ROW)
        vectors[gone] = 0
        return Block(rows, vectors)

    def packed(self, catalogue_id: str) -> bytes:
        """Return the block as it is written, its hashes included."""
        head = np.zeros((), _HEAD)
        head["mark"], head["catalogue"] = _MARK, catalogue_id.encode()
        head["rows"], head["dimensions"] = self.vectors.shape
        content = head.tobytes() + self.rows.tobytes()
        content += _digest_of(content) + self.vectors.astype("<f4").tobytes()
        return content + _digest_of(content)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block lies: from ``start`` to ``end``, both in bytes; its rows are sound."""

    start: int
    end: int
    rows: Rows
    dimensions: int


def places_in(file: Readable, catalogue_id: str) -> tuple[list[Place], bool]:
    """Return where the blocks of a file are, without their vectors, and whether they are all
    that is in it."""
    size = os.fstat(file.fileno()).st_size
    places: list[Place] = []
    end = 0
    while end < size:
        file.seek(end)
        place = _place(file, end, size, catalogue_id)
        if place is None:
            return places, False
        places.append(place)
        end = place.end
    return places, True


def _place(file: Readable, start: int, size: int, catalogue_id: str) -> Place | None:
    first = file.read(_HEAD.itemsize)
    if len(first) < _HEAD.itemsize:
        return None
    (head,) = np.frombuffer(first, _HEAD)
    count, dimensions = int(head["rows"]), int(head["dimensions"])
    length = count * (ROW.itemsize + 4 * dimensions) + _HEAD.itemsize + 2 * _DIGEST
    is_ours = head["catalogue"] == catalogue_id.encode()
    if head["mark"] != _MARK or not is_ours or start + length > size:
        return None
    rows = file.read(count * ROW.itemsize)
    if _digest_of(first + rows) != file.read(_DIGEST):
        return None
    return Place(start, start + length, np.frombuffer(rows, ROW), dimensions)


def read_block(file: Readable, place: Place) -> Block | None:
    """Read a block; None where it is not sound."""
    data = np.empty(place.end - place.start, dtype=np.uint8)
    filled = 0
    file.seek(place.start)
    while filled < len(data):
        more = file.readinto(data.data[filled:])
        if not more:
            return None
        filled += more
    content = data.data[:-_DIGEST]
    if _digest_of(content) != data[-_DIGEST:].tobytes():
        return None
    start = _HEAD.itemsize + len(place.rows) * ROW.itemsize + _DIGEST
    values = np.frombuffer(content, "<f4", len(place.rows) * place.dimensions, start)
    return Block(place.rows, values.reshape(len(place.rows), place.dimensions))


def _digest_of(content: bytes | memoryview) -> bytes:
    return hashlib.sha256(content).digest()
