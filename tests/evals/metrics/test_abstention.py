from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_score, recall_score, roc_auc_score

from evals.metrics.abstention import abstention_auroc, abstention_precision, abstention_recall

# A confidence rounded to few values, so that ties are common.
cases = st.lists(st.tuples(st.booleans(), st.integers(0, 5).map(lambda n: n / 5)), min_size=1)


@settings(deadline=None)  # a busy machine takes longer than a test is given
@given(cases)
def test_auroc_agrees_with_scikit_learn(case: list[tuple[bool, float]]) -> None:
    unanswerable = np.array([one for one, _ in case])
    confidence = np.array([one for _, one in case])
    ours = abstention_auroc(unanswerable, confidence)
    if len(set(unanswerable.tolist())) < 2:
        assert ours is None
    else:
        assert ours == pytest.approx(roc_auc_score(~unanswerable, confidence), abs=1e-9)


def test_infinite_confidence_is_worse_than_any_other_on_the_wrong_side() -> None:
    unanswerable = np.array([True, False, True, False])
    confidence = np.array([np.inf, 1.0, 0.0, -np.inf])
    # Of the four pairs only (1.0 above 0.0) is in order.
    assert abstention_auroc(unanswerable, confidence) == 0.25


def test_precision_and_recall_take_unanswerable_as_positive() -> None:
    unanswerable = np.array([True, True, True, False, False])
    declined = np.array([True, False, False, True, False])
    assert abstention_precision(unanswerable, declined) == 1 / 2
    assert abstention_recall(unanswerable, declined) == 1 / 3


@pytest.mark.parametrize(
    ("unanswerable", "declined", "precision", "recall"),
    [
        ([True, False], [False, False], 0.0, 0.0),
        ([False, False], [False, False], None, None),
        ([False, False], [True, False], 0.0, None),
    ],
)
def test_nothing_to_decline_and_nothing_declined_are_told_apart(
    unanswerable: list[bool], declined: list[bool], precision: float | None, recall: float | None
) -> None:
    flags = np.array(unanswerable), np.array(declined)
    assert (abstention_precision(*flags), abstention_recall(*flags)) == (precision, recall)


@settings(deadline=None)  # a busy machine takes longer than a test is given
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_precision_and_recall_agree_with_scikit_learn(case: list[tuple[bool, bool]]) -> None:
    unanswerable = np.array([one for one, _ in case])
    declined = np.array([one for _, one in case])
    if unanswerable.any():
        assert abstention_recall(unanswerable, declined) == pytest.approx(
            recall_score(unanswerable, declined), abs=5e-5
        )
    if unanswerable.any() or declined.any():
        assert abstention_precision(unanswerable, declined) == pytest.approx(
            precision_score(unanswerable, declined, zero_division=0.0), abs=5e-5
        )
