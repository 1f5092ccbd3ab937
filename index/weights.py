"""The numbers of a safetensors file, mapped: only what is used comes into memory, and can go again.

A file is the length of its header, the header in JSON, and the numbers.
"""

from __future__ import annotations

import json
import math
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_TYPES = {"F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}


class WeightsDamaged(ValueError):
    """A file that is no safetensors file, or not a whole one."""


class MappedWeights:
    """A file's arrays by name. Whoever writes into the file meanwhile changes them, or ends the
    program, so this is for files that are only ever replaced, as those of packages are."""

    def __init__(self, path: Path) -> None:
        """Raises WeightsDamaged and OSError."""
        with path.open("rb") as file:
            try:
                # Copied on writing, as OpenVINO takes no array that cannot be written.
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
            except ValueError as error:  # an empty file
                raise WeightsDamaged(str(error)) from error
        self.arrays: Mapping[str, npt.NDArray[Any]] = dict(self._described())
        """Each name's numbers, as they lie in the file."""

    def let_go(self) -> None:
        """Take what was used out of memory, where the system can; it comes back when it is used."""
        if hasattr(self._map, "madvise"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def _described(self) -> list[tuple[str, npt.NDArray[Any]]]:
        start = 8 + int.from_bytes(self._map[:8], "little")
        try:
            header = json.loads(self._map[8:start])
            header.pop("__metadata__", None)
            return [(name, self._array(start, **one)) for name, one in header.items()]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WeightsDamaged(str(error)) from error

    def _array(
        self, start: int, dtype: str, shape: list[int], data_offsets: list[int]
    ) -> npt.NDArray[Any]:
        values = np.frombuffer(self._map, _TYPES[dtype], math.prod(shape), start + data_offsets[0])
        return values.reshape(shape)
