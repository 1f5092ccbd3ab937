"""All-evidence recall@k: 1 when the first k hits bring every evidence quote of a case, else 0.

For questions that look across documents: half of the evidence answers a comparison not at all.
Averaged over cases it is the share of questions that can be answered whole from the first k. It is
never above recall@k. The measure is that of multi-hop retrieval, where a question counts as found
when all of its supporting passages are (Xiong et al., Answering Complex Open-Domain Questions with
Multi-Hop Dense Retrieval, 2021, who call it recall of all supporting passages).
"""

from __future__ import annotations

from evals.metrics import Coverage


def all_evidence_at_k(coverage: Coverage, quotes: int, k: int) -> float:
    """Return 1 when the first ``k`` hits overlap all ``quotes`` (at least 1) quotes, else 0."""
    found: frozenset[int] = frozenset().union(*coverage[:k])
    return float(len(found) == quotes)
