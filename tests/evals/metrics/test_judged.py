from __future__ import annotations

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import AP, RR, R, Success, nDCG

from evals.metrics.average_precision import average_precision
from evals.metrics.judged import graded_ndcg, judged_scores, run_order

MEASURES = {
    "hit@1": Success @ 1,
    "hit@5": Success @ 5,
    "hit@10": Success @ 10,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    # RR@10 comes from another provider than the rest, which orders ties the other way round; so
    # trec_eval's RR is cut here.
    "mrr@10": RR,
    "map": AP,
    "ndcg@10": nDCG @ 10,
}
# Names of unlike lengths, so that their order as texts is not that of their numbers.
POOL = [f"d{number}" for number in range(40)]


@st.composite
def judged_runs(draw: st.DrawFn) -> tuple[dict[str, float], dict[str, int]]:
    """A run whose few different scores tie often, and grades for other documents than it holds."""
    scores = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
    run = draw(st.dictionaries(st.sampled_from(POOL), scores, min_size=1, max_size=30))
    judged = st.dictionaries(st.sampled_from(POOL), st.integers(0, 3), min_size=1, max_size=20)
    return run, draw(judged.filter(lambda grades: any(grades.values())))


@settings(deadline=None)  # a busy machine takes longer than a test is given
@given(judged_runs())
def test_each_measure_is_that_of_ir_measures(
    case: tuple[dict[str, float], dict[str, int]],
) -> None:
    run, grades = case
    ours = judged_scores(run_order(run), grades)
    theirs = ir_measures.calc_aggregate(
        list(MEASURES.values()),
        [ir_measures.Qrel("q", document, grade) for document, grade in grades.items()],
        [ir_measures.ScoredDoc("q", document, score) for document, score in run.items()],
    )
    expected = {name: theirs[one] for name, one in MEASURES.items()}
    if expected["mrr@10"] < 1 / 10:
        expected["mrr@10"] = 0.0
    assert ours == pytest.approx(expected, abs=5e-5)


@settings(deadline=None)  # a busy machine takes longer than a test is given
@given(judged_runs())
def test_without_ties_the_cut_reciprocal_rank_is_that_of_ir_measures(
    case: tuple[dict[str, float], dict[str, int]],
) -> None:
    run, grades = case
    apart = {document: -float(rank) for rank, document in enumerate(run_order(run))}
    theirs = ir_measures.calc_aggregate(
        [RR @ 10],
        [ir_measures.Qrel("q", document, grade) for document, grade in grades.items()],
        [ir_measures.ScoredDoc("q", document, score) for document, score in apart.items()],
    )
    assert judged_scores(run_order(apart), grades)["mrr@10"] == pytest.approx(theirs[RR @ 10])


def test_a_ranking_without_the_relevant_document_scores_nothing() -> None:
    assert set(judged_scores(["a", "b"], {"c": 1, "a": 0}).values()) == {0.0}
    assert set(judged_scores([], {"c": 1}).values()) == {0.0}


def test_a_higher_grade_first_gains_more() -> None:
    grades = {"a": 3, "b": 1}
    assert judged_scores(["a", "b"], grades)["ndcg@10"] == pytest.approx(1)
    assert judged_scores(["b", "a"], grades)["ndcg@10"] < 0.85


def test_without_a_relevant_document_there_is_no_gain() -> None:
    assert graded_ndcg([0, 0], [0], 10) == 0.0


def test_a_hit_that_repeats_a_quote_does_not_raise_the_average_precision() -> None:
    one, two = frozenset({0}), frozenset({1})
    assert average_precision([one, one, two], 2) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([frozenset({0, 1})], 2) == 1.0
    assert average_precision([], 3) == 0.0
