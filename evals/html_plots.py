"""The plots of a report: runs over time, risk and coverage, reliability, latency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from assistant.web.wording import number, say
from evals import plots as draw
from evals.history import PastRun
from evals.html_parts import moment
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
    title = say("evals.plots.latency")
    yield _figure(title, "", draw.histogram(title, seconds, "ms"))


def over_runs(history: Sequence[PastRun]) -> str:
    """Return the figure of the main metrics over earlier runs, the oldest first."""
    series = {name: [run.metrics.get(name) for run in history] for name in MAIN}
    labels = [moment(run.when, "evals.when_short") for run in history]
    title = say("evals.plots.over_runs")
    about = say("evals.plots.runs", n=len(history))
    return _figure(title, about, draw.lines(title, labels, series))


def _risk(answered: Sequence[Outcome], cases: int) -> str:
    wrong = np.array([one.stage is not None for one in answered])
    confidence = np.array([one.confidence for one in answered], dtype=float)
    points = risk_coverage(wrong, confidence, cases)
    area = risk_coverage_area(wrong, confidence)
    about = say("evals.plots.risk_about", area=number(area or 0.0, 3))
    title = say("evals.plots.risk")
    axes = say("evals.plots.coverage"), say("evals.plots.wrong")
    return _figure(title, about, draw.curve(title, points, *axes, about))


def _reliability(outcomes: Sequence[Outcome]) -> str:
    judged = [
        (one.confidence, not one.unanswerable) for one in outcomes if one.confidence is not None
    ]
    bins = []
    for place in range(_BINS):
        inside = [
            (confidence, so)
            for confidence, so in judged
            if min(_BINS - 1, int(confidence * _BINS)) == place
        ]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            share = sum(so for _, so in inside) / len(inside)
            bins.append((mean, share, len(inside)))
    title, about = say("evals.plots.reliability"), say("evals.plots.reliability_about")
    return _figure(title, about, draw.reliability(title, bins, about))


def _figure(title: str, about: str, drawn: str) -> str:
    small = f"<small>{escape(about)}</small>" if about else ""
    return f"<figure><figcaption>{escape(title)}{small}</figcaption>{drawn}</figure>"
