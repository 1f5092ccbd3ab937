from __future__ import annotations

from math import log2

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import AP, RR, R, Success, nDCG

from evals.metrics import overlaps
from evals.metrics.average_precision import average_precision
from evals.metrics.hit_at_k import hit_at_k
from evals.metrics.ndcg import ndcg
from evals.metrics.recall_at_k import recall_at_k
from evals.metrics.reciprocal_rank import reciprocal_rank

NONE: frozenset[int] = frozenset()


def ones(*quotes: int) -> frozenset[int]:
    return frozenset(quotes)


@st.composite
def rankings(draw: st.DrawFn) -> tuple[list[str], set[str]]:
    """A ranking of distinct passages, and the relevant ones; some are in no ranking."""
    pool = [f"p{number}" for number in range(30)]
    ranking = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=20, unique=True))
    relevant = draw(st.sets(st.sampled_from(pool), min_size=1, max_size=15))
    return ranking, relevant


@given(rankings())
def test_all_ranking_measures_agree_with_ir_measures(case: tuple[list[str], set[str]]) -> None:
    ranking, relevant = case
    numbered = {passage: number for number, passage in enumerate(sorted(relevant))}
    coverage = [ones(numbered[one]) if one in numbered else NONE for one in ranking]
    ours = {
        Success @ 1: hit_at_k(coverage, 1),
        Success @ 5: hit_at_k(coverage, 5),
        R @ 5: recall_at_k(coverage, len(relevant), 5),
        RR @ 10: reciprocal_rank(coverage, 10),
        AP @ 10: average_precision(coverage[:10], len(relevant)),
        nDCG @ 10: ndcg(coverage, len(relevant), 10),
    }
    theirs = ir_measures.calc_aggregate(
        list(ours),
        [ir_measures.Qrel("q", passage, 1) for passage in relevant],
        [ir_measures.ScoredDoc("q", one, float(-rank)) for rank, one in enumerate(ranking)],
    )
    assert ours == pytest.approx(theirs, abs=5e-5)


def test_no_hits_score_zero_everywhere() -> None:
    scores = (hit_at_k([], 5), recall_at_k([], 2, 5), reciprocal_rank([], 10), ndcg([], 2, 10))
    assert scores == (0.0, 0.0, 0.0, 0.0)


def test_a_hit_just_below_the_cut_counts_for_nothing() -> None:
    coverage = [NONE, NONE, ones(0)]
    assert hit_at_k(coverage, 2) == 0.0
    assert recall_at_k(coverage, 1, 2) == 0.0
    assert reciprocal_rank(coverage, 2) == 0.0
    assert ndcg(coverage, 1, 2) == 0.0


def test_a_quote_over_two_passages_is_found_once() -> None:
    coverage = [ones(0), ones(0), ones(1)]
    assert recall_at_k(coverage, 2, 5) == 1.0
    # The second hit brings nothing new, so the second quote comes at rank 3 instead of 2.
    assert ndcg(coverage, 2, 10) == pytest.approx((1 + 1 / log2(4)) / (1 + 1 / log2(3)))


def test_one_passage_with_all_quotes_is_a_perfect_ranking() -> None:
    assert ndcg([ones(0, 1), NONE], 2, 10) == 1.0
    assert recall_at_k([ones(0, 1), NONE], 2, 1) == 1.0


def test_the_ideal_ranking_is_cut_where_the_ranking_is() -> None:
    assert ndcg([ones(number) for number in range(12)], 12, 10) == 1.0


@given(st.lists(st.frozensets(st.integers(0, 4)), max_size=12), st.integers(1, 10))
def test_ndcg_stays_between_zero_and_one(coverage: list[frozenset[int]], k: int) -> None:
    assert 0.0 <= ndcg(coverage, 5, k) <= 1.0


def test_spans_overlap_when_they_share_a_character() -> None:
    assert overlaps((0, 5), (4, 9))
    assert overlaps((2, 3), (0, 9))
    assert not overlaps((0, 5), (5, 9))
