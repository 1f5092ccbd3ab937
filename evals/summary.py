"""From results to a report: metrics over all cases, over slices, and bootstrap intervals.

A case that could not be judged (an error, stale evidence) scores worst in every measure that
applies to it, and is never left out: 0 in the case metrics; an answerable one counts as declined
wrongly with the lowest confidence, an unanswerable one as answered with the highest. Only latency
is over answers alone, since a quick failure must not look like a quick answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.metrics.abstention import abstention_auroc, abstention_precision, abstention_recall
from evals.metrics.latency import percentile_ms
from evals.results import ACROSS_METRICS, CASE_METRICS, Metrics, Result, RunReport
from evals.statistics import bootstrap_intervals

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Table:
    """The results as columns of equal length; NaN marks what does not apply to a case."""

    scores: dict[str, Floats]
    unanswerable: Flags
    declined: Flags
    confidence: Floats
    seconds: Floats

    @property
    def across(self) -> tuple[str, ...]:
        """The measures for questions across documents, if there are such cases."""
        return tuple(name for name in ACROSS_METRICS if not np.isnan(self.scores[name]).all())

    def metrics(self, rows: Rows) -> dict[str, float | None]:
        """Return all metrics over some rows, each row as often as it is named."""
        unanswerable, declined = self.unanswerable[rows], self.declined[rows]
        seconds = _present(self.seconds[rows])
        across = {name: _mean(self.scores[name][rows]) for name in self.across}
        return (
            {name: _mean(self.scores[name][rows]) for name in CASE_METRICS}
            | across
            | {
                "abstention_precision": abstention_precision(unanswerable, declined),
                "abstention_recall": abstention_recall(unanswerable, declined),
                "abstention_auroc": abstention_auroc(unanswerable, self.confidence[rows]),
                "latency_p50_ms": percentile_ms(seconds, 50),
                "latency_p95_ms": percentile_ms(seconds, 95),
            }
        )


def summarise(suite: str, results: Sequence[Result]) -> RunReport:
    """Return the report of a suite's results (at least one)."""
    table = _table(results)
    rows = np.arange(len(results))
    return RunReport(
        suite=suite,
        results=tuple(results),
        metrics=table.metrics(rows),
        intervals=bootstrap_intervals(table.metrics, [_cluster(one) for one in results]),
        slices=_slices(table, results),
    )


def _slices(table: Table, results: Sequence[Result]) -> dict[str, Metrics]:
    slices: dict[str, Metrics] = {}
    for tag in sorted({tag for result in results for tag in result.case.tags}):
        rows = np.array([i for i, result in enumerate(results) if tag in result.case.tags])
        slices[tag] = {"cases": len(rows), **table.metrics(rows)}
    return slices


def _cluster(result: Result) -> str:
    """Return what a case shares its luck with: the document of its first evidence, or nothing."""
    if result.case.evidence:
        return f"document {result.case.evidence[0].document}"
    return f"case {result.case.id}"


def _table(results: Sequence[Result]) -> Table:
    return Table(
        scores={
            name: np.array([result.scores.get(name, math.nan) for result in results])
            for name in CASE_METRICS + ACROSS_METRICS
        },
        unanswerable=np.array([result.case.unanswerable for result in results]),
        declined=np.array([_declined(result) for result in results]),
        confidence=np.array([_confidence(result) for result in results]),
        seconds=np.array([result.seconds if result.answer else math.nan for result in results]),
    )


def _declined(result: Result) -> bool:
    return result.answer["abstained"] if result.answer else not result.case.unanswerable


def _confidence(result: Result) -> float:
    if result.answer:
        return result.answer["confidence"]
    return math.inf if result.case.unanswerable else -math.inf


def _mean(scores: Floats) -> float | None:
    present = _present(scores)
    return float(present.mean()) if present.size else None


def _present(values: Floats) -> Floats:
    return values[~np.isnan(values)]
