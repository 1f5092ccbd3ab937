"""The embedding model through OpenVINO: the same vectors as torch's, several times faster."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from corpus.errors import ModelUnavailable
from index import openvino_quiet  # noqa: F401  (before OpenVINO is imported)
from index.embed import Vectors
from index.model_files import BertFiles, weights_sha256
from index.references import disagreement

_BATCH = 8
"""Texts in one inference: with texts sorted by length, more only pad more."""

_ROUND = 16
"""Lengths are rounded up to this, so that the plugin's cache of shapes stays small."""

_TURN = 64
"""Texts that are embedded before another thread may use the model."""

_log = logging.getLogger(__name__)


class OpenVinoEmbedder:
    """A BERT with mean pooling on the processor; loaded on first use, in under half a second.

    In single precision its vectors are torch's, so both have one fingerprint. ``bf16`` is faster
    on processors with matrix units for it and slower on others, so it is never chosen by itself
    (``docs/decisions/008-openvino.md``).
    """

    def __init__(self, files: BertFiles, name: str, *, precision: str = "f32") -> None:
        """``precision`` is ``"f32"`` or ``"bf16"``."""
        self._files = files
        self._name = name
        self.precision = precision
        self._loading = threading.Lock()
        self._running = threading.Lock()
        self._next = threading.Lock()
        self._queue: Any = None

    @functools.cached_property
    def fingerprint(self) -> str:
        """The model's name, the hash of its weights and the precision it runs in."""
        weights = weights_sha256(self._files.folder, self._name)[:16]
        return f"{self._name}@{weights}" + ("" if self.precision == "f32" else "+bf16")

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._files.dimensions

    @property
    def max_tokens(self) -> int:
        """Word pieces that the model reads of a text."""
        return self._files.max_tokens

    @property
    def loaded(self) -> bool:
        """Tell whether the first use, with its wait, is over."""
        return self._queue is not None

    def load(self) -> None:
        """Load the model now. Raises ModelUnavailable."""
        with self._loading:
            if self.loaded:
                return
            queue = self._compile()
            wrong = disagreement(self._name, lambda texts: self._vectors(queue, texts))
            if wrong is not None:
                raise ModelUnavailable(
                    f"the embedding model {self._name!r} gives other vectors through OpenVINO than "
                    f'it should (cosine {wrong:.4f}): set backend = "torch" in assistant.toml'
                )
            self._queue = queue

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, special tokens left out."""
        encoded = self._whole.encode_batch_fast(self._cased(texts), add_special_tokens=False)
        return [len(one.ids) for one in encoded]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text, shape ``(len(texts), dimensions)``."""
        self.load()
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        # The longest first: texts of about one length need the least padding.
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        for first in range(0, len(order), _TURN):
            places = order[first : first + _TURN]
            # Whoever waits holds ``_next``, so that a long document does not take the model again
            # before a question's thread wakes up.
            with self._next:
                self._running.acquire()
            try:
                some = [texts[place] for place in places]
                vectors[places] = self._vectors(self._queue, some)
            finally:
                self._running.release()
        return vectors

    def embed_question(self, question: str) -> Vectors:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        vector: Vectors = self.embed([question])[0]
        return vector

    def _vectors(self, queue: Any, texts: Sequence[str]) -> Vectors:
        encoded = self._cut.encode_batch_fast(self._cased(texts))
        order = sorted(range(len(encoded)), key=lambda place: -len(encoded[place].ids))
        found = np.empty((len(texts), self.dimensions), dtype=np.float32)

        def keep(request: Any, places: list[int]) -> None:
            found[places] = request.get_output_tensor(0).data

        queue.set_callback(keep)
        for first in range(0, len(order), _BATCH):
            places = order[first : first + _BATCH]
            queue.start_async(_padded([encoded[place].ids for place in places]), places)
        queue.wait_all()
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        unit: Vectors = found / np.maximum(lengths, 1e-12)
        return unit

    def _compile(self) -> Any:
        import openvino as ov

        from index.bert_graph import build

        _ = self.fingerprint  # refuses wrong weights before anything of them is loaded
        try:
            graph = build(self._files.folder / "model.safetensors", self._files.config)
            wanted = {"INFERENCE_PRECISION_HINT": self.precision, "PERFORMANCE_HINT": "LATENCY"}
            return ov.AsyncInferQueue(self._core.compile_model(graph, "CPU", wanted))
        except Exception as error:
            _log.exception("loading the embedding model %s", self._name)
            raise ModelUnavailable(
                f"the embedding model {self._name!r} could not be loaded "
                f'({type(error).__name__}): set backend = "torch" in assistant.toml'
            ) from error

    def _cased(self, texts: Sequence[str]) -> list[str]:
        return [text.lower() for text in texts] if self._files.lower_case else list(texts)

    @functools.cached_property
    def _core(self) -> Any:
        import openvino as ov

        return ov.Core()

    @functools.cached_property
    def _whole(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._files.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @functools.cached_property
    def _cut(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._files.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._files.max_tokens)
        return tokenizer


def _padded(rows: Sequence[Sequence[int]]) -> list[Any]:
    length = -(-max(map(len, rows)) // _ROUND) * _ROUND
    ids = np.zeros((len(rows), length), dtype=np.int64)
    mask = np.zeros_like(ids)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return [ids, mask]
