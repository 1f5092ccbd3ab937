"""From results to a report: metrics over all cases, over slices, and bootstrap intervals.

A case that could not be judged (an error, stale evidence) scores worst in every measure that
applies to it, and is never left out: 0 in the case metrics; an answerable one counts as declined
wrongly with the lowest confidence, an unanswerable one as answered with the highest. Only latency
is over answers alone, since a quick failure must not look like a quick answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.outcomes import Columns, columns_of, outcome_of
from evals.results import JudgedBy, Metrics, Result, RunReport
from evals.statistics import bootstrap_intervals


def summarise(
    suite: str, results: Sequence[Result], judged_by: JudgedBy | None = None
) -> RunReport:
    """Return the report of a suite's results (at least one)."""
    outcomes = [outcome_of(result) for result in results]
    columns = columns_of(outcomes)
    return RunReport(
        suite=suite,
        results=tuple(results),
        metrics=columns.metrics(np.arange(len(results))),
        intervals=bootstrap_intervals(columns.metrics, [one.cluster for one in outcomes]),
        slices=_slices(columns, results),
        judged_by=judged_by,
    )


def _slices(columns: Columns, results: Sequence[Result]) -> dict[str, Metrics]:
    slices: dict[str, Metrics] = {}
    for tag in sorted({tag for result in results for tag in result.case.tags}):
        rows = np.array([i for i, result in enumerate(results) if tag in result.case.tags])
        slices[tag] = {"cases": len(rows), **columns.metrics(rows)}
    return slices
