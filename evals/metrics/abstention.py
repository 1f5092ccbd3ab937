"""Abstention: does the assistant decline the questions that it should decline, and only those?

*Precision* is the share of the declined cases that are unanswerable; *recall* the share of the
unanswerable cases that are declined. Where there is something to decline and nothing was, precision
is 0; where there is neither, it is undefined (None). Source: the usual definitions, with
"unanswerable" as the positive class.

*AUROC* is the probability that an answerable case got a higher confidence than an unanswerable one,
ties counting half; it judges the confidence whatever the threshold. Undefined (None) without cases
of both kinds. Source: Hanley and McNeil (1982), by the Mann-Whitney rank statistic.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


def abstention_precision(unanswerable: Flags, declined: Flags) -> float | None:
    """Return the share of the declined cases that are unanswerable."""
    if declined.any():
        return float(unanswerable[declined].mean())
    return 0.0 if unanswerable.any() else None


def abstention_recall(unanswerable: Flags, declined: Flags) -> float | None:
    """Return the share of the unanswerable cases that were declined."""
    return float(declined[unanswerable].mean()) if unanswerable.any() else None


def abstention_auroc(unanswerable: Flags, confidence: Floats) -> float | None:
    """Return how well the confidence ranks answerable cases above unanswerable ones, in 0..1."""
    answerable = int((~unanswerable).sum())
    pairs = answerable * int(unanswerable.sum())
    if not pairs:
        return None
    rank_sum = _average_ranks(confidence)[~unanswerable].sum()
    return float((rank_sum - answerable * (answerable + 1) / 2) / pairs)


def _average_ranks(values: Floats) -> Floats:
    """Return ranks from 1, equal values sharing the mean of their ranks."""
    _, group, size = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(size) - (size - 1) / 2)[group]
    return ranks
