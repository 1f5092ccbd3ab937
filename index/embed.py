"""What the index asks of an embedding model, and the way to get one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Unit vectors, shape ``(n, dimensions)``; a single one has shape ``(dimensions,)``."""
Numbers = npt.NDArray[np.int64]
"""Numbers of passages or of sentences."""


class Embedder(Protocol):
    """Texts in, unit vectors out.

    ``fingerprint`` names the weights exactly: two embedders with one fingerprint give vectors that
    can stand in one index, since either's find the same neighbours (.99 of the nearest ten).
    ``max_tokens`` is how many word pieces of a text the model reads.
    """

    @property
    def fingerprint(self) -> str: ...  # noqa: D102

    @property
    def dimensions(self) -> int: ...  # noqa: D102

    @property
    def max_tokens(self) -> int: ...  # noqa: D102

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, special tokens left out."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text, shape ``(len(texts), dimensions)``."""
        ...

    def embed_question(self, question: str) -> Vectors:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        ...


class LoadableEmbedder(Embedder, Protocol):
    """An embedder that can be loaded before it is needed."""

    @property
    def loaded(self) -> bool: ...  # noqa: D102

    def load(self) -> None: ...  # noqa: D102
