from __future__ import annotations

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
