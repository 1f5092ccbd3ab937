"""When to say that the corpus does not know: a confidence fitted on data, and a threshold."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from importlib import resources

from assistant.expect import Expected, Kind
from assistant.extract import Quote
from index.passages import Hit
from index.search import Query


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence looks at, each in 0..1, of a question and the best sentence found.

    ``similarity``: its cosine with the question. ``coverage``: the share of the question's terms
    that it or its title has, by rarity. ``passage_coverage``: the same for the best passage, by
    BM25. ``passage``: the best passage's score. ``fits``: 1 when a kind of thing is asked for and
    the sentence has one. ``misses``: 1 when one is asked for and it has none. ``agreement``: 1
    when one passage is first on both the dense and the lexical side. ``margin``: how far the
    best sentence is ahead of the fifth best.
    """

    similarity: float
    coverage: float
    passage_coverage: float
    passage: float
    fits: float
    misses: float
    agreement: float
    margin: float


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression: ``confidence = 1 / (1 + exp(-(bias + weights . features)))``.

    Below ``threshold`` the assistant declines. ``fitted`` says on what it was fitted, and how.
    """

    bias: float
    weights: tuple[float, ...]
    threshold: float
    fitted: str


def features(
    query: Query, wanted: Expected, hits: Sequence[Hit], ranked: Sequence[Quote]
) -> Features:
    """Return the features of a search; ``ranked`` are its sentences, at least one."""
    best, top = ranked[0], hits[0]
    asks = wanted.kind is not Kind.OTHER
    fifth = ranked[min(4, len(ranked) - 1)]
    return Features(
        similarity=max(0.0, best.similarity),
        coverage=best.coverage,
        passage_coverage=top.parts["lexical"],
        passage=top.score,
        fits=float(asks and best.fits),
        misses=float(asks and not best.fits),
        agreement=float(_first_on_both(hits)),
        margin=best.score - fifth.score,
    )


def confidence(found: Features, model: Model | None = None) -> float:
    """Return how likely the best sentence answers, in 0..1."""
    used = model or fitted_model()
    total = used.bias + sum(
        weight * value for weight, value in zip(used.weights, astuple(found), strict=True)
    )
    return 1 / (1 + math.exp(-total))


@functools.cache
def fitted_model() -> Model:
    """Return the model that ships with the program, from ``confidence.json``.

    ``evals calibrate`` writes that file and tells in it what it was fitted on.
    """
    raw = json.loads(resources.files("assistant").joinpath("confidence.json").read_text("utf-8"))
    weights = tuple(float(raw["weights"][field.name]) for field in fields(Features))
    return Model(float(raw["bias"]), weights, float(raw["threshold"]), str(raw["fitted"]))


def _first_on_both(hits: Sequence[Hit]) -> bool:
    return any(
        hit.parts.get("dense_rank") == 1.0 and hit.parts.get("lexical_rank") == 1.0 for hit in hits
    )
