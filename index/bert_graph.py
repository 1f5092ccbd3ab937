"""A BERT sentence encoder as an OpenVINO graph, straight from its published weights.

The network is that of Devlin et al. (2019), "BERT: Pre-training of Deep Bidirectional
Transformers", with the mean over a text's word pieces, or the first one's state, as its vector
(Reimers and Gurevych 2019).
Building it here takes a hundredth of a second, and needs neither torch nor an export that could go
stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from index import openvino_quiet  # noqa: F401  (before OpenVINO is imported)

import openvino as ov  # isort: skip
import openvino.opset13 as op  # isort: skip

_MASKED = -10_000.0
"""Added to the attention of padding; the softmax of that is 0 in every precision used."""


def build(weights: Mapping[str, Any], config: Mapping[str, Any], pooling: str) -> ov.Model:
    """Return the graph: ``input_ids`` and ``attention_mask``, shape ``(n, length)``, to one vector
    of the last layer for each text, shape ``(n, dimensions)``, not yet of length one.

    It is the ``"mean"`` over the word pieces, or the first one's, ``"cls"``. ``weights`` are arrays
    by their published names; they are used as they are, so they must stay.

    Raises KeyError where a weight is missing, and ValueError where a shape does not fit.
    """
    return _Bert(weights, config, pooling).model()


class _Bert:
    def __init__(self, weights: Mapping[str, Any], config: Mapping[str, Any], pooling: str) -> None:
        prefix = "bert." if "bert.embeddings.word_embeddings.weight" in weights else ""
        self._weights = {name.removeprefix(prefix): value for name, value in weights.items()}
        self._pooled = {"mean": _mean, "cls": _first}[pooling]
        self._eps = float(config["layer_norm_eps"])
        self._layers = int(config["num_hidden_layers"])
        self._heads = int(config["num_attention_heads"])
        self._size = int(config["hidden_size"])

    def model(self) -> ov.Model:
        ids = op.parameter([-1, -1], ov.Type.i64, name="input_ids")
        mask = op.parameter([-1, -1], ov.Type.i64, name="attention_mask")
        real = op.convert(mask, "f32")
        attention = _unsqueezed(op.multiply(op.subtract(_float(1.0), real), _float(_MASKED)), 1, 2)
        hidden = self._embedded(ids)
        for layer in range(self._layers):
            hidden = self._layer(hidden, attention, f"encoder.layer.{layer}")
        return ov.Model([self._pooled(hidden, real)], [ids, mask], "bert")

    def _embedded(self, ids: Any) -> Any:
        table = "embeddings.{}_embeddings.weight"
        words = op.gather(self._constant(table.format("word")), ids, _ints(0))
        length = op.gather(op.shape_of(ids, "i64"), _ints([1]), _ints(0))
        positions = op.slice(
            self._constant(table.format("position")), _ints([0]), length, _ints([1]), _ints([0])
        )
        kinds = op.constant(self._weights[table.format("token_type")][0])
        return self._normalised(op.add(op.add(words, kinds), positions), "embeddings.LayerNorm")

    def _layer(self, hidden: Any, attention: Any, name: str) -> Any:
        parts = [
            self._by_head(self._dense(hidden, f"{name}.attention.self.{part}"))
            for part in ("query", "key", "value")
        ]
        seen = op.transpose(op.scaled_dot_product_attention(*parts, attention), _ints([0, 2, 1, 3]))
        seen = op.reshape(seen, _ints([0, 0, self._size]), True)
        added = op.add(self._dense(seen, f"{name}.attention.output.dense"), hidden)
        hidden = self._normalised(added, f"{name}.attention.output.LayerNorm")
        wide = op.gelu(self._dense(hidden, f"{name}.intermediate.dense"), "erf")
        added = op.add(self._dense(wide, f"{name}.output.dense"), hidden)
        return self._normalised(added, f"{name}.output.LayerNorm")

    def _by_head(self, node: Any) -> Any:
        shape = _ints([0, 0, self._heads, self._size // self._heads])
        return op.transpose(op.reshape(node, shape, True), _ints([0, 2, 1, 3]))

    def _dense(self, node: Any, name: str) -> Any:
        product = op.matmul(node, self._constant(f"{name}.weight"), False, True)
        return op.add(product, self._constant(f"{name}.bias"))

    def _normalised(self, node: Any, name: str) -> Any:
        even = op.mvn(node, _ints([-1]), True, self._eps, "INSIDE_SQRT")
        scaled = op.multiply(even, self._constant(f"{name}.weight"))
        return op.add(scaled, self._constant(f"{name}.bias"))

    def _constant(self, name: str) -> Any:
        # Shared with NumPy: a copy of all weights would take as much memory again.
        return op.constant(self._weights[name], shared_memory=True)


def _mean(hidden: Any, real: Any) -> Any:
    total = op.reduce_sum(op.multiply(hidden, _unsqueezed(real, 2)), _ints([1]), False)
    return op.divide(total, op.reduce_sum(real, _ints([1]), True))


def _first(hidden: Any, real: Any) -> Any:
    return op.gather(hidden, _ints(0), _ints(1))


def _unsqueezed(node: Any, *axes: int) -> Any:
    return op.unsqueeze(node, _ints(list(axes)))


def _ints(values: int | list[int]) -> Any:
    return op.constant(np.array(values, dtype=np.int64))


def _float(value: float) -> Any:
    return op.constant(np.float32(value))
