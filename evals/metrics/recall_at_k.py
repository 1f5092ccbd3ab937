"""Recall@k: the share of the evidence quotes that the first k hits bring.

A quote is found once, however many hits overlap it, and one hit may bring several quotes. No hits
score 0. Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008),
chapter 8; ir_measures ``R@k`` where each relevant passage stands for one quote.
"""

from __future__ import annotations

from evals.metrics import Coverage


def recall_at_k(coverage: Coverage, quotes: int, k: int) -> float:
    """Return how many of the ``quotes`` (at least 1) the first ``k`` hits overlap, in 0..1."""
    found: frozenset[int] = frozenset().union(*coverage[:k])
    return len(found) / quotes
