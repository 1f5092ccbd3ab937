"""What a part of the speed benchmark is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from assistant.home import Home
from evals.tables import table


@dataclass(frozen=True, slots=True)
class Measure:
    """A thing that is measured: how people call it, its unit, and what it should reach, if set.

    The value should be at most ``target``, or at least, where ``more`` is better.
    """

    label: str
    unit: str
    target: float | None = None
    more: bool = False

    def reached(self, value: float) -> bool:
        """Tell whether a value is as good as the target."""
        if self.target is None:
            return True
        return value >= self.target if self.more else value <= self.target


@dataclass(frozen=True, slots=True)
class Setup:
    """``home`` is never changed; ``full`` asks for the sizes that the targets are meant for, and
    ``passages`` for one size of the part search; ``say`` hears what is being measured."""

    home: Home
    full: bool
    say: Callable[[str], None] = lambda step: None
    passages: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one part measured, by the names of ``measures``; names end in their units.

    ``baselines`` are values of the same measures, taken in the same run, of what one would do
    without this program. ``about`` is a line on what was measured, ``shown`` a table of its own in
    place of the usual one.
    """

    measures: Mapping[str, Measure]
    metrics: Mapping[str, float]
    about: str
    baselines: Mapping[str, float] = field(default_factory=dict)
    shown: str = ""


class SpeedJson(TypedDict):
    """What ``evals bench speed --json`` writes. Metrics named in ``at_least`` are meant to be
    high, all others low."""

    bench: str
    machine: dict[str, str | float]
    full: bool
    parts: list[str]
    about: dict[str, str]
    metrics: dict[str, float]
    targets: dict[str, float]
    at_least: list[str]
    baselines: dict[str, float]


def speed_json(
    machine: dict[str, str | float], parts: Mapping[str, Part], *, full: bool
) -> SpeedJson:
    """Put the parts together."""
    measures = {name: one for part in parts.values() for name, one in part.measures.items()}
    return {
        "bench": "speed",
        "machine": machine,
        "full": full,
        "parts": list(parts),
        "about": {name: part.about for name, part in parts.items()},
        "metrics": _rounded(part.metrics for part in parts.values()),
        "targets": {name: one.target for name, one in measures.items() if one.target is not None},
        "at_least": [name for name, one in measures.items() if one.more],
        "baselines": _rounded(part.baselines for part in parts.values()),
    }


def part_table(part: Part) -> str:
    """Return what a part measured next to its targets and its baseline, below a line about it and
    what the part shows of itself."""
    rows = [["measured", "value", "target", "", "baseline"]]
    for name, measure in part.measures.items():
        if name not in part.metrics:
            continue
        value = part.metrics[name]
        judged = "ok" if measure.reached(value) else "missed"
        baseline = part.baselines.get(name)
        rows.append(
            [
                measure.label,
                _amount(value, measure),
                _target(measure),
                "" if measure.target is None else judged,
                "" if baseline is None else _amount(baseline, measure),
            ]
        )
    if not part.baselines:
        rows = [row[:4] for row in rows]
    parts = (part.about, part.shown, table(rows) if len(rows) > 1 else "")
    return "\n\n".join(one for one in parts if one)


def _rounded(values: Iterable[Mapping[str, float]]) -> dict[str, float]:
    return {name: round(value, 4) for some in values for name, value in some.items()}


def _amount(value: float, measure: Measure) -> str:
    digits = {"s": 2, "ms": 1, "": 3}.get(measure.unit, 0)
    return f"{value:.{digits}f} {measure.unit}".rstrip()


def _target(measure: Measure) -> str:
    if measure.target is None:
        return ""
    words = "at least" if measure.more else "at most"
    return f"{words} {measure.target:g} {measure.unit}".rstrip()
