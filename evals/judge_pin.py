"""Which judge a run had. Runs of two judges cannot be compared in what the judges say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from evals.outcomes import Outcome
from evals.results import JUDGE_METRICS, JudgedBy, Pin


@dataclass(frozen=True, slots=True)
class Comparable:
    """The outcomes of two runs as they can be compared, and what cannot be, in a sentence."""

    before: tuple[Outcome, ...]
    after: tuple[Outcome, ...]
    remark: str = ""


def comparable(
    before: Iterable[Outcome], was: Pin | None, after: Iterable[Outcome], now: Pin | None
) -> Comparable:
    """Leave a judge's opinions out of two runs unless both have them of the very same judge."""
    earlier, later = tuple(before), tuple(after)
    if was == now:
        return Comparable(earlier, later)
    remark = ""
    if was is not None and now is not None:
        remark = (
            f"the judge changed ({_named(was)} before, {_named(now)} now), so its opinions are "
            "not compared"
        )
    return Comparable(_unjudged(earlier), _unjudged(later), remark)


def judged_line(part: JudgedBy) -> str:
    """Say in one line who judged, and how often it did not."""
    line = f"judged by {_named(part.pin)}: {part.asked} opinions asked"
    return f"{line}, {part.silent} not given ({part.reason})" if part.silent else line


def _named(pin: Pin) -> str:
    return f"{pin.model}, prompt {pin.prompt}"


def _unjudged(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    return tuple(
        replace(one, scores={n: x for n, x in one.scores.items() if n not in JUDGE_METRICS})
        for one in outcomes
    )
