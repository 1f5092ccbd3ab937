"""Stages: the first step on the way from documents to an answer at which a case went wrong."""

from __future__ import annotations

from enum import StrEnum

from assistant.contract import AskJson
from evals.cases import Case
from evals.metrics import Coverage

# The depth of hit@5 and recall@5: what a reader, or a language model, would still look at.
READ_DEPTH = 5


class Stage(StrEnum):
    """Where a failed case failed."""

    ERROR = "error"
    STALE = "stale"
    NOT_IN_CORPUS = "not in the corpus"
    NOT_RETRIEVED = "not retrieved"
    RANKED_TOO_LOW = "ranked too low"
    DECLINED_WRONGLY = "declined wrongly"
    WRONG_SENTENCE = "wrong sentence chosen"
    MISQUOTED = "misquoted"
    ANSWERED_WRONGLY = "answered wrongly"


def stage_of(
    case: Case, answer: AskJson, coverage: Coverage, *, contains: float, exact: float
) -> Stage | None:
    """Return the stage at which a judged case failed, None when it passed.

    An answerable case passes when an accepted answer stands in the quotes of its answer
    (``contains``) and all its quotes are exact; an unanswerable one when it is declined.
    """
    if not exact:
        return Stage.MISQUOTED
    if case.unanswerable:
        return None if answer["abstained"] else Stage.ANSWERED_WRONGLY
    return None if contains else _lost_at(answer, coverage)


def _lost_at(answer: AskJson, coverage: Coverage) -> Stage:
    if not any(coverage):
        return Stage.NOT_RETRIEVED
    if not any(coverage[:READ_DEPTH]):
        return Stage.RANKED_TOO_LOW
    return Stage.DECLINED_WRONGLY if answer["abstained"] else Stage.WRONG_SENTENCE
