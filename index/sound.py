"""A note, for this user, that a way of running a model gave torch's vectors on this processor.

Comparing them takes a tenth of a second, and comes out the same as long as nothing has changed: the
library, the program that builds the graph, the weights, the vectors compared with, the processor.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import platform
from pathlib import Path

from index.model_cache import cache_folder, cached

_BUILDERS = ("bert_graph.py", "onnx_graph.py", "openvino_embedder.py", "onnx_embedder.py")
_TELLING = ("model name", "stepping", "microcode", "flags", "CPU part", "Features")
_CPUINFO = Path("/proc/cpuinfo")


class Sound:
    """A note about one way of running one model."""

    def __init__(self, *parts: str | bytes) -> None:
        """``parts`` name the way, the model and what it was compared with."""
        hasher = hashlib.sha256()
        for part in (*parts, _program(), _processor()):
            data = part if isinstance(part, bytes) else part.encode()
            hasher.update(len(data).to_bytes(8, "big") + data)
        self._digest = hasher.hexdigest()
        self._name = f"{self._digest[:32]}.sound"

    def is_noted(self) -> bool:
        """Tell whether it was found to be so before."""
        if not (cache_folder() / self._name).is_file():
            return False
        return cached(self._name, bytes) == self._digest.encode()

    def note(self) -> None:
        """Note that it is so; where nothing can be kept, it is looked at each time."""
        with contextlib.suppress(OSError):
            (cache_folder() / self._name).unlink(missing_ok=True)
        cached(self._name, self._digest.encode)


def _program() -> bytes:
    """Return what builds and runs the graphs."""
    folder = Path(__file__).parent
    return b"".join((folder / name).read_bytes() for name in _BUILDERS)


def _processor() -> str:
    """Return what the processor calls itself and can do."""
    try:
        with _CPUINFO.open(encoding="utf-8", errors="replace") as file:
            first = itertools.takewhile(str.strip, file)  # of several, all alike
            return "".join(line for line in first if line.startswith(_TELLING))
    except OSError:
        return platform.processor()
