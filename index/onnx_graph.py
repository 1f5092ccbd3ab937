"""A BERT sentence encoder as an ONNX graph, straight from its published weights.

The same network as ``bert_graph``, in the operators that ONNX Runtime has in one piece: attention
with its three projections, a sum with its normalisation, a bias with its activation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

_OPSET = 17
_IR_VERSION = 8
"""Of the first release with that operator set, so that older runtimes read the file as well."""

_MICROSOFT = "com.microsoft"


def build(weights: Path, config: Mapping[str, Any], pooling: str = "mean") -> ModelProto:
    """Return the graph: ``input_ids`` and ``attention_mask``, shape ``(n, length)``, int64, to
    one vector of the last layer for each text, shape ``(n, dimensions)``, not yet of length one.

    It is the ``"mean"`` over the word pieces, or the first one's, ``"cls"``. Raises KeyError where
    the file lacks a weight.
    """
    return _Bert(load_file(weights), config).model(pooling)


class _Bert:
    def __init__(self, weights: Mapping[str, Any], config: Mapping[str, Any]) -> None:
        prefix = "bert." if "bert.embeddings.word_embeddings.weight" in weights else ""
        self._weights = {name.removeprefix(prefix): value for name, value in weights.items()}
        self._eps = float(config["layer_norm_eps"])
        self._layers = int(config["num_hidden_layers"])
        self._heads = int(config["num_attention_heads"])
        self._size = int(config["hidden_size"])
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def model(self, pooling: str) -> ModelProto:
        mask = self._op("Cast", ["attention_mask"], to=TensorProto.INT32)
        hidden = self._embedded()
        for layer in range(self._layers):
            hidden = self._layer(hidden, mask, f"encoder.layer.{layer}")
        pooled = self._mean(hidden) if pooling == "mean" else self._first(hidden)
        whole = ["n", "length"]
        graph = helper.make_graph(
            self._nodes,
            "bert",
            [
                helper.make_tensor_value_info("input_ids", TensorProto.INT64, whole),
                helper.make_tensor_value_info("attention_mask", TensorProto.INT64, whole),
            ],
            [helper.make_tensor_value_info(pooled, TensorProto.FLOAT, ["n", self._size])],
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)

    def _embedded(self) -> str:
        table = "embeddings.{}_embeddings.weight"
        words = self._op("Gather", [self._weight(table.format("word")), "input_ids"])
        shape = self._op("Shape", ["input_ids"], start=1)
        positions = self._op(
            "Slice",
            [self._weight(table.format("position")), self._ints("from", 0), shape],
        )
        kinds = self._constant("kinds", self._weights[table.format("token_type")][0])
        summed = self._op("Add", [self._op("Add", [words, kinds]), positions])
        norm = "embeddings.LayerNorm"
        inputs = [summed, self._weight(f"{norm}.weight"), self._weight(f"{norm}.bias")]
        return self._op("LayerNormalization", inputs, axis=-1, epsilon=self._eps)

    def _layer(self, hidden: str, mask: str, name: str) -> str:
        own = f"{name}.attention.self"
        parts = [f"{own}.{part}" for part in ("query", "key", "value")]
        projections = np.concatenate([self._weights[f"{one}.weight"].T for one in parts], axis=1)
        biases = np.concatenate([self._weights[f"{one}.bias"] for one in parts])
        inputs = [
            hidden,
            self._constant(f"{own}.weight", projections),
            self._constant(f"{own}.bias", biases),
            mask,
        ]
        seen = self._op("Attention", inputs, domain=_MICROSOFT, num_heads=self._heads)
        hidden = self._added(seen, hidden, f"{name}.attention.output")
        wide = self._product(hidden, f"{name}.intermediate.dense")
        bias = self._weight(f"{name}.intermediate.dense.bias")
        wide = self._op("BiasGelu", [wide, bias], domain=_MICROSOFT)
        return self._added(wide, hidden, f"{name}.output")

    def _added(self, node: str, hidden: str, name: str) -> str:
        inputs = [
            self._product(node, f"{name}.dense"),
            hidden,
            self._weight(f"{name}.LayerNorm.weight"),
            self._weight(f"{name}.LayerNorm.bias"),
            self._weight(f"{name}.dense.bias"),
        ]
        return self._op("SkipLayerNormalization", inputs, domain=_MICROSOFT, epsilon=self._eps)

    def _product(self, node: str, name: str) -> str:
        turned = np.ascontiguousarray(self._weights[f"{name}.weight"].T)
        return self._op("MatMul", [node, self._constant(f"{name}.weight", turned)])

    def _mean(self, hidden: str) -> str:
        real = self._op("Cast", ["attention_mask"], to=TensorProto.FLOAT)
        wide = self._op("Unsqueeze", [real, self._ints("last", -1)])
        masked = self._op("Mul", [hidden, wide])
        total = self._op("ReduceSum", [masked, self._ints("pieces", 1)], keepdims=0)
        count = self._op("ReduceSum", [real, self._ints("pieces", 1)], keepdims=1)
        return self._op("Div", [total, count])

    def _first(self, hidden: str) -> str:
        place = self._constant("first", np.array(0, dtype=np.int64))
        return self._op("Gather", [hidden, place], axis=1)

    def _op(self, kind: str, inputs: Sequence[str], domain: str = "", **attributes: Any) -> str:
        output = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _ints(self, name: str, *values: int) -> str:
        return self._constant(name, np.array(values, dtype=np.int64))

    def _constant(self, name: str, value: Any) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(value, name)
        return name
