"""When to say that the corpus does not know: a confidence fitted on data, and a threshold."""

from __future__ import annotations

import datetime as dt
import functools
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from types import MappingProxyType

from assistant.asked_otherwise import asked_otherwise
from assistant.asked_thing import lacks_thing
from assistant.elsewhere import is_elsewhere
from assistant.expect import Expected, Kind
from assistant.extract import Quote, choose
from assistant.given import Given
from assistant.sentence_features import NAMES
from index.features import FRAMING
from index.kin import held, kin_of
from index.passages import Hit
from index.search import Query
from index.terms import terms

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b(?!['’]?s\b)")
_SPAN = re.compile(rf"\b(?:from|between) {_YEAR.pattern} (?:to|and|until) {_YEAR.pattern}", re.I)
_QUOTED = 3
"""Sentences, at most, that an answer quotes unless somebody asks for another number."""
MODEL_FILE = Path(__file__).with_name("confidence.json")
"""The fitted model that ships with the program; ``evals calibrate --write`` makes it."""


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence looks at, each in 0..1, of a question and the best sentence found.

    ``similarity``: its cosine with the question, and ``dense`` its passage's. ``coverage``: the
    share of the question's terms that it or its title has, by rarity; ``lexical`` the same for the
    best passage, by BM25. ``passage``: the best passage's score. ``count_misses`` and ``misses``:
    1 when a count, or another kind of thing, is asked for and the sentence has none. ``agreement``:
    1 when one passage is first on both the dense and the lexical side. ``margin``: how far the
    best sentence is ahead of the fifth best. ``missing``: the share of the question's terms, by
    rarity, that none of the best three passages has; words that only frame it ("What happened to
    ...") do not count. ``names_missing``: the share of the names and numbers in the question that
    the best sentence's passage and title lack. ``short``: 1 when the question has a single content
    word or none ("When does it end?"), so that words tell little.
    ``denies``, ``opposed``, ``gap`` and ``lacks``: what the question has otherwise than the best
    sentence; see ``asked_otherwise``. ``unmet``: 1 when the question's words ask for a value, a
    name or a sum, and no sentence that would be quoted gives one that the question lacks.
    Sentences that are told of another country do not count. ``elsewhere``: 1 when the best
    sentence names another country than the question does, and neither it nor its title names that.
    ``thingless``: how little the sentences to be quoted have of the thing whose value is asked for
    by its name; see ``asked_thing``. ``other_year``: 1 when the question names years, and neither
    the best sentence's passage nor its title nor the date of its document has one of them.
    """

    similarity: float
    dense: float
    coverage: float
    lexical: float
    passage: float
    count_misses: float
    misses: float
    agreement: float
    margin: float
    missing: float
    names_missing: float
    short: float
    denies: float
    opposed: float
    gap: float
    lacks: float
    unmet: float
    elsewhere: float
    thingless: float
    other_year: float


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
    query: Query,
    wanted: Expected,
    hits: Sequence[Hit],
    ranked: Sequence[Quote],
    titles: Mapping[str, str],
    dates: Mapping[str, dt.date | None] = MappingProxyType({}),
) -> Features:
    """Return the features of a search; ``ranked`` are its sentences, at least one.

    ``titles`` holds each document's title by id, and ``dates`` its date.
    """
    best, top = ranked[0], hits[0]
    fifth = ranked[min(4, len(ranked) - 1)]
    home = next(hit for hit in hits if _holds(hit, best))
    counts = wanted.kind is Kind.COUNT
    given = Given(query.text, wanted)
    chosen = choose(ranked, _QUOTED)
    here = [one for one in chosen if not is_elsewhere(query, one, titles)]
    otherwise = asked_otherwise(query, best.text, titles.get(best.document_id, ""))
    return Features(
        similarity=max(0.0, best.similarity),
        dense=max(0.0, home.parts["dense"]),
        coverage=best.coverage,
        lexical=top.parts["lexical"],
        passage=top.score,
        count_misses=float(counts and not best.fits),
        misses=float(not counts and not best.fits),
        agreement=float(_first_on_both(hits)),
        margin=best.score - fifth.score,
        missing=_missing(query, hits[:3], titles),
        names_missing=_names_missing(query, home, titles),
        short=float(len(query.rarity) <= 1),
        denies=float(otherwise.denies),
        opposed=float(otherwise.opposed),
        gap=otherwise.gap,
        lacks=otherwise.lacks,
        unmet=float(not any(given.meets(one.text) for one in here)),
        elsewhere=float(is_elsewhere(query, best, titles)),
        thingless=lacks_thing(query, wanted, [one.text for one in chosen]),
        other_year=float(_is_of_another_year(query, home, titles, dates)),
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
    """Return the model that ships with the program."""
    raw = json.loads(MODEL_FILE.read_text("utf-8"))
    weights = tuple(float(raw["weights"][field.name]) for field in fields(Features))
    return Model(float(raw["bias"]), weights, float(raw["threshold"]), str(raw["fitted"]))


def _missing(query: Query, hits: Sequence[Hit], titles: Mapping[str, str]) -> float:
    there = frozenset().union(*(_held(query, hit, titles) for hit in hits))
    told = _telling(query)
    most = sum(told.values())
    lacking = sum(rarity for term, rarity in told.items() if term not in there)
    return lacking / most if most else 1.0


def _telling(query: Query) -> dict[str, float]:
    """Return a question's terms with their rarity, without those that only frame it ("What
    happened to the library?"): no text needs to have them. All of them where it has no others."""
    told = {term: rarity for term, rarity in query.rarity.items() if term not in FRAMING}
    return told or dict(query.rarity)


def _names_missing(query: Query, home: Hit, titles: Mapping[str, str]) -> float:
    names = set(terms(" ".join(NAMES.findall(query.text)))) & query.rarity.keys()
    return len(names - _held(query, home, titles)) / len(names) if names else 0.0


def _is_of_another_year(
    query: Query, home: Hit, titles: Mapping[str, str], dates: Mapping[str, dt.date | None]
) -> bool:
    asked = set(_YEAR.findall(query.text))
    if _SPAN.search(query.text):
        asked = {str(year) for year in range(int(min(asked)), int(max(asked)) + 1)}
    name = home.passage.document_id
    date = dates.get(name)
    told = f"{titles.get(name, '')} {home.passage.heading} {home.text} {date.year if date else ''}"
    return bool(asked) and not asked.intersection(_YEAR.findall(told))


def _held(query: Query, hit: Hit, titles: Mapping[str, str]) -> frozenset[str]:
    """Return which of a question's terms a passage or its title has, a country's by any name."""
    title = titles.get(hit.passage.document_id, "")
    stems = terms(f"{title} {hit.passage.heading} {hit.text}")
    return frozenset(held(query.rarity, kin_of(query.text), stems))


def _holds(hit: Hit, quote: Quote) -> bool:
    return (
        hit.passage.document_id == quote.document_id
        and hit.passage.start <= quote.start < hit.passage.end
    )


def _first_on_both(hits: Sequence[Hit]) -> bool:
    return any(
        hit.parts.get("dense_rank") == 1.0 and hit.parts.get("lexical_rank") == 1.0 for hit in hits
    )
