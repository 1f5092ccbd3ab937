"""The products of matrices that a model consists of, and nothing else of it: what a backend that is
good at all the rest could reach on this processor with the same products.

They run in OpenVINO as the model does: in its precision, in its batches, with a stream a core. What
attention multiplies is left out, so no backend reaches this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from index import openvino_quiet  # noqa: F401  (before OpenVINO is imported)
from index.openvino_embedder import MANY_TEXTS

_BATCH = 8


class Products:
    """A BERT's weights, at random, multiplied one after the other."""

    def __init__(self, config: Mapping[str, Any], precision: str) -> None:
        """``config`` is the model's; ``precision`` is ``"f32"`` or ``"bf16"``."""
        import openvino as ov
        import openvino.opset13 as op

        self._size, wide = int(config["hidden_size"]), int(config["intermediate_size"])
        chance = np.random.default_rng(0)

        def product(hidden: Any, taken: int, given: int) -> Any:
            weights = chance.standard_normal((given, taken), dtype=np.float32) / taken**0.5
            return op.matmul(hidden, op.constant(weights), False, True)

        states = op.parameter([-1, -1, self._size], ov.Type.f32)
        hidden = states
        for _ in range(int(config["num_hidden_layers"])):
            for _ in ("query", "key", "value", "output"):
                hidden = product(hidden, self._size, self._size)
            hidden = product(product(hidden, self._size, wide), wide, self._size)
        # So that little is copied out.
        summed = op.reduce_sum(hidden, op.constant(np.array([1], dtype=np.int64)), False)
        model = ov.Model([summed], [states], "products")
        hints = {**MANY_TEXTS, "INFERENCE_PRECISION_HINT": precision}
        self._queue = ov.AsyncInferQueue(ov.Core().compile_model(model, "CPU", hints))

    def run(self, texts: int, tokens: int) -> None:
        """Multiply as for some texts of so many word pieces each."""
        states = np.ones((_BATCH, tokens, self._size), dtype=np.float32)
        for _ in range(-(-texts // _BATCH)):
            self._queue.start_async([states])
        self._queue.wait_all()
