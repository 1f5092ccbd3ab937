"""A ranking benchmark's questions as outcomes, so that what is said of suites can be said of it:
whether we differ from a baseline by more than chance, and whether two reports differ
(``evals compare``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks.collection import Collection, Question, plain
from evals.outcomes import DIGITS, Outcome
from evals.paired import compare_outcomes

DRAWS = 1000
"""Random swaps for each baseline; p is told to three digits."""


class AheadJson(TypedDict):
    """By how much ours is above a baseline, in a paired permutation test by article: ``p``, and
    the smallest difference that would have shown (see ``evals.paired``)."""

    difference: float
    p: float | None
    smallest: float | None


def outcomes_of(
    collection: Collection, columns: Mapping[str, NDArray[np.float64]], places: Sequence[int]
) -> list[Outcome]:
    """Return a system's outcomes for some of a collection's questions."""
    return [
        Outcome(
            id=f"{place:05}",
            digest=_digest(collection, collection.questions[place]),
            cluster=f"article {collection.questions[place].article}",
            unanswerable=False,
            declined=False,
            confidence=None,
            scores={name: round(float(one[place]), DIGITS) for name, one in columns.items()},
            stage=None,
            seconds=None,
        )
        for place in places
    ]


def ahead_of(ours: Sequence[Outcome], baseline: Sequence[Outcome]) -> dict[str, AheadJson]:
    """Return, for each measure, by how much ours is above a baseline's, question by question."""
    wanted = ours[0].scores.keys()
    return {
        change.metric: {
            "difference": round(change.difference, DIGITS),
            "p": None if change.p is None else round(change.p, DIGITS),
            "smallest": None if change.smallest is None else round(change.smallest, DIGITS),
        }
        for change in compare_outcomes(baseline, ours, DRAWS).changes
        if change.metric in wanted and change.difference is not None
    }


def outcome_json(outcome: Outcome) -> dict[str, object]:
    """Return an outcome as a report keeps it, without what depends on the machine."""
    return {name: value for name, value in asdict(outcome).items() if name != "seconds"}


def _digest(collection: Collection, question: Question) -> str:
    """Return sixteen hex digits that change with a question and with what is relevant for it."""
    relevant = [
        f"{grade} {plain(collection.paragraphs[place].text)}"
        for place, grade in sorted(question.grades.items())
    ]
    return hashlib.sha256("\n".join([question.text, *relevant]).encode()).hexdigest()[:16]
