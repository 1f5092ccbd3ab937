"""How near in meaning passages are to a question: all of them at once.

The product of each row is summed by itself, in one order, so that sentences that say the same have
the same cosine wherever they stand; a product of matrices does not promise that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.candidates import Candidates
from index.embed import Vectors

_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Nearness:
    """Cosines with a question: ``dense`` of each passage, ``sentence`` of its best sentence,
    ``window`` of the best two that stand next to each other, their vectors added (or of the only
    one); ``sentences`` of each sentence of all passages."""

    dense: Vectors
    sentence: Vectors
    window: Vectors
    sentences: Vectors


def nearness(found: Candidates, question: Vectors) -> Nearness:
    """Compare passages, one at least, with a question."""
    sentences = _cosines(found.sentences, question)
    return Nearness(
        _cosines(found.vectors, question),
        np.maximum.reduceat(sentences, found.starts),
        _windows(found.sentences, found.starts, sentences, question),
        sentences,
    )


def _windows(
    vectors: Vectors, starts: npt.NDArray[np.intp], cosines: Vectors, question: Vectors
) -> Vectors:
    pairs = vectors[:-1] + vectors[1:]
    lengths = np.sqrt(np.einsum("ij,ij->i", pairs, pairs))
    best = cosines.copy()
    best[:-1] = _cosines(pairs, question) / np.maximum(lengths, _TINY)
    lasts = np.append(starts[1:], len(vectors)) - 1
    # A pair is noted where it begins: at no last sentence, unless that is the only one.
    alone = lasts == starts
    best[lasts] = np.where(alone, cosines[lasts], -np.inf)
    return np.maximum.reduceat(best, starts)


def _cosines(vectors: Vectors, question: Vectors) -> Vectors:
    found: Vectors = np.einsum("ij,j->i", vectors, question)
    return found
