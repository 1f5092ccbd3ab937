"""The ranker: a weighted sum of features, with weights fitted on public questions.

``ranker.json`` holds the weights and how they were fitted; ``evals fit-ranker`` makes it. They are
not negative and add up to 1, and each feature lies in 0..1, so a score lies there too and each part
of it can be shown. See ``docs/decisions/015-ranking.md``.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RANKER_FILE = Path(__file__).with_name("ranker.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """The share of each feature in a score; they add up to 1. The features are those of a hit's
    ``parts``, explained in ``index/features.py``."""

    dense: float = 0.0
    sentence: float = 0.0
    window: float = 0.0
    words: float = 0.0
    sentence_words: float = 0.0
    phrases: float = 0.0
    lexical: float = 0.0

    def score(self, parts: Mapping[str, float]) -> float:
        """Return the weighted sum, in 0..1; a part below 0 counts as 0, a missing one too."""
        total = sum(weight * max(0.0, parts.get(name, 0.0)) for name, weight in _shares(self))
        return min(1.0, total)

    def scores(self, parts: Mapping[str, Floats]) -> Floats:
        """Return the same for many passages, given each part's values for all of them."""
        total: Floats = np.zeros(len(next(iter(parts.values()))))
        for name, weight in _shares(self):
            if name in parts:
                total += weight * np.maximum(0.0, parts[name])
        return np.minimum(1.0, total)


@functools.lru_cache(maxsize=16)
def _shares(weights: Weights) -> tuple[tuple[str, float], ...]:
    """Return the weights that are not 0, by name: making them anew for each passage is slow."""
    return tuple((name, weight) for name, weight in asdict(weights).items() if weight)


def load_weights(file: Path = RANKER_FILE) -> Weights:
    """Return the weights that ship with the program."""
    raw = json.loads(file.read_text("utf-8"))
    return Weights(**{one.name: float(raw["weights"][one.name]) for one in fields(Weights)})


WEIGHTS = load_weights()

FIRST = Weights(dense=0.15, sentence=0.35, lexical=0.5)
"""Chooses which passages are looked at closely. Set by hand; see decision 1."""
