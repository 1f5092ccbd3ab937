"""The JSON of what a search did besides ranking: dates that it preferred, and explanations."""

from __future__ import annotations

import datetime as dt

from typing_extensions import TypedDict

from index.explain_parts import Word
from index.explained import Explained, Explanation, WhyNot
from index.steering import Steered


class PeriodJson(TypedDict):
    """A period that was preferred; both days are included, and null is open."""

    since: str | None
    until: str | None
    label: str


class SteeredJson(TypedDict):
    """What dates in the question did: ``text`` is for people, ``raised`` are passage ids."""

    text: str
    latest: bool
    periods: list[PeriodJson]
    raised: list[str]


class ListPlaceJson(TypedDict):
    """A passage in one list; ``share`` is what it adds to the score, where that can be told."""

    label: str
    value: float
    rank: int | None
    share: float | None


class WordJson(TypedDict):
    """A word of the question, with its inverse document frequency."""

    word: str
    rarity: float


class ExplainedJson(TypedDict):
    """Why a passage stands where it does; ``rank`` is null where it is not shown."""

    document_id: str
    passage_id: str
    title: str
    rank: int | None
    score: float
    parts: dict[str, ListPlaceJson]
    matched: list[WordJson]
    missing: list[WordJson]
    reasons: list[str]


class WhyNotJson(TypedDict):
    """Why a document is not among the results; ``kind`` is for programs, ``reason`` for people."""

    document: str
    kind: str
    reason: str
    best: ExplainedJson | None
    last: ExplainedJson | None


class ExplanationJson(TypedDict):
    """Every passage shown; the ranks count among as many passages as were ``compared``."""

    compared: int
    passages: list[ExplainedJson]
    why_not: WhyNotJson | None


def steered_json(steered: Steered | None) -> SteeredJson | None:
    """Return what dates did as the contract's object."""
    if steered is None:
        return None
    wanted = steered.preference
    return {
        "text": wanted.text,
        "latest": wanted.latest,
        "periods": [
            {"since": _iso(one.since), "until": _iso(one.until), "label": one.label}
            for one in wanted.periods
        ],
        "raised": list(steered.raised),
    }


def explanation_json(explanation: Explanation) -> ExplanationJson:
    """Return an explanation as the contract's object."""
    why_not = explanation.why_not
    return {
        "compared": explanation.compared,
        "passages": [explained_json(one) for one in explanation.passages],
        "why_not": _why_not(why_not) if why_not else None,
    }


def explained_json(explained: Explained) -> ExplainedJson:
    """Return one passage's explanation as the contract's object."""
    passage = explained.hit.passage
    return {
        "document_id": passage.document_id,
        "passage_id": passage.id,
        "title": explained.title,
        "rank": explained.rank,
        "score": round(explained.hit.score, 4),
        "parts": {
            place.part: {
                "label": place.label,
                "value": round(place.value, 4),
                "rank": place.rank,
                "share": None if place.share is None else round(place.share, 4),
            }
            for place in explained.places
        },
        "matched": [_word(word) for word in explained.matched],
        "missing": [_word(word) for word in explained.missing],
        "reasons": list(explained.reasons),
    }


def _why_not(why_not: WhyNot) -> WhyNotJson:
    return {
        "document": why_not.document,
        "kind": why_not.kind,
        "reason": why_not.reason,
        "best": explained_json(why_not.best) if why_not.best else None,
        "last": explained_json(why_not.last) if why_not.last else None,
    }


def _word(word: Word) -> WordJson:
    return {"word": word.text, "rarity": round(word.rarity, 2)}


def _iso(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None
