"""The runs of the past: what each came to, kept in the home's state folder.

``evals/runs.jsonl`` there has one line for each run, and ``evals/runs/`` the outcomes of the cases
of the latest (see ``kept_runs``). They are derived from nothing, so a rebuild leaves them alone;
deleting them costs the plots their past and nothing else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evals.appended import append, appended
from evals.kept_runs import keep_cases
from evals.results import Metrics, RunReport, Verdict

KEPT = 60


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run of one suite."""

    suite: str
    when: datetime
    cases: int
    failed: int
    passed: bool
    metrics: Metrics


def remember(state: Path, report: RunReport, verdict: Verdict) -> None:
    """Add a run to the past. Raises ShelfError where the folder can't be written."""
    now = datetime.now(UTC)
    when = now.replace(microsecond=now.microsecond // 1000 * 1000)
    line = {
        "suite": report.suite,
        "when": when.isoformat(timespec="milliseconds"),
        "cases": len(report.results),
        "failed": len(report.failed),
        "passed": verdict.passed,
        "metrics": {name: None if x is None else round(x, 4) for name, x in report.metrics.items()},
    }
    path = _file(state)
    append(path, line)
    keep_cases(path.parent, report, verdict, when)


def past_runs(state: Path, suite: str, last: int = KEPT) -> list[PastRun]:
    """Return the last runs of a suite, the oldest first; none where nothing was kept."""
    return [run for run in all_runs(state) if run.suite == suite][-last:]


def all_runs(state: Path) -> list[PastRun]:
    """Return the runs of all suites, the oldest first."""
    return list(_runs(_file(state)))


def _runs(path: Path) -> Iterator[PastRun]:
    for found in appended(path):
        with contextlib.suppress(ValueError, KeyError, TypeError):  # a line of another program
            yield _run(found)


def _run(found: Mapping[str, object]) -> PastRun:
    metrics = found["metrics"]
    if not isinstance(metrics, dict):
        raise TypeError
    return PastRun(
        str(found["suite"]),
        datetime.fromisoformat(str(found["when"])),
        int(str(found["cases"])),
        int(str(found["failed"])),
        bool(found["passed"]),
        {str(name): None if x is None else float(x) for name, x in metrics.items()},
    )


def _file(state: Path) -> Path:
    return state / "evals" / "runs.jsonl"
