"""Average precision: how early everything relevant comes.

The precision at each hit that brings something new, summed and divided by the number of quotes; a
quote that no hit brings adds nothing. Its mean over cases is MAP. No hits score 0. Source: Manning,
Raghavan, Schütze, Introduction to Information Retrieval (2008), chapter 8; trec_eval ``map``;
ir_measures ``AP``.
"""

from __future__ import annotations

from evals.metrics import Coverage


def average_precision(coverage: Coverage, quotes: int) -> float:
    """Return the average precision of a ranking that should bring ``quotes`` (at least 1) quotes.

    A hit counts for precision when it brings a quote that no hit above it brought.
    """
    seen: set[int] = set()
    gaining = 0
    total = 0.0
    for rank, found in enumerate(coverage, 1):
        if found - seen:
            gaining += 1
            total += len(found - seen) * gaining / rank
            seen |= found
    return total / quotes
