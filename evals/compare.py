"""Sets two reports side by side: each metric's two values and their difference."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from evals.files import read_json
from evals.results import metrics_of
from evals.tables import UNDEFINED, number, table


def compare(one: Path, other: Path) -> str:
    """Return a table for each suite that both JSON reports hold. Raises UsageError for none."""
    before, after = _metrics_by_suite(one), _metrics_by_suite(other)
    shared = [suite for suite in before if suite in after]
    if not shared:
        raise UsageError(
            f"{one} ({', '.join(before)}) and {other} ({', '.join(after)}) share no suite: "
            "compare two runs of one suite"
        )
    return "\n\n".join(_comparison(suite, before[suite], after[suite]) for suite in shared)


def _comparison(suite: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    rows = [[suite, "A", "B", "B - A"]]
    for name in metrics_of(before, after):
        a, b = before.get(name), after.get(name)
        rows.append([name, number(name, a), number(name, b), _difference(name, a, b)])
    return table(rows)


def _difference(name: str, a: float | None, b: float | None) -> str:
    if a is None or b is None:
        return UNDEFINED
    return f"{b - a:+.1f}" if name.endswith("_ms") else f"{b - a:+.3f}"


def _metrics_by_suite(path: Path) -> dict[str, Mapping[str, Any]]:
    value = read_json(path)
    runs = value if isinstance(value, list) else [value]
    if not runs or not all(_is_run(run) for run in runs):
        raise UsageError(f"{path} is not a report: name a file that evals run --json wrote")
    return {run["suite"]: run["metrics"] for run in runs}


def _is_run(run: object) -> bool:
    if not isinstance(run, dict) or not isinstance(run.get("suite"), str):
        return False
    metrics = run.get("metrics")
    return isinstance(metrics, dict) and all(
        value is None or isinstance(value, int | float) for value in metrics.values()
    )
