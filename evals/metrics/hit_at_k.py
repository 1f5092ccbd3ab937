"""Hit@k, also called success@k: is there anything relevant among the first k hits?

1 when at least one of the first k hits overlaps an evidence quote, else 0. No hits at all score 0.
Averaged over cases it is the share of questions whose evidence a reader of k passages would meet.
Source: "success" in trec_eval (``success.k``); ir_measures ``Success@k``.
"""

from __future__ import annotations

from evals.metrics import Coverage


def hit_at_k(coverage: Coverage, k: int) -> float:
    """Return 1.0 when one of the first ``k`` hits is relevant, else 0.0."""
    return float(any(coverage[:k]))
