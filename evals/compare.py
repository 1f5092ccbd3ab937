"""Sets two reports side by side: each metric's two values, their difference, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import UsageError
from evals.judge_pin import comparable
from evals.outcomes import Outcome
from evals.paired import Change, Comparison, compare_outcomes
from evals.report_json import SavedRun, read_runs
from evals.results import Pin, metrics_of
from evals.tables import UNDEFINED, number, table

_NAMED = 10


def compare(one: Path, other: Path) -> str:
    """Return the comparison of each suite that both reports hold. Raises UsageError for none."""
    before, after = read_runs(one), read_runs(other)
    shared = [suite for suite in before if suite in after]
    if not shared:
        raise UsageError(
            f"{one} ({', '.join(before)}) and {other} ({', '.join(after)}) share no suite: "
            "compare two runs of one suite"
        )
    return "\n\n".join(_compared(before[suite], after[suite]) for suite in shared)


def compare_runs(before: SavedRun, after: Sequence[Outcome], judge: Pin | None) -> Comparison:
    """Compare a saved run with the outcomes of a later one, which had ``judge``."""
    both = comparable(before.outcomes, before.judge, after, judge)
    return replace(compare_outcomes(both.before, both.after), remark=both.remark)


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Say which cases turned, and which could not be compared."""
    yield (
        f"{comparison.cases} cases compared: {len(comparison.lost)} lost, {len(comparison.won)} won"
    )
    for label, cases in (
        ("lost", comparison.lost),
        ("won", comparison.won),
        ("only in the earlier run", comparison.missing),
        ("new or rewritten", comparison.added),
    ):
        if cases:
            more = f" and {len(cases) - _NAMED} more" if len(cases) > _NAMED else ""
            yield f"  {label}: {', '.join(cases[:_NAMED])}{more}"
    if comparison.remark:
        yield f"  {comparison.remark}"


def change_cells(change: Change | None) -> list[str]:
    """Return a change as cells: the difference, p, and the smallest effect that shows."""
    if change is None:
        return [UNDEFINED] * 3
    return [
        signed(change.metric, change.difference),
        UNDEFINED if change.p is None else f"{change.p:.3f}",
        UNDEFINED if change.smallest is None else f"{change.smallest:.3f}",
    ]


def signed(name: str, difference: float | None) -> str:
    """Return a difference with its sign."""
    if difference is None:
        return UNDEFINED
    return f"{difference:+.1f}" if name.endswith("_ms") else f"{difference:+.3f}"


def _compared(before: SavedRun, after: SavedRun) -> str:
    if before.outcomes and after.outcomes:
        comparison = compare_runs(before, after.outcomes, after.judge)
        return "\n".join([_by_case(before.suite, comparison), "", *comparison_lines(comparison)])
    return _by_metric(before, after)


def _by_case(suite: str, comparison: Comparison) -> str:
    rows = [[suite, "A", "B", "B - A", "p", "would show"]]
    for change in comparison.changes:
        if change.before is None and change.after is None:
            continue
        name = change.metric
        values = [number(name, change.before), number(name, change.after)]
        rows.append([name, *values, *change_cells(change)])
    return table(rows)


def _by_metric(before: SavedRun, after: SavedRun) -> str:
    rows = [[before.suite, "A", "B", "B - A"]]
    for name in metrics_of(before.metrics, after.metrics):
        a, b = before.metrics.get(name), after.metrics.get(name)
        gap = None if a is None or b is None else b - a
        rows.append([name, number(name, a), number(name, b), signed(name, gap)])
    return table(rows)
