from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from evals.cases import Case, Evidence
from evals.results import METRICS, Result
from evals.stages import Stage
from evals.statistics import bootstrap_intervals
from evals.summary import summarise


def result(
    name: str,
    *,
    unanswerable: bool = False,
    declined: bool | None = False,
    confidence: float = 0.5,
    seconds: float = 0.1,
    tags: tuple[str, ...] = (),
    document: str = "bridge",
    scores: Mapping[str, float] = MappingProxyType({}),
) -> Result:
    """A result; ``declined`` None stands for a case that ended in an error."""
    evidence = () if unanswerable else (Evidence(document, "q"),)
    case = Case(name, "?", ("a",), evidence, unanswerable, tags=tags)
    answer: Any = None if declined is None else {"abstained": declined, "confidence": confidence}
    stage = Stage.ERROR if answer is None else None
    return Result(case, answer, scores, stage, None, seconds)


def test_the_metrics_are_those_of_the_contract() -> None:
    assert METRICS == (
        "hit@1",
        "hit@5",
        "recall@5",
        "mrr@10",
        "map@10",
        "ndcg@10",
        "answer_em",
        "answer_f1",
        "answer_contains",
        "citation_precision",
        "citation_recall",
        "alce_precision",
        "alce_recall",
        "quote_exact",
        "abstention_precision",
        "abstention_recall",
        "abstention_auroc",
        "risk_coverage_area",
        "latency_p50_ms",
        "latency_p95_ms",
    )
    assert tuple(summarise("s", [result("a")]).metrics) == METRICS


def test_a_metric_is_the_mean_over_the_cases_it_applies_to() -> None:
    report = summarise(
        "s",
        [
            result("a", scores={"hit@1": 1.0, "quote_exact": 1.0}),
            result("b", scores={"hit@1": 0.0}),
            result("c", unanswerable=True, scores={"quote_exact": 0.0}),
        ],
    )
    assert (report.metrics["hit@1"], report.metrics["quote_exact"]) == (0.5, 0.5)
    assert report.metrics["answer_f1"] is None


def test_cases_without_an_answer_count_as_the_worst_and_have_no_latency() -> None:
    report = summarise(
        "s",
        [
            result("a", confidence=0.9, seconds=0.2),
            result("lost", declined=None, seconds=9.0),
            result("u", unanswerable=True, declined=True, confidence=0.1, seconds=0.2),
            result("lost u", unanswerable=True, declined=None, seconds=9.0),
        ],
    )
    assert report.metrics["abstention_precision"] == 1 / 2
    assert report.metrics["abstention_recall"] == 1 / 2
    # Only the pair (a, u) is in order: "lost" has the lowest confidence, "lost u" the highest.
    assert report.metrics["abstention_auroc"] == 1 / 4
    assert report.metrics["latency_p95_ms"] == pytest.approx(200)


def test_slices_go_by_tag_and_count_their_cases() -> None:
    report = summarise(
        "s",
        [
            result("a", tags=("date", "old"), scores={"hit@1": 1.0}),
            result("b", tags=("date",), scores={"hit@1": 0.0}),
            result("c"),
        ],
    )
    shown = {tag: (one["cases"], one["hit@1"]) for tag, one in report.slices.items()}
    assert shown == {"date": (2, 0.5), "old": (1, 1.0)}


def mean_of(values: list[float]) -> Any:
    return lambda rows: {"mean": float(np.array(values)[rows].mean())}


def test_an_interval_holds_the_mean_and_comes_out_the_same_each_time() -> None:
    values = [float(number % 3) for number in range(60)]
    first = bootstrap_intervals(mean_of(values), range(60))
    assert first == bootstrap_intervals(mean_of(values), range(60))
    low, high = first["mean"]
    assert low < np.mean(values) < high


def test_an_interval_is_as_wide_as_the_normal_one_for_many_independent_cases() -> None:
    values = [float(number % 2) for number in range(400)]
    low, high = bootstrap_intervals(mean_of(values), range(400))["mean"]
    # 1.96 standard errors of a share of one half among 400.
    assert (low, high) == pytest.approx((0.5 - 0.049, 0.5 + 0.049), abs=0.006)


def test_cases_of_one_document_are_drawn_together() -> None:
    values = [1.0] * 30 + [0.0] * 30
    alone = bootstrap_intervals(mean_of(values), range(60))["mean"]
    together = bootstrap_intervals(mean_of(values), ["one"] * 30 + ["other"] * 30)["mean"]
    assert together == (0.0, 1.0)
    assert 0.3 < alone[0] < alone[1] < 0.7


def test_resamples_in_which_a_metric_is_undefined_are_passed_over() -> None:
    intervals = bootstrap_intervals(
        lambda rows: {"first": 1.0 if 0 in rows else None, "never": None}, range(3)
    )
    assert intervals == {"first": (1.0, 1.0)}


def test_the_report_clusters_by_the_first_evidence_document() -> None:
    results = [result(f"a{n}", scores={"hit@1": 1.0}) for n in range(10)]
    results += [result(f"b{n}", document="mill", scores={"hit@1": 0.0}) for n in range(10)]
    assert summarise("s", results).intervals["hit@1"] == (0.0, 1.0)
