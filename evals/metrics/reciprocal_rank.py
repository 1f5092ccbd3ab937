"""Reciprocal rank, cut at k: 1 / rank of the first relevant hit.

Ranks count from 1; 0 when none of the first k hits is relevant. Its mean over cases is MRR@k.
Source: Voorhees, The TREC-8 Question Answering Track Report (1999); ir_measures ``RR@k``.
"""

from __future__ import annotations

from evals.metrics import Coverage


def reciprocal_rank(coverage: Coverage, k: int) -> float:
    """Return 1 / rank of the first relevant hit among the first ``k``, or 0.0."""
    return next((1 / rank for rank, quotes in enumerate(coverage[:k], 1) if quotes), 0.0)
