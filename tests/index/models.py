"""Models whose vectors have nothing to do with one another, for tests of recipes."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus.errors import ModelUnavailable
from corpus.shelf import Shelf
from index.embed import Embedder, Vectors
from index.index import Index
from index.made import ModelName
from index.terms import terms

from ..fakes import BagOfStems


class Model(BagOfStems):
    """A bag of stems whose places and number of dimensions follow from its name."""

    def __init__(self, name: str, dimensions: int = 192) -> None:
        super().__init__()
        self.fingerprint = name
        self.dimensions = dimensions

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dimensions, 1e-3, dtype=np.float32)
        for term in terms(text):
            place = hashlib.sha256(f"{self.fingerprint} {term}".encode()).digest()[:4]
            vector[int.from_bytes(place, "big") % self.dimensions] += 1
        normed: Vectors = vector / np.linalg.norm(vector)
        return normed


class Held(Model):
    """A model that waits before it embeds what is indexed, until it may ``go_on``."""

    def __init__(self, name: str, dimensions: int = 128) -> None:
        super().__init__(name, dimensions)
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.begun.set()
        assert self.go_on.wait(30)
        return super().embed(texts)


class Shop:
    """Where the embedders of older indexes are found, or not."""

    def __init__(self, *models: Model) -> None:
        self.models = {one.fingerprint: one for one in models}
        self.asked: list[ModelName] = []

    def __call__(self, named: ModelName, fingerprint: str) -> Embedder:
        self.asked.append(named)
        try:
            return self.models[fingerprint]
        except KeyError:
            raise ModelUnavailable("it is not in the shop") from None


def open_with(folder: Path, model: Model, shop: Shop, *, keep: int = 1) -> Index:
    return Index(
        folder / "var",
        Shelf(folder / "documents"),
        model,
        named=ModelName(f"name of {model.fingerprint}", "torch"),
        find_embedder=shop,
        keep=keep,
    )
