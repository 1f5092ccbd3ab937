from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import permutation_test

from evals.outcomes import Outcome
from evals.paired import Change, compare_outcomes, significant


def outcome(number: int, score: float, *, cluster: str | None = None) -> Outcome:
    return Outcome(
        id=f"case {number}",
        digest="d",
        cluster=cluster or f"document {number}",
        unanswerable=False,
        declined=False,
        confidence=0.5,
        scores={"hit@1": score, "quote_exact": 1.0},
        stage=None if score else "ranked too low",
        seconds=0.1,
    )


def change(changes: tuple[Change, ...], metric: str) -> Change:
    return next(one for one in changes if one.metric == metric)


def test_the_same_run_twice_differs_by_nothing() -> None:
    run = [outcome(n, n % 2) for n in range(40)]
    found = compare_outcomes(run, run)
    assert (found.cases, found.lost, found.won) == (40, (), ())
    assert change(found.changes, "hit@1") == Change("hit@1", 0.5, 0.5, 1.0, 6 / 40)
    assert significant(found.changes) == []


def test_a_run_read_back_from_a_file_differs_by_nothing() -> None:
    scores = np.random.default_rng(1).random(40)
    run = [outcome(n, float(score)) for n, score in enumerate(scores)]
    kept = [replace(one, scores={k: round(v, 4) for k, v in one.scores.items()}) for one in run]
    assert change(compare_outcomes(kept, run).changes, "hit@1").p == 1.0


def test_many_lost_cases_are_no_chance_and_a_few_may_be() -> None:
    before = [outcome(n, 1.0) for n in range(60)]
    many = [outcome(n, float(n >= 12)) for n in range(60)]
    few = [outcome(n, float(n >= 3)) for n in range(60)]
    found = compare_outcomes(before, many)
    worse = [one.metric for one in significant(found.changes)]
    assert worse == ["hit@1", "risk_coverage_area"]
    assert found.lost == tuple(f"case {n}" for n in range(12))
    assert significant(compare_outcomes(before, few).changes) == []
    # For the better is no regression.
    assert significant(compare_outcomes(many, before).changes) == []


def test_p_is_never_zero_whatever_chance_never_gave() -> None:
    before, after = ([outcome(n, score) for n in range(60)] for score in (1.0, 0.0))
    p = change(compare_outcomes(before, after, draws=99).changes, "hit@1").p
    assert p == 1 / 100


def test_cases_of_one_document_count_once() -> None:
    before = [outcome(n, 1.0, cluster=f"document {n % 5}") for n in range(60)]
    after = [outcome(n, float(n % 5 > 0), cluster=f"document {n % 5}") for n in range(60)]
    found = compare_outcomes(before, after)
    assert change(found.changes, "hit@1").difference == pytest.approx(-0.2)
    assert significant(found.changes) == []


def test_p_is_that_of_scipys_paired_permutation_test() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.random(30), rng.random(30) + 0.12
    expected = permutation_test(
        (other, one), lambda a, b: np.mean(a - b), permutation_type="samples", n_resamples=20_000
    ).pvalue
    before = [outcome(n, float(score)) for n, score in enumerate(one)]
    after = [outcome(n, float(score)) for n, score in enumerate(other)]
    p = change(compare_outcomes(before, after).changes, "hit@1").p
    assert p == pytest.approx(expected, abs=0.03)


def test_the_smallest_effect_is_seen_four_times_of_five() -> None:
    rng = np.random.default_rng(5)
    base = [outcome(n, float(score)) for n, score in enumerate(rng.random(80))]
    noisy = [replace(one, scores=moved(one, rng.normal(0, 0.1))) for one in base]
    smallest = change(compare_outcomes(base, noisy).changes, "hit@1").smallest
    assert smallest is not None
    seen = 0
    for _ in range(20):
        moved_by = rng.normal(-smallest, 0.1, size=len(base))
        after = [
            replace(one, scores=moved(one, by)) for one, by in zip(base, moved_by, strict=True)
        ]
        p = change(compare_outcomes(base, after, draws=150).changes, "hit@1").p
        seen += p is not None and p <= 0.05
    assert seen >= 12


def moved(one: Outcome, by: float) -> dict[str, float]:
    return {"hit@1": one.scores["hit@1"] + by}


def test_missing_new_and_rewritten_cases_are_not_compared() -> None:
    before = [outcome(n, 1.0) for n in range(4)]
    after = [outcome(0, 1.0), replace(outcome(1, 0.0), digest="other"), outcome(9, 0.0)]
    found = compare_outcomes(before, after)
    assert (found.cases, found.missing) == (1, ("case 2", "case 3"))
    assert found.added == ("case 1", "case 9")


def test_nothing_in_common_is_compared_as_nothing() -> None:
    found = compare_outcomes([outcome(1, 1.0)], [outcome(2, 1.0)])
    assert (found.cases, found.changes) == (0, ())


def test_with_many_metrics_the_smallest_p_must_be_smaller() -> None:
    changes = [Change(f"m{n}", 0.5, 0.4, p, 0.1) for n, p in enumerate([0.02, 0.03, 0.04, 0.5])]
    assert significant(changes) == []
    assert significant([*changes, Change("m4", 0.5, 0.4, 0.001, 0.1)])[0].metric == "m4"


def test_more_risk_is_worse() -> None:
    risen = Change("risk_coverage_area", 0.2, 0.4, 0.001, 0.1)
    fallen = Change("risk_coverage_area", 0.4, 0.2, 0.001, 0.1)
    assert (significant([risen]), significant([fallen])) == ([risen], [])
