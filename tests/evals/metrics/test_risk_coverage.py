from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_curve

from evals.metrics.risk_coverage import risk_coverage, risk_coverage_area


def test_the_surest_are_counted_first() -> None:
    wrong = np.array([True, False, False, True])
    confidence = np.array([0.1, 0.9, 0.8, 0.4])
    assert risk_coverage(wrong, confidence, 8) == [
        (1 / 8, 0.0),
        (2 / 8, 0.0),
        (3 / 8, pytest.approx(1 / 3)),
        (4 / 8, 0.5),
    ]
    assert risk_coverage_area(wrong, confidence) == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)


def test_equal_confidences_are_taken_together() -> None:
    wrong, confidence = np.array([True, False]), np.array([0.5, 0.5])
    assert risk_coverage(wrong, confidence, 2) == [(1.0, 0.5)]
    assert risk_coverage_area(wrong, confidence) == 0.5


def test_nothing_answered_has_no_area() -> None:
    assert risk_coverage_area(np.array([], dtype=bool), np.array([])) is None


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=30))
def test_the_order_of_the_cases_does_not_matter(cases: list[tuple[bool, float]]) -> None:
    def area(rows: list[tuple[bool, float]]) -> float | None:
        wrong, confidence = zip(*rows, strict=True)
        return risk_coverage_area(np.array(wrong), np.array(confidence))

    assert area(cases) == pytest.approx(area(cases[::-1]))
    assert 0 <= (area(cases) or 0.0) <= 1


_SOME_RIGHT = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=30).filter(
    lambda cases: not all(wrong for wrong, _ in cases)
)


@settings(deadline=None)  # a busy machine takes longer than a test is given
@given(_SOME_RIGHT)
def test_each_risk_is_one_less_the_precision_of_scikit_learn(cases: list[tuple[bool, int]]) -> None:
    wrong = np.array([one for one, _ in cases])
    confidence = np.array([one / 5 for _, one in cases])
    ours = risk_coverage(wrong, confidence, len(cases))
    precision, _, thresholds = precision_recall_curve(~wrong, confidence)
    theirs = [
        ((confidence >= threshold).mean(), 1 - one)
        for one, threshold in zip(precision[:-1], thresholds, strict=True)
    ][::-1]
    assert ours == [pytest.approx(one, abs=5e-5) for one in theirs]
