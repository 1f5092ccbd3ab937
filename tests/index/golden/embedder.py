"""The embedder of golden homes. It must never change, and needs nothing of this project."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import numpy as np


class Golden:
    """Sixteen dimensions, one for each group of words."""

    fingerprint = "golden"
    dimensions = 16
    max_tokens = 256
    loaded = True

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def load(self) -> None:
        """Nothing to load."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed(self, texts: Sequence[str]) -> Any:
        self.embedded += texts
        return np.stack([self._vector(text) for text in texts])

    def embed_question(self, question: str) -> Any:
        return self._vector(question)

    def _vector(self, text: str) -> Any:
        vector = np.full(self.dimensions, 1e-3, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[hashlib.sha256(word.encode()).digest()[0] % self.dimensions] += 1
        return vector / np.linalg.norm(vector)
