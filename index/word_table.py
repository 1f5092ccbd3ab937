"""How near two words are in meaning, from the word vectors that the default model begins with.

A BERT looks each word piece up in a table before anything else happens. Two rows of that table are
near where the words are used alike (children and kids .77, difficult and hard .62), and reading it
costs nothing: no text is embedded. The table is that of the default model whatever model embeds, so
that the ranker's fitted weights always mean the same.
"""

from __future__ import annotations

import functools
import itertools
import json
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelUnavailable
from index.embed import Vectors
from index.model_files import DEFAULT_MODEL, model_folder

_TABLE = "embeddings.word_embeddings.weight"
_KEPT = 65_536
"""Words whose pieces are remembered: some 15 MB, where each word takes 200 bytes."""
_ONE_THREAD = 200_000
"""Multiplications that OpenBLAS does in one thread; it takes more threads from 262,144 on."""
_LONGEST = 40
"""Characters of the longest word that is looked up; what is longer is no word."""


class WordTable:
    """Unit vectors of single words; safe to share between threads."""

    def __init__(self, rows: Vectors, pieces: dict[str, int]) -> None:
        """``rows`` holds a vector for each word piece, shape ``(n, d)``; ``pieces`` its row."""
        self._rows = np.asarray(rows)  # reading a row through np.memmap takes thirty times as long
        self._pieces = pieces
        # What all words share says nothing; without it unlike words are near 0, not near .3.
        self._mean = np.asarray(rows.mean(axis=0, dtype=np.float64), dtype=np.float32)
        self._known: dict[str, tuple[list[int], float]] = {}
        self._lock = threading.Lock()

    def vectors(self, words: Sequence[str]) -> Vectors:
        """Return a unit vector for each lower-case word, shape ``(len(words), d)``.

        A word that cannot be put together from the table's pieces has only zeros.
        """
        vectors = np.zeros((len(words), self._rows.shape[1]), dtype=np.float32)
        known, found, norms = self._apart([self._split(word) for word in words])
        vectors[known] = found / norms[:, None]
        return vectors

    def cosines(self, words: Sequence[str], others: Sequence[str]) -> Vectors:
        """Return the cosine of each word with each other one, shape ``(len(words), len(others))``.

        A word's vector is the mean of its pieces' less the mean of all, so the products of pieces
        say it all, and no vector of a word has to be kept.
        """
        rows = self.vectors(words)
        found = np.zeros((len(words), len(others)), dtype=np.float32)
        pieces, norms = self._looked_up(others)
        lengths = np.array([len(one) for one in pieces])
        known = np.flatnonzero(lengths)
        if not len(words) or not len(known):
            return found
        lengths = lengths[known]
        of_pieces = self._products(rows, list(itertools.chain.from_iterable(pieces)))
        sums = np.add.reduceat(of_pieces, np.cumsum(lengths) - lengths, axis=1)
        apart = sums / lengths.astype(np.float32) - (rows @ self._mean)[:, None]
        found[:, known] = apart / np.array(norms, dtype=np.float32)[known]
        return found

    def _products(self, rows: Vectors, numbers: Sequence[int]) -> Vectors:
        """Return the products of vectors with rows of the table.

        In blocks that the linear algebra library multiplies in one thread: for so little, threads
        that wait for each other cost several times what they save.
        """
        found = np.empty((len(rows), len(numbers)), dtype=np.float32)
        width = max(1, _ONE_THREAD // rows.size)
        for start in range(0, len(numbers), width):
            block = self._rows[numbers[start : start + width]]
            found[:, start : start + width] = rows @ block.T
        return found

    def _looked_up(self, words: Sequence[str]) -> tuple[list[list[int]], list[float]]:
        """Return the rows of each word's pieces, and how long the word's vector is before it is
        made one of length 1."""
        with self._lock:
            missing = [word for word in dict.fromkeys(words) if word not in self._known]
            if missing:
                pieces = [self._split(word) for word in missing]
                norms = np.ones(len(missing), dtype=np.float32)
                known, _, lengths = self._apart(pieces)
                norms[known] = lengths
                both = zip(pieces, norms.tolist(), strict=True)
                self._known.update(zip(missing, both, strict=True))
            found = [self._known[word] for word in words]
            for word in list(itertools.islice(self._known, max(0, len(self._known) - _KEPT))):
                del self._known[word]
        return [one for one, _ in found], [norm for _, norm in found]

    def _apart(self, pieces: Sequence[list[int]]) -> tuple[npt.NDArray[np.intp], Vectors, Vectors]:
        """Return the places of those words that have pieces, the means of these less what all words
        share, and how long they are: all at once, since one by one takes ten times as long."""
        lengths = np.array([len(one) for one in pieces], dtype=np.intp)
        known = np.flatnonzero(lengths)
        if not len(known):
            return known, np.zeros((0, self._rows.shape[1]), np.float32), np.zeros(0, np.float32)
        starts = np.cumsum(lengths[known]) - lengths[known]
        rows = self._rows[[number for one in pieces for number in one]]
        found: Vectors = np.add.reduceat(rows, starts, axis=0)
        found /= lengths[known, None].astype(np.float32)
        found -= self._mean
        norms: Vectors = np.sqrt(np.einsum("ij,ij->i", found, found))
        norms[norms == 0] = 1
        return known, found, norms

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
