"""The embedding model through OpenVINO: the same vectors as torch's, several times faster."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from index import openvino_quiet  # noqa: F401  (before OpenVINO is imported)
from index.batches import PaddedBatch
from index.embed import Vectors
from index.engine import Engine, Keep
from index.graph_embedder import GraphEmbedder
from index.model_files import DEFAULT_MODEL
from index.weights import MappedWeights

_ONE = {"NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": 1, "ENABLE_CPU_PINNING": False}
_SHAPES = 64
"""How much the library remembers of shapes of batches it has seen. With its own bound, 5,000, a
process that had seen all 256 shapes had 376 MB, with this one 234 to 266; embedding took the same
time (``docs/decisions/061-memory-that-stops-growing.md``)."""
MANY_TEXTS = {
    "PERFORMANCE_HINT": "THROUGHPUT",
    "ENABLE_CPU_PINNING": False,
    "CPU_RUNTIME_CACHE_CAPACITY": _SHAPES,
}
"""A question has too few word pieces for two threads to gain what waiting for each other costs; and
a thread that is bound to a core waits for whatever else runs there. With 15 programs on two cores a
question took 11 ms so, 49 bound to a core, and 35 with OpenVINO's hint for it (medians)."""


class OpenVinoEmbedder(GraphEmbedder):
    """A BERT in single precision, or in ``bf16``, which is nearly twice as fast on a processor
    with instructions for it and slower on others (``docs/decisions/014-embedding-backends.md``)."""

    label = "OpenVINO"

    def _compile(self) -> Engine:
        from index.bert_graph import build

        files = self._files
        if self._name == DEFAULT_MODEL:
            weights = MappedWeights(files.weights)
            arrays, let_go = weights.arrays, weights.let_go
        else:
            from safetensors.numpy import load_file

            arrays, let_go = load_file(files.weights), _nothing
        return _Graph(build(arrays, files.config, files.pooling), self.precision, let_go)

    @property
    def _version(self) -> str:
        from openvino import get_version

        return str(get_version())


def _nothing() -> None:
    """There is nothing to let go of."""


class _Graph:
    """A graph compiled in two ways, each when it is needed: to answer one question soon, and to
    embed many texts with a stream for each core.

    ``let_go`` takes the weights out of memory that the graph was built from. The library keeps
    them as long as what it made of them, and reads all of them once more for the first batch, and
    the vectors of a text's words for each text, with what lies near them.
    """

    def __init__(self, graph: Any, precision: str, let_go: Callable[[], None]) -> None:
        import openvino as ov

        self._core = ov.Core()
        self._graph = graph
        self._precision = precision
        self._let_go = let_go
        self._one_at_a_time = threading.Lock()
        self._has_answered = False

    def prepare(self, *, many: bool) -> None:
        _ = self._many if many else self._soon

    def run_one(self, batch: PaddedBatch) -> Vectors:
        with self._one_at_a_time:
            self._soon.infer([batch.ids, batch.mask])
            vectors: Vectors = np.array(self._soon.get_output_tensor(0).data)
            if not self._has_answered:
                self._has_answered = True
                self._let_go()
        return vectors

    def run_many(self, batches: Iterable[PaddedBatch], keep: Keep) -> None:
        def done(request: Any, places: list[int]) -> None:
            keep(places, request.get_output_tensor(0).data)

        self._many.set_callback(done)
        try:
            for batch in batches:
                self._many.start_async([batch.ids, batch.mask], batch.places)
        finally:
            # Also where a person stopped it: what is under way still calls back.
            self._many.wait_all()
        self._let_go()

    @functools.cached_property
    def _soon(self) -> Any:
        return self._compiled(_ONE).create_infer_request()

    @functools.cached_property
    def _many(self) -> Any:
        import openvino as ov

        return ov.AsyncInferQueue(self._compiled(MANY_TEXTS))

    def _compiled(self, wanted: Mapping[str, object]) -> Any:
        precision = {"INFERENCE_PRECISION_HINT": self._precision}
        return self._core.compile_model(self._graph, "CPU", {**precision, **wanted})
