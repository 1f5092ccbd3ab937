"""What the embedding models that run as a graph of ours have in common: tokens, batches, turns.

``bert_graph`` and ``onnx_graph`` build the graph straight from the published weights; a subclass
compiles it for its library.
"""

from __future__ import annotations

import functools
import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import numpy as np

from corpus.errors import BackendRefused, ModelUnavailable
from index.batches import PaddedBatch, in_batches
from index.embed import Vectors
from index.engine import Engine
from index.model_files import BertFiles, Prefixes
from index.references import LEAST_COSINE, disagreement

_TURN = 256
"""Texts that are embedded before another thread may embed many. Questions wait for none of it."""

_FEW = 16
"""Texts that are run as they are for a question, without what is made ready for many."""

_log = logging.getLogger(__name__)
_OTHER_BACKEND = 'set backend = "torch" in assistant.toml'


class GraphEmbedder(ABC):
    """A BERT on the processor; loaded on first use, in well under a second."""

    label: ClassVar[str]
    """The library's name, as people know it."""

    def __init__(
        self,
        files: BertFiles,
        name: str,
        *,
        precision: str = "f32",
        prefixes: Prefixes | None = None,
    ) -> None:
        """``precision`` is what the numbers are: ``"f32"``, ``"bf16"`` in OpenVINO, or ``"int8"``
        in ONNX Runtime. ``prefixes`` go before each text; the model's own where None."""
        self._files = files
        self._name = name
        self.precision = precision
        self._prefixes = prefixes or files.prefixes
        self._loading = threading.Lock()
        self._turn = threading.Lock()
        self._engine: Engine | None = None
        self._ready: set[bool] = set()

    @abstractmethod
    def _compile(self) -> Engine:
        """Return the graph, to be prepared; any exception is reported as a BackendRefused."""

    @property
    @abstractmethod
    def _version(self) -> str:
        """The library's version."""

    @property
    def least_cosine(self) -> float:
        """The lowest cosine to a reference vector with which the model is not refused."""
        return LEAST_COSINE

    @functools.cached_property
    def fingerprint(self) -> str:
        """The model, the hash of its files, the passages' prefix, and the precision if it is one
        that finds other neighbours.

        bfloat16 is not: see ``docs/decisions/014-embedding-backends.md``.
        """
        exact = self._exact + self._prefixes.mark()
        return exact + ("+int8" if self.precision == "int8" else "")

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
        return bool(self._ready)

    def load(self) -> None:
        """Load what questions need now. Raises ModelUnavailable."""
        self._load(many=False)

    def _load(self, *, many: bool) -> Engine:
        """Return the graph when it is ready for one batch, or for many. Raises ModelUnavailable.

        Each takes memory for itself, and most programs need just one of them.
        """
        with self._loading:
            if self._engine is not None and many in self._ready:
                return self._engine
            try:
                engine = self._prepared(many)
            except ModelUnavailable:
                raise
            except Exception as error:
                _log.exception("loading the embedding model %s", self._name)
                # With weights that are cut short or no safetensors, no other backend helps.
                kind = type(error).__name__
                is_damaged = kind in ("SafetensorError", "WeightsDamaged")
                said = f"the embedding model {self._name!r} could not be loaded ({kind})"
                if is_damaged:
                    raise ModelUnavailable(f"{said}: copy its model.safetensors anew") from error
                raise BackendRefused(
                    f"{said}: {_OTHER_BACKEND}", reason=f"{self.label} failed ({kind})"
                ) from error
            self._check(engine, many)
            self._engine = engine
            self._ready.add(many)
            return engine

    def _prepared(self, many: bool) -> Engine:
        """Compile while the weights are hashed, which takes as long; safetensors cannot run code,
        so it does no harm that wrong ones are refused only then."""
        with ThreadPoolExecutor(1) as pool:
            hashed = pool.submit(lambda: (self.fingerprint, self._cut))
            try:
                engine = self._engine or self._compile()
                engine.prepare(many=many)
                return engine
            finally:
                hashed.result()  # what is wrong with the weights says more than what came of it

    def _check(self, engine: Engine, many: bool) -> None:
        """Compare with torch's vectors, unless the same was compared on this machine before."""
        how = (self.label, self._version, self.precision, many, *self._files.described())
        wrong = disagreement(
            self._files,
            self._name,
            lambda some: self._vectors(engine, some, many),
            self.least_cosine,
            how="|".join(map(str, how)),
        )
        if wrong is not None:
            reason = f"through {self.label} than it should (cosine {wrong:.4f})"
            raise BackendRefused(
                f"the embedding model {self._name!r} gives other vectors {reason}: "
                f"{_OTHER_BACKEND}",
                reason=f"it gives other vectors {reason}",
            )

    @functools.cached_property
    def _exact(self) -> str:
        return self._files.fingerprint(self._name)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, special tokens left out."""
        encoded = self._whole.encode_batch_fast(self._cased(texts), add_special_tokens=False)
        return [len(one.ids) for one in encoded]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text, shape ``(len(texts), dimensions)``."""
        return self._embed([self._prefixes.passage + text for text in texts])

    def embed_question(self, question: str) -> Vectors:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        vector: Vectors = self._embed([self._prefixes.query + question])[0]
        return vector

    def _embed(self, texts: Sequence[str]) -> Vectors:
        many = len(texts) > _FEW
        engine = self._load(many=many)
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        # The longest first: texts of about one length need the least padding.
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        for first in range(0, len(order), _TURN):
            places = order[first : first + _TURN]
            vectors[places] = self._vectors(engine, [texts[place] for place in places], many)
        return vectors

    def _vectors(self, engine: Engine, texts: Sequence[str], many: bool) -> Vectors:
        encoded = self._cut.encode_batch_fast(self._cased(texts))
        order = sorted(range(len(encoded)), key=lambda place: -len(encoded[place].ids))
        found = np.empty((len(texts), self.dimensions), dtype=np.float32)

        def keep(places: list[int], vectors: Vectors) -> None:
            found[places] = vectors

        slices = in_batches([len(encoded[place].ids) for place in order], order)
        batches = (
            PaddedBatch([encoded[place].ids for place in places], places) for places in slices
        )
        if many:
            with self._turn:
                engine.run_many(batches, keep)
        else:
            for batch in batches:
                keep(batch.places, engine.run_one(batch))
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        unit: Vectors = found / np.maximum(lengths, 1e-12)
        return unit

    def _cased(self, texts: Sequence[str]) -> list[str]:
        return [text.lower() for text in texts] if self._files.lower_case else list(texts)

    @functools.cached_property
    def _whole(self) -> Any:
        tokenizer = self._tokenizer()
        tokenizer.no_truncation()
        return tokenizer

    @functools.cached_property
    def _cut(self) -> Any:
        tokenizer = self._tokenizer()
        tokenizer.enable_truncation(self._files.max_tokens)
        return tokenizer

    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._files.folder / "tokenizer.json"))
        tokenizer.no_padding()
        return tokenizer
