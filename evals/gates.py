"""The gate: thresholds and a baseline per suite, and the reasons for which a run does not pass."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import BadSettings
from evals.paired import LEVEL, Comparison, significant
from evals.results import METRICS, OPTIONAL_METRICS, RunReport, Verdict

GATES = Path(__file__).parent / "gates.toml"


@dataclass(frozen=True, slots=True)
class Gate:
    """What one suite must reach: a number of cases, bounds on metrics, no loss from a baseline.

    ``baseline`` is the file of the run to compare with; ``level`` how often chance alone may be
    taken for a regression.
    """

    cases: int = 0
    minimum: Mapping[str, float] = field(default_factory=dict)
    maximum: Mapping[str, float] = field(default_factory=dict)
    baseline: Path | None = None
    level: float = LEVEL


@dataclass(frozen=True, slots=True)
class Judged:
    """A run, what the gate says of it, and how it stands to its baseline, if it has one."""

    report: RunReport
    verdict: Verdict
    comparison: Comparison | None = None


def load_gates(path: Path = GATES) -> dict[str, Gate]:
    """Read the gates of all suites. Raises BadSettings for whatever is not a threshold."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadSettings(f"cannot read {path} ({error.strerror}): restore the file") from None
    except ValueError as error:
        raise BadSettings(f"{path} is not valid TOML ({error}): correct it") from None
    return {
        suite: _gate(table, f"{path}, [{suite}]", path.parent) for suite, table in tables.items()
    }


def judge(
    report: RunReport,
    gate: Gate | None,
    comparison: Comparison | None = None,
    *,
    insist: bool = False,
) -> Verdict:
    """Hold a run against its gate, and against its baseline where it was compared with one.

    A suite without a gate fails on errors and stale evidence alone, unless one ``insist``s.
    """
    reasons = list(_reasons(report, gate or Gate()))
    if comparison:
        reasons += _losses(comparison, (gate or Gate()).level)
    if insist and gate is None:
        reasons.append(
            f"The suite {report.suite} has no thresholds; add a [{report.suite}] table to {GATES}."
        )
    return Verdict(tuple(reasons))


def _reasons(report: RunReport, gate: Gate) -> Iterator[str]:
    if report.errors:
        yield f"{_cases(report.errors)} ended in an error; none may."
    if report.stale:
        yield f"{_cases(report.stale)} quoted what the corpus does not say; none may."
    if len(report.results) < gate.cases:
        yield f"The suite has {_cases(len(report.results))}; it needs at least {gate.cases}."
    for name, bound in gate.minimum.items():
        if (value := report.metrics.get(name)) is None or value < bound:
            yield f"{name} {_found(value)}; it must be at least {bound:g}."
    for name, bound in gate.maximum.items():
        # The first answers of a process are its slowest, and cached ones leave only those.
        if report.cached and name.endswith("_ms"):
            continue
        if (value := report.metrics.get(name)) is None or value > bound:
            yield f"{name} {_found(value)}; it must be at most {bound:g}."


def _losses(comparison: Comparison, level: float) -> Iterator[str]:
    if comparison.missing:
        yield (
            f"{_cases(len(comparison.missing))} of the baseline did not run "
            f"({', '.join(comparison.missing[:3])}{', ...' if comparison.missing[3:] else ''}); "
            "bring them back, or write the baseline again."
        )
    for change in significant(comparison.changes, level):
        yield (
            f"{change.metric} went from {change.before:.4g} to {change.after:.4g} on the same "
            f"{_cases(comparison.cases)}, which chance does not explain (p = {change.p:.3f})."
        )


def _found(value: float | None) -> str:
    return "could not be measured" if value is None else f"is {value:.4g}"


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"


def _gate(table: Any, where: str, folder: Path) -> Gate:
    if not isinstance(table, dict):
        raise BadSettings(f"{where} must be a table: write its thresholds below [{where}]")
    for key in table.keys() - {"cases", "min", "max", "baseline", "level"}:
        raise BadSettings(f"{where}: unknown key {key}; use cases, min, max, baseline or level")
    cases = table.get("cases", 0)
    if not isinstance(cases, int) or isinstance(cases, bool) or cases < 0:
        raise BadSettings(f"{where}: cases must be a whole number from 0 up")
    return Gate(
        cases,
        _bounds(table, "min", where),
        _bounds(table, "max", where),
        _baseline(table, where, folder),
        _level(table, where),
    )


def _baseline(table: Mapping[str, Any], where: str, folder: Path) -> Path | None:
    name = table.get("baseline")
    if name is not None and not (isinstance(name, str) and name):
        raise BadSettings(f"{where}: baseline must be the path of a file, from {folder}")
    return folder / name if name else None


def _level(table: Mapping[str, Any], where: str) -> float:
    level = table.get("level", LEVEL)
    if not isinstance(level, float) or not 0 < level < 1:
        raise BadSettings(f"{where}: level must be a number between 0 and 1, such as {LEVEL}")
    return level


def _bounds(table: Mapping[str, Any], key: str, where: str) -> dict[str, float]:
    bounds = table.get(key, {})
    if not isinstance(bounds, dict):
        raise BadSettings(f"{where}: {key} must be a table of metrics and numbers")
    for name, bound in bounds.items():
        if name not in METRICS + OPTIONAL_METRICS:
            raise BadSettings(f"{where}: unknown metric {name}; use one of {', '.join(METRICS)}")
        if not isinstance(bound, int | float) or isinstance(bound, bool):
            raise BadSettings(f"{where}: the {key} of {name} must be a number")
    return {name: float(bound) for name, bound in bounds.items()}
