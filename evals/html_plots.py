"""The plots of a report: runs over time, risk and coverage, reliability, latency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from evals import plots as draw
from evals.history import PastRun
from evals.metrics.risk_coverage import risk_coverage, risk_coverage_area
from evals.outcomes import Outcome

MAIN = ("hit@5", "mrr@10", "answer_contains", "citation_recall", "abstention_auroc")
"""The metrics that are shown first, and over the last runs."""
_BINS = 10


def plots(outcomes: Sequence[Outcome], history: Sequence[PastRun]) -> str:
    """Return the figures of a suite's run; ``history`` are the runs up to this one."""
    return "".join(_figures(outcomes, history))


def _figures(outcomes: Sequence[Outcome], history: Sequence[PastRun]) -> Iterator[str]:
    if len(history) > 1:
        yield over_runs(history)
    answered = [one for one in outcomes if one.confidence is not None and not one.declined]
    if answered:
        yield _risk(answered, len(outcomes))
    if any(one.confidence is not None for one in outcomes):
        yield _reliability(outcomes)
    if not outcomes:
        return
    seconds = [1000 * one.seconds for one in outcomes if one.seconds is not None]
    yield _figure("Latency", "", draw.histogram("Latency", seconds, "ms"))


def over_runs(history: Sequence[PastRun]) -> str:
    """Return the figure of the main metrics over earlier runs, the oldest first."""
    series = {name: [run.metrics.get(name) for run in history] for name in MAIN}
    labels = [run.when.strftime("%d %b %H:%M") for run in history]
    drawn = draw.lines("Metrics over runs", labels, series)
    return _figure("Metrics over runs", f"{len(history)} runs", drawn)


def _risk(answered: Sequence[Outcome], cases: int) -> str:
    wrong = np.array([one.stage is not None for one in answered])
    confidence = np.array([one.confidence for one in answered], dtype=float)
    points = risk_coverage(wrong, confidence, cases)
    area = risk_coverage_area(wrong, confidence)
    about = f"wrong answers among the surest; area {area:.3f}"
    drawn = draw.curve("Risk and coverage", points, "coverage", "risk", about)
    return _figure("Risk and coverage", about, drawn)


def _reliability(outcomes: Sequence[Outcome]) -> str:
    judged = [
        (one.confidence, not one.unanswerable) for one in outcomes if one.confidence is not None
    ]
    bins = []
    for number in range(_BINS):
        inside = [
            (confidence, so)
            for confidence, so in judged
            if min(_BINS - 1, int(confidence * _BINS)) == number
        ]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            share = sum(so for _, so in inside) / len(inside)
            bins.append((mean, share, len(inside)))
    about = "how often the corpus has the answer, by confidence; dots as large as their cases"
    return _figure("Reliability", about, draw.reliability("Reliability", bins, about))


def _figure(title: str, about: str, drawn: str) -> str:
    small = f"<small>{escape(about)}</small>" if about else ""
    return f"<figure><figcaption>{escape(title)}{small}</figcaption>{drawn}</figure>"
