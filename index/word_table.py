"""How near two words are in meaning, from the word vectors that the default model begins with.

A BERT looks each word piece up in a table before anything else happens. Two rows of that table are
near where the words are used alike (children and kids .77, difficult and hard .62), and reading it
costs nothing: no text is embedded. The table is that of the default model whatever model embeds, so
that the ranker's fitted weights always mean the same.
"""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus.errors import ModelUnavailable
from index.embed import Vectors
from index.model_files import DEFAULT_MODEL, model_folder

_TABLE = "embeddings.word_embeddings.weight"
_KEPT = 16_384
"""Words whose vectors are kept in memory, about 25 MB."""
_ONE_THREAD = 200_000
"""Multiplications that OpenBLAS does in one thread; it takes more threads from 262,144 on."""
_LONGEST = 40
"""Characters of the longest word that is looked up; what is longer is no word."""


class WordTable:
    """Unit vectors of single words; safe to share between threads."""

    def __init__(self, rows: Vectors, pieces: dict[str, int]) -> None:
        """``rows`` holds a vector for each word piece, shape ``(n, d)``; ``pieces`` its row."""
        self._rows = rows
        self._pieces = pieces
        # What all words share says nothing; without it unlike words are near 0, not near .3.
        self._mean = np.asarray(rows.mean(axis=0, dtype=np.float64), dtype=np.float32)
        self._places: dict[str, int] = {}
        self._kept = np.empty((_KEPT, rows.shape[1]), dtype=np.float32)
        self._lock = threading.Lock()

    def vectors(self, words: Sequence[str]) -> Vectors:
        """Return a unit vector for each lower-case word, shape ``(len(words), d)``.

        A word that cannot be put together from the table's pieces has only zeros.
        """
        new = dict.fromkeys(words)
        if len(new) > _KEPT:
            return np.stack([self._vector(word) for word in words])
        with self._lock:
            missing = [word for word in new if word not in self._places]
            if len(self._places) + len(missing) > _KEPT:
                self._places.clear()
                missing = list(new)
            for word in missing:
                self._kept[len(self._places)] = self._vector(word)
                self._places[word] = len(self._places)
            found: Vectors = self._kept[[self._places[word] for word in words]]
            return found

    def cosines(self, words: Sequence[str], others: Sequence[str]) -> Vectors:
        """Return the cosine of each word with each other one, shape ``(len(words), len(others))``.

        In blocks that the linear algebra library multiplies in one thread: for so little, threads
        that wait for each other cost several times what they save.
        """
        rows, columns = self.vectors(words), self.vectors(others).T
        found = np.zeros((len(words), len(others)), dtype=np.float32)
        width = max(1, _ONE_THREAD // max(1, rows.size))
        for start in range(0, len(others), width):
            found[:, start : start + width] = rows @ columns[:, start : start + width]
        return found

    def _vector(self, word: str) -> Vectors:
        vector = np.zeros(self._rows.shape[1], dtype=np.float32)
        if numbers := self._split(word):
            vector = self._rows[numbers].mean(axis=0) - self._mean
            vector /= np.linalg.norm(vector) or 1.0
        return vector

    def _split(self, word: str) -> list[int]:
        """Return the rows of a word's pieces: each time the longest that fits (WordPiece)."""
        numbers, start = [], 0
        while start < len(word) <= _LONGEST:
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._pieces.get(mark + word[start:end])
                if number is not None:
                    break
            else:
                return []
            numbers.append(number)
            start = end
        return numbers


@functools.cache
def default_table() -> WordTable | None:
    """Return the default model's table; None where its package or a file of it is missing."""
    try:
        folder = model_folder(DEFAULT_MODEL)
        if folder is None:
            return None
        names = (folder / "vocab.txt").read_text("utf-8").split("\n")
        pieces = {name: number for number, name in enumerate(names) if name}
        return WordTable(_rows(folder / "model.safetensors"), pieces)
    except (OSError, ValueError, KeyError, ModelUnavailable):
        return None


def _rows(weights: Path) -> Vectors:
    """Return the table as it lies in the file; only the rows that are used come into memory.

    A safetensors file is the length of its header, the header in JSON, and the numbers.
    """
    with weights.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    name = next(one for one in header if one.endswith(_TABLE))
    if header[name]["dtype"] != "F32":
        raise ValueError(f"{name} is {header[name]['dtype']}, not F32")
    start = 8 + length + header[name]["data_offsets"][0]
    shape = tuple(header[name]["shape"])
    return np.memmap(weights, dtype="<f4", mode="r", offset=start, shape=shape)
