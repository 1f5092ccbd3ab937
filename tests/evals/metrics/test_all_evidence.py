from __future__ import annotations

import ir_measures
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import R

from evals.metrics.all_evidence import all_evidence_at_k

ONE, TWO, NONE = frozenset({0}), frozenset({1}), frozenset[int]()


def test_all_quotes_have_to_be_among_the_first_hits() -> None:
    ranking = [ONE, NONE, TWO, ONE]
    assert [all_evidence_at_k(ranking, 2, k) for k in (1, 2, 3, 4, 10)] == [0, 0, 1, 1, 1]


def test_one_hit_may_bring_several_quotes_and_no_hits_bring_none() -> None:
    assert all_evidence_at_k([frozenset({0, 1})], 2, 1) == 1
    assert all_evidence_at_k([], 1, 10) == 0


def test_a_third_quote_that_is_missing_fails_the_case() -> None:
    assert all_evidence_at_k([ONE, TWO], 3, 10) == 0


@settings(deadline=None)  # a busy machine takes longer than a test is given
@given(
    st.lists(st.integers(0, 12), min_size=1, max_size=12, unique=True),
    st.sets(st.integers(0, 12), min_size=1, max_size=5),
)
def test_it_is_1_just_where_the_recall_of_ir_measures_is(
    ranking: list[int], relevant: set[int]
) -> None:
    numbered = {one: number for number, one in enumerate(relevant)}
    coverage = [frozenset({numbered[one]} if one in numbered else ()) for one in ranking]
    theirs = ir_measures.calc_aggregate(
        [R @ 5],
        [ir_measures.Qrel("q", str(one), 1) for one in relevant],
        [ir_measures.ScoredDoc("q", str(one), -rank) for rank, one in enumerate(ranking)],
    )[R @ 5]
    assert all_evidence_at_k(coverage, len(relevant), 5) == float(theirs > 1 - 1e-9)
