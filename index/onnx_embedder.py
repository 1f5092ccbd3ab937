"""The embedding model through ONNX Runtime, in single precision or with 8-bit integers."""

from __future__ import annotations

import functools
import importlib.util
import logging
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus.errors import BackendRefused
from corpus.extras import installing
from index.batches import PaddedBatch
from index.embed import Vectors
from index.engine import Engine, Keep
from index.graph_embedder import GraphEmbedder
from index.model_cache import cached
from index.references import LEAST_COSINE

_GRAPH = 1
"""Part of a kept graph's name: raise it when ``onnx_graph`` or the quantisation changes."""

_LEAST_INT8 = 0.95
"""Of any reference. Integers give vectors of their own, so this only refuses a broken build."""


class OnnxEmbedder(GraphEmbedder):
    """A BERT in ONNX Runtime. Its graph is made once, with the package ``onnx``, and then kept."""

    label = "ONNX Runtime"

    @property
    def least_cosine(self) -> float:
        """The lowest cosine to any reference."""
        return LEAST_COSINE if self.precision == "f32" else _LEAST_INT8

    def _compile(self) -> Engine:
        exact = self._exact.rsplit("@", 1)[-1]
        name = f"{exact}-{self._files.pooling}-{self.precision}-{_GRAPH}.onnx"
        return _Sessions(cached(name, self._graph))

    @property
    def _version(self) -> str:
        import onnxruntime

        return str(onnxruntime.__version__)

    def _graph(self) -> bytes:
        if importlib.util.find_spec("onnx") is None:
            missing = "the package onnx is missing, which ONNX Runtime's graph is made with"
            raise BackendRefused(f"{missing}: {installing('onnx')}", reason=missing)
        from index.onnx_graph import build

        graph = build(self._files.weights, self._files.config, self._files.pooling)
        if self.precision == "f32":
            return bytes(graph.SerializeToString())
        from onnx import TensorProto
        from onnxruntime.quantization import QuantType, quantize_dynamic

        with TemporaryDirectory(prefix="assistant-onnx-") as folder:
            small = Path(folder) / "int8.onnx"
            logging.disable(logging.WARNING)  # it recommends a step for models of pictures
            try:
                quantize_dynamic(
                    graph,
                    small,
                    per_channel=True,
                    weight_type=QuantType.QInt8,
                    # It cannot tell the type of what ONNX Runtime's own operators give.
                    extra_options={"DefaultTensorType": TensorProto.FLOAT},
                )
            finally:
                logging.disable(logging.NOTSET)
            return small.read_bytes()


class _Sessions:
    """A session on all cores for one question, and another for many texts that each core runs by
    itself; either is made when it is needed."""

    def __init__(self, graph: bytes) -> None:
        self._graph = graph
        self._cores = _usable_cores()

    def prepare(self, *, many: bool) -> None:
        _ = self._many if many else self._soon

    def run_one(self, batch: PaddedBatch) -> Vectors:
        return _run(self._soon, batch)

    def run_many(self, batches: Iterable[PaddedBatch], keep: Keep) -> None:
        with ThreadPoolExecutor(self._cores) as pool:
            for done in pool.map(lambda one: (one.places, _run(self._many, one)), batches):
                keep(*done)

    @functools.cached_property
    def _soon(self) -> Any:
        return _session(self._graph, self._cores)

    @functools.cached_property
    def _many(self) -> Any:
        return _session(self._graph, 1)


def _session(graph: bytes, threads: int) -> Any:
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Threads that wait for work would otherwise keep a core busy that others could use.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _run(session: Any, batch: PaddedBatch) -> Vectors:
    fed = {"input_ids": batch.ids, "attention_mask": batch.mask}
    vectors: Vectors = session.run(None, fed)[0]
    return vectors


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
