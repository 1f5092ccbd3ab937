"""Stages: the first step on the way from documents to an answer at which a case went wrong."""

from __future__ import annotations

from enum import StrEnum

from assistant.contract import AskJson
from evals.cases import Case
from evals.metrics import Coverage
from evals.metrics.answer_match import contains as stands_in

# The depth of hit@5 and recall@5: what a reader, or a language model, would still look at.
READ_DEPTH = 5


class Stage(StrEnum):
    """Where a failed case failed."""

    ERROR = "error"
    STALE = "stale"
    NOT_IN_CORPUS = "not in the corpus"
    CLEANED_AWAY = "cleaned away"
    NOT_RETRIEVED = "not retrieved"
    RANKED_TOO_LOW = "ranked too low"
    DECLINED_WRONGLY = "declined wrongly"
    WRONG_SENTENCE = "wrong sentence chosen"
    UNSUPPORTED = "unsupported"
    MISQUOTED = "misquoted"
    ANSWERED_WRONGLY = "answered wrongly"


UNFOUND = (Stage.STALE, Stage.NOT_IN_CORPUS, Stage.CLEANED_AWAY)
"""Stages of cases whose evidence does not stand: the question is not asked."""


def stage_of(
    case: Case, answer: AskJson, coverage: Coverage, *, contains: float, exact: float
) -> Stage | None:
    """Return the stage at which a judged case failed, None when it passed.

    An answerable case passes when an accepted answer stands in the quotes of its answer
    (``contains``), all its quotes are exact, and nothing is said that no quote supports; an
    unanswerable one when it is declined.
    """
    if not exact:
        return Stage.MISQUOTED
    if case.unanswerable:
        return None if answer["abstained"] else Stage.ANSWERED_WRONGLY
    if not contains:
        return _lost_at(case, answer, coverage)
    return Stage.UNSUPPORTED if _unsupported(answer) else None


def _lost_at(case: Case, answer: AskJson, coverage: Coverage) -> Stage:
    if not any(coverage):
        return Stage.NOT_RETRIEVED
    if not any(coverage[:READ_DEPTH]):
        return Stage.RANKED_TOO_LOW
    if answer["abstained"]:
        return Stage.DECLINED_WRONGLY
    # What was said is right then, and no quote was found for it.
    if any(stands_in(text, case.answers) for text in _unsupported(answer)):
        return Stage.UNSUPPORTED
    return Stage.WRONG_SENTENCE


def _unsupported(answer: AskJson) -> list[str]:
    """Return the sentences of an answer that a language model wrote and no document supports."""
    return [one["text"] for one in answer["sentences"] if not one["supported"]]
