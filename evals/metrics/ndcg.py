"""Normalised discounted cumulative gain, cut at k, with binary gains.

DCG@k sums 1 / log2(rank + 1) over the relevant hits among the first k. The ideal ranking puts
everything relevant first; its DCG is taken over *all* that is relevant, found or not, and only then
cut at k.

A hit gains when it brings a quote that no hit above it brought, so a quote that runs over two
passages is not counted twice. What is relevant in all is then the gaining hits and one passage for
each quote that no hit brings; hence the score never passes 1. No hits score 0.

Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002), with the
discount of trec_eval ``ndcg_cut.k``; ir_measures ``nDCG@k``.
"""

from __future__ import annotations

from math import log2

from evals.metrics import Coverage


def ndcg(coverage: Coverage, quotes: int, k: int) -> float:
    """Return nDCG@k in 0..1 for a ranking that should bring ``quotes`` (at least 1) quotes."""
    gaining, unfound = _gaining_ranks(coverage, quotes)
    gained = sum(_discount(rank) for rank in gaining if rank <= k)
    ideal = sum(_discount(rank) for rank in range(1, min(len(gaining) + unfound, k) + 1))
    return gained / ideal


def _gaining_ranks(coverage: Coverage, quotes: int) -> tuple[list[int], int]:
    """Return the ranks that bring something new, and how many quotes no hit brings."""
    seen: set[int] = set()
    gaining = []
    for rank, found in enumerate(coverage, 1):
        if found - seen:
            gaining.append(rank)
            seen |= found
    return gaining, quotes - len(seen)


def _discount(rank: int) -> float:
    return 1 / log2(rank + 1)
