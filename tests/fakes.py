"""Stand-ins with behaviour that a test can reason about."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from index.embed import Vectors
from index.terms import terms


class BagOfStems:
    """An embedder whose vectors are bags of stems: texts are near when they share words.

    It is deterministic and needs no model, so the parts around it can be tested in milliseconds.
    ``embedded`` lists every text it was given, unless it is to ``forget`` them, as a program must
    whose memory is watched.
    """

    fingerprint = "bag-of-stems"
    dimensions = 256
    max_tokens = 256
    loaded = True

    def __init__(self, *, forget: bool = False) -> None:
        self.embedded: list[str] = []
        self._forgets = forget

    def load(self) -> None:
        """Nothing to load."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not self._forgets:
            self.embedded += texts
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return np.stack([self._vector(text) for text in texts])

    def embed_question(self, question: str) -> Vectors:
        return self._vector(question)

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dimensions, 1e-3, dtype=np.float32)
        for term in terms(text):
            vector[hashlib.sha256(term.encode()).digest()[0]] += 1
        normed: Vectors = vector / np.linalg.norm(vector)
        return normed
