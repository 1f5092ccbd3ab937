from __future__ import annotations

from typing import Any, cast

import pytest

from assistant.contract import AskJson
from evals.cases import Case, Evidence
from evals.stages import Stage, stage_of

NONE: frozenset[int] = frozenset()
FIRST = frozenset({0})
ANSWERABLE = Case("a", "When?", ("1911",), (Evidence("bridge", "in 1911"),))
UNANSWERABLE = Case("u", "Why?", unanswerable=True)


@pytest.mark.parametrize(
    ("case", "declined", "coverage", "contains", "exact", "stage"),
    [
        (ANSWERABLE, False, [FIRST], 1.0, 1.0, None),
        (ANSWERABLE, False, [NONE] * 10, 0.0, 1.0, Stage.NOT_RETRIEVED),
        (ANSWERABLE, True, [NONE] * 10, 0.0, 1.0, Stage.NOT_RETRIEVED),
        (ANSWERABLE, False, [NONE] * 5 + [FIRST], 0.0, 1.0, Stage.RANKED_TOO_LOW),
        (ANSWERABLE, False, [NONE] * 4 + [FIRST], 0.0, 1.0, Stage.WRONG_SENTENCE),
        (ANSWERABLE, True, [FIRST], 0.0, 1.0, Stage.DECLINED_WRONGLY),
        (ANSWERABLE, False, [NONE], 1.0, 1.0, None),
        (ANSWERABLE, False, [FIRST], 1.0, 0.0, Stage.MISQUOTED),
        (UNANSWERABLE, True, [], 0.0, 1.0, None),
        (UNANSWERABLE, False, [], 0.0, 1.0, Stage.ANSWERED_WRONGLY),
        (UNANSWERABLE, False, [], 0.0, 0.0, Stage.MISQUOTED),
    ],
    ids=lambda value: str(value) if isinstance(value, Stage) else "",
)
def test_a_case_fails_at_the_first_step_that_went_wrong(
    case: Case, declined: bool, coverage: Any, contains: float, exact: float, stage: Stage | None
) -> None:
    answer = cast(AskJson, {"abstained": declined, "sentences": []})
    assert stage_of(case, answer, coverage, contains=contains, exact=exact) == stage


@pytest.mark.parametrize(
    ("contains", "unsupported", "stage"),
    [
        (1.0, "It was a Tuesday.", Stage.UNSUPPORTED),
        (0.0, "It opened in 1911.", Stage.UNSUPPORTED),
        (0.0, "It opened in 1912.", Stage.WRONG_SENTENCE),
    ],
    ids=["said besides", "the answer itself", "something else"],
)
def test_what_no_document_supports_is_told_from_a_wrong_sentence(
    contains: float, unsupported: str, stage: Stage
) -> None:
    said = [
        {"text": "The bridge opened.", "markers": [1], "supported": True},
        {"text": unsupported, "markers": [], "supported": False},
    ]
    answer = cast(AskJson, {"abstained": False, "sentences": said})
    assert stage_of(ANSWERABLE, answer, [FIRST], contains=contains, exact=1.0) == stage
