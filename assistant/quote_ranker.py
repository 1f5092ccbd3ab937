"""How likely a sentence answers: a logistic regression with weights fitted on public questions.

``quote_ranker.json`` holds the weights and how they were fitted; ``evals fit-quotes`` makes it. See
``docs/decisions/026-quotes.md``.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from assistant.sentence_features import SentenceFeatures

QUOTES_FILE = Path(__file__).with_name("quote_ranker.json")


@dataclass(frozen=True, slots=True)
class QuoteModel:
    """``chance = 1 / (1 + exp(-(bias + weights . features)))``.

    A further sentence is quoted if its chance is at least ``keep * best ** doubt`` of the best
    one's: the surer that is, the nearer another has to come. Nothing is lifted out of a quote whose
    chance is below ``lift``.
    """

    bias: float
    weights: Mapping[str, float]
    keep: float
    lift: float
    doubt: float = 0.0

    def least(self, best: float) -> float:
        """Return the chance that a further sentence must have, behind one with the chance ``best``;
        never more than that one's."""
        return best * min(1.0, self.keep * math.pow(best, self.doubt))

    def chance(self, features: SentenceFeatures) -> float:
        """Return how likely a sentence answers, in 0..1."""
        seen = asdict(features)
        total = self.bias + sum(weight * seen[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-total))


def load_quote_model(file: Path = QUOTES_FILE) -> QuoteModel:
    """Return the model that ships with the program."""
    raw = json.loads(file.read_text("utf-8"))
    weights = {one.name: float(raw["weights"][one.name]) for one in fields(SentenceFeatures)}
    bias, keep, lift, doubt = (float(raw[key]) for key in ("bias", "keep", "lift", "doubt"))
    return QuoteModel(bias, weights, keep, lift, doubt)


@functools.cache
def quote_model() -> QuoteModel:
    """Return the model that ships with the program, read once."""
    return load_quote_model()
