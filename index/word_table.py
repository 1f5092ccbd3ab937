"""How near two words are in meaning, from the word vectors that the default model begins with.

A BERT looks each word piece up in a table before anything else happens. Two rows of that table are
near where the words are used alike (children and kids .77, difficult and hard .62), and reading it
costs nothing: no text is embedded. The table is that of the default model whatever model embeds, so
that the ranker's fitted weights always mean the same.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelUnavailable
from index.embed import Vectors
from index.model_files import DEFAULT_MODEL, DEFAULT_WEIGHTS_SHA256, model_folder
from index.weights import MappedWeights

_TABLE = "embeddings.word_embeddings.weight"
_ONE_THREAD = 200_000
"""Multiplications that OpenBLAS does in one thread; it takes more threads from 262,144 on."""
_LONGEST = 40
"""Characters of the longest word that is looked up; what is longer is no word."""
Rows = npt.NDArray[np.intp]

_NEAR = 0.1
"""Words whose cosine is this or less have nothing in common; above, likeness rises to 1."""


class WordTable:
    """Tells which words are alike."""

    def __init__(self, rows: Vectors, pieces: Mapping[str, int]) -> None:
        """``rows`` holds a vector for each word piece, shape ``(n, d)``; ``pieces`` its row."""
        self._rows = rows
        self._begins = {name: row for name, row in pieces.items() if not name.startswith("##")}
        self._goes_on = {name[2:]: row for name, row in pieces.items() if name.startswith("##")}
        # What all words share says nothing; without it unlike words are near 0, not near .3.
        self._mean = np.asarray(rows.mean(axis=0, dtype=np.float64), dtype=np.float32)

    def vectors(self, words: Sequence[str]) -> Vectors:
        """Return a unit vector for each lower-case word, shape ``(len(words), d)``.

        A word that cannot be put together from the table's pieces has only zeros.
        """
        vectors = np.zeros((len(words), self._rows.shape[1]), dtype=np.float32)
        known, found, norms = self._apart([self._split(word) for word in words])
        vectors[known] = found / norms[:, None]
        return vectors

    def made_of(self, words: Sequence[str]) -> tuple[list[list[int]], Vectors]:
        """Return the rows of the pieces that each word is made of, none for a number and what else
        is like no other word, and how long its vector is before it is made one of length 1."""
        pieces = [self._split(word) if word.isalpha() else [] for word in words]
        norms = np.ones(len(words), dtype=np.float32)
        known, _, lengths = self._apart(pieces)
        norms[known] = lengths
        return pieces, norms

    def likeness(self, words: Sequence[str], counts: Rows, pieces: Rows, norms: Vectors) -> Vectors:
        """Return how alike some words and others are, in 0..1, shape ``(words, others)``.

        The others are what ``made_of`` gives: how many pieces each has, the rows of all pieces one
        after the other, and lengths. A word's vector is the mean of its pieces' less the mean of
        all, so the products of pieces say it all, and no vector of another word has to be made.
        """
        likeness = np.zeros((len(words), len(counts)), dtype=np.float32)
        known = np.flatnonzero(counts)
        if len(words) and len(known):
            rows = self.vectors([word if word.isalpha() else "" for word in words])
            once, places = _apart_from_repeats(pieces, len(self._rows))
            of_pieces = self._products(rows, once).take(places, axis=1)
            own = counts[known]
            sums = np.add.reduceat(of_pieces, np.cumsum(own) - own, axis=1)
            apart = sums / own.astype(np.float32) - (rows @ self._mean)[:, None]
            cosines = apart / norms[known]
            likeness[:, known] = np.clip((cosines - _NEAR) / (1 - _NEAR), 0.0, 1.0)
        return likeness

    def _products(self, rows: Vectors, numbers: Rows) -> Vectors:
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
        whole = self._begins.get(word)
        if whole is not None and len(word) <= _LONGEST:
            return [whole]
        numbers, start, pieces = list[int](), 0, self._begins
        while start < len(word) <= _LONGEST:
            for end in range(len(word), start, -1):
                number = pieces.get(word[start:end])
                if number is not None:
                    break
            else:
                return []
            numbers.append(number)
            start, pieces = end, self._goes_on
        return numbers


def _apart_from_repeats(numbers: Rows, count: int) -> tuple[Rows, Rows]:
    """Return each of some numbers below ``count`` once, in order, and the place of each there."""
    there = np.zeros(count, dtype=bool)
    there[numbers] = True
    once = np.flatnonzero(there)
    places = np.empty(count, dtype=np.intp)
    places[once] = np.arange(len(once))
    return once, places[numbers]


@functools.cache
def default_table() -> WordTable:
    """Return the default model's table. Where its package or a file of it is missing, it is one by
    which only words of the same stem are alike."""
    try:
        folder = model_folder(DEFAULT_MODEL)
        if folder is None:
            return _empty_table()
        names = (folder / "vocab.txt").read_text("utf-8").split("\n")
        pieces = {name: number for number, name in enumerate(names) if name}
        weights = MappedWeights(folder / "model.safetensors")
        rows = next(rows for name, rows in weights.arrays.items() if name.endswith(_TABLE))
        if rows.dtype != np.float32:
            raise ValueError(f"the table of words is {rows.dtype}, not float32")
        table = WordTable(rows, pieces)
        weights.let_go()  # all of it was looked through once; few rows are used again
        return table
    except (OSError, ValueError, StopIteration, ModelUnavailable):
        return _empty_table()


def table_name() -> str:
    """Return what tells the default model's table from another one, and from none."""
    try:
        return DEFAULT_WEIGHTS_SHA256[:8] if model_folder(DEFAULT_MODEL) else "none"
    except ModelUnavailable:
        return "none"


def _empty_table() -> WordTable:
    return WordTable(np.zeros((1, 1), dtype=np.float32), {})
