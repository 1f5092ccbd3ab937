"""Runs as one HTML page that needs nothing else: plots, slices, and every case to open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from evals.gates import Judged
from evals.history import PastRun
from evals.html_case import case_block
from evals.html_parts import finder_html, table_html
from evals.html_plots import MAIN, plots
from evals.judge_pin import judged_line
from evals.outcomes import outcome_of
from evals.report import headline, metric_table, slice_table
from evals.results import RunReport
from evals.tables import number

# No address but the page's own: the report of a private corpus must not tell anyone of itself.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def html_report(judged: Sequence[Judged], history: Mapping[str, Sequence[PastRun]]) -> str:
    """Return the page; ``history`` holds the earlier runs of each suite, the oldest first."""
    suites = "".join(_suite(one, history.get(one.report.suite, ())) for one in judged)
    names = ", ".join(one.report.suite for one in judged)
    now = datetime.now().astimezone()
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>Evaluation: {escape(names)}</title><style>{_asset('report.css')}</style></head>"
        f'<body><main><h1>Evaluation</h1><p class="quiet">{now:%d %B %Y, %H:%M}</p>{suites}</main>'
        f"<script>{_asset('report.js')}</script></body></html>\n"
    )


def _suite(judged: Judged, history: Sequence[PastRun]) -> str:
    report = judged.report
    outcomes = [outcome_of(one) for one in report.results]
    parts = [
        f"<h2>{escape(report.suite)}</h2>",
        f'<p class="quiet">{escape(headline(report).split(": ", 1)[1])}</p>',
        _verdict(judged),
        _cards(judged),
        f'<div class="plots">{plots(outcomes, history)}</div>',
        "<h3>Metrics</h3>",
        table_html(metric_table(judged)),
    ]
    if report.judged_by:
        parts.append(f'<p class="quiet">{escape(judged_line(report.judged_by))}</p>')
    if report.slices:
        parts += ["<h3>Slices</h3>", table_html(slice_table(report))]
    return f'<section class="suite">{"".join(parts)}<h3>Cases</h3>{_cases(report)}</section>'


def _verdict(judged: Judged) -> str:
    verdict = judged.verdict
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in verdict.reasons)
    kind, word = ("", "passed") if verdict.passed else (" failed", "failed")
    listed = f"<ul>{reasons}</ul>" if reasons else ""
    return f'<div class="verdict{kind}">Gate <b>{word}</b>{listed}</div>'


def _cards(judged: Judged) -> str:
    return f'<div class="cards">{"".join(_card(judged, name) for name in MAIN)}</div>'


def _card(judged: Judged, name: str) -> str:
    report = judged.report
    low, high = report.intervals.get(name, (None, None))
    interval = (
        f"<small>{number(name, low)} to {number(name, high)}</small>" if high is not None else ""
    )
    value = f"<b>{number(name, report.metrics.get(name))}</b>"
    return f'<div class="card"><span>{name}</span>{value}{_change(judged, name)}{interval}</div>'


def _change(judged: Judged, name: str) -> str:
    changes = judged.comparison.changes if judged.comparison else ()
    for change in changes:
        if change.metric == name and change.difference:
            kind = "down" if change.worse else "up"
            p = "" if change.p is None else f", p = {change.p:.3f}"
            return f'<small class="{kind}">{change.difference:+.3f}{p}</small>'
    return ""


def _cases(report: RunReport) -> str:
    stages = Counter(one.stage for one in report.failed if one.stage)
    return finder_html(stages, passed=True) + "".join(case_block(one) for one in report.results)


def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text("utf-8")
