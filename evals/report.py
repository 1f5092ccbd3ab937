"""A run as text for the terminal: metrics with intervals, slices, failed cases, the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evals.compare import change_cells, comparison_lines
from evals.gates import Judged
from evals.judge_pin import judged_line
from evals.results import Result, RunReport, Verdict, metrics_of
from evals.tables import number, table

# The metrics that a slice shows; the rest would not fit a terminal, and stand in the JSON.
SLICE_METRICS = ("hit@5", "mrr@10", "answer_contains", "citation_recall", "abstention_recall")
SOME_SLICES = ("all_evidence@10", "plain_all_evidence@10", "alone_hit@5", "alone_mrr@10")


def slice_metrics(report: RunReport) -> list[str]:
    """Return the metrics that a slice shows."""
    return [*SLICE_METRICS, *(name for name in SOME_SLICES if name in report.metrics)]


def terminal_report(judged: Judged) -> str:
    """Return the whole report, without a line end."""
    return "\n\n".join(_blocks(judged))


def headline(report: RunReport) -> str:
    """Return one line: how many cases, how many failed, errors and stale among them, and how many
    answers are those of an earlier run."""
    cached = f", {report.cached} cached" if report.cached else ""
    return (
        f"{report.suite}: {counted(len(report.results), 'case')}, {len(report.failed)} failed "
        f"({counted(report.errors, 'error')}, {report.stale} stale){cached}"
    )


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 case", "2 cases"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def verdict_lines(verdict: Verdict) -> list[str]:
    """Return the verdict and its reasons, a line each."""
    return ["gate: " + ("passed" if verdict.passed else "failed"), *map(_item, verdict.reasons)]


def metric_table(judged: Judged) -> list[list[str]]:
    """Return the metrics as cells, a head first; with what changed where there is a baseline."""
    report, comparison = judged.report, judged.comparison
    changes = {one.metric: one for one in comparison.changes} if comparison else {}
    head = ["metric", "value", "95% interval"]
    rows = [[*head, "change", "p", "would show"] if comparison else head]
    for name in metrics_of(report.metrics):
        low, high = report.intervals.get(name, (None, None))
        interval = f"{number(name, low)} to {number(name, high)}" if low is not None else ""
        cells = change_cells(changes.get(name)) if comparison else []
        rows.append([name, number(name, report.metrics[name]), interval, *cells])
    return rows


def slice_table(report: RunReport) -> list[list[str]]:
    """Return the slices as cells, a head first: a tag, its cases, and the metrics a slice shows."""
    columns = slice_metrics(report)
    rows = [["tag", "cases", *columns]]
    for tag, metrics in report.slices.items():
        shown = [number(name, metrics.get(name)) for name in columns]
        rows.append([tag, f"{metrics['cases']:g}", *shown])
    return rows


def _blocks(judged: Judged) -> Iterator[str]:
    report, verdict = judged.report, judged.verdict
    yield headline(report)
    yield table(metric_table(judged))
    if report.judged_by:
        yield judged_line(report.judged_by)
    if judged.comparison:
        yield "\n".join(comparison_lines(judged.comparison))
    if report.slices:
        yield table(slice_table(report))
    if report.failed:
        yield "\n".join(_failures(report))
    yield "\n".join(verdict_lines(verdict))


def _failures(report: RunReport) -> Iterator[str]:
    stages = Counter(result.stage for result in report.failed)
    counts = ", ".join(f"{count} {stage}" for stage, count in stages.most_common())
    yield f"failed: {counts}"
    yield from map(_failure, report.failed)


def _failure(result: Result) -> str:
    detail = result.error or result.case.question
    return _item(f"{result.case.id} [{result.stage}] {detail}")


def _item(text: str) -> str:
    return f"  - {text}"
