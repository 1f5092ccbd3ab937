"""The processes that the embedding benchmarks compare, each with one way of running the model."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from corpus.errors import CheckFailed
from index.embed import Vectors


class Side:
    """One process; ``ready_s`` is how long it took from its first import to a first vector."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name = name
        self._process = process
        self.ready_s = float(self._answer()["ready_s"])

    def call(self, wanted: dict[str, object]) -> dict[str, Any]:
        """Have it do something. Raises CheckFailed where its process ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return its vectors, shape ``(len(texts), dimensions)``, all of length one."""
        with TemporaryDirectory(prefix="assistant-vectors-") as folder:
            file = Path(folder) / "vectors.npy"
            self.call({"keep": str(file), "texts": list(texts)})
            found: Vectors = np.load(file)
        unit: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
        return unit

    def _answer(self) -> dict[str, Any]:
        for line in self._process.stdout or ():
            if line.startswith("\x02"):
                answer: dict[str, Any] = json.loads(line[1:])
                return answer
        raise CheckFailed(
            f"the process of {self.name} ended early: run 'python -m "
            f"evals.benchmarks.embedding_worker {self.name} MODEL' to see why"
        )


@contextmanager
def sides(names: Sequence[str], model: str) -> Iterator[dict[str, Side]]:
    """Start a process for each name, one after the other; they end with the context."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(_side(name, model)) for name in names}


@contextmanager
def _side(name: str, model: str) -> Iterator[Side]:
    command = [sys.executable, "-m", "evals.benchmarks.embedding_worker", name, model]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield Side(name, process)
        finally:
            process.kill()
