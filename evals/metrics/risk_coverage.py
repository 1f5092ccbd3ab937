"""Risk and coverage: how often the assistant is wrong, if it answers only what it is surest of.

Answered cases are put in order of their confidence, the surest first. After each, *coverage* is the
share of all cases answered so far, *risk* the share of those that were answered wrongly; cases of
equal confidence are taken together, as no threshold can part them. The *area* (AURC) is the mean of
the risk over the answered cases: 0 is best, and lower is better; undefined (None) if nothing was
answered. Source: Geifman and El-Yaniv, Selective classification for deep neural networks (2017),
and Geifman, Uziel and El-Yaniv (2019) for the area.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


def risk_coverage(wrong: Flags, confidence: Floats, cases: int) -> list[tuple[float, float]]:
    """Return (coverage, risk) after each threshold; ``wrong`` is of the answered cases alone."""
    order = np.argsort(-confidence, kind="stable")
    ranked, errors = confidence[order], np.cumsum(wrong[order])
    ends = [i for i in range(len(ranked)) if i + 1 == len(ranked) or ranked[i + 1] < ranked[i]]
    return [((i + 1) / cases, float(errors[i]) / (i + 1)) for i in ends]


def risk_coverage_area(wrong: Flags, confidence: Floats) -> float | None:
    """Return the mean risk over the answered cases, each at its own confidence."""
    if not len(wrong):
        return None
    points = risk_coverage(wrong, confidence, len(wrong))
    area, before = 0.0, 0.0
    for coverage, risk in points:
        area += (coverage - before) * risk
        before = coverage
    return area
