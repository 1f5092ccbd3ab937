"""The Evals tab as HTML: the last run, the runs before it, what changed, and what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from assistant.durations import duration
from evals.compare import change_cells
from evals.history import PastRun
from evals.html import finder_html, table_html
from evals.html_case import case_block
from evals.html_plots import MAIN, plots
from evals.outcomes import Outcome
from evals.paired import Comparison
from evals.results import LOWER_IS_BETTER, Result
from evals.tab_run import Progress
from evals.tables import number

_ROWS = 12
_SHOWN = 200
_WORDS = {
    "hit@5": "Found in the first five",
    "mrr@10": "Rank of what was found",
    "answer_contains": "Answer quoted",
    "citation_recall": "Evidence quoted",
    "abstention_auroc": "Knows when to decline",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the tab shows. ``pair`` are the places in ``history`` of the runs that are compared."""

    suites: tuple[str, ...]
    suite: str
    history: tuple[PastRun, ...]
    outcomes: tuple[Outcome, ...]
    failed: tuple[Result, ...]
    reasons: tuple[str, ...]
    pair: tuple[int, int] | None
    progress: Progress


def tab_html(shown: Shown, compared: Comparison | None, inbox: str) -> str:
    """Return the tab; ``inbox`` is HTML, and stands above the long list of what failed."""
    return _bar(shown) + "".join(_before(shown, compared)) + inbox + _failing(shown)


def progress_html(now: Progress) -> str:
    """Return how far a run is, or how the last one ended."""
    if not now.running:
        said = f'<p role="alert">{escape(now.said)}</p>' if now.said else ""
        return f'<div class="run" data-ended>{said}</div>'
    left = now.seconds / now.done * (now.total - now.done) if now.done else 0.0
    time = f", about {duration(left)} left" if left >= 1 else ""
    return (
        f'<div class="run" data-running><progress max="{now.total}" value="{now.done}" '
        f'aria-label="Cases asked of {escape(now.suite)}"></progress>'
        f"<p>{now.done:,} of {now.total:,} cases, {now.failed:,} failed{time}</p>"
        '<button type="button" data-act="stop">Stop</button></div>'
    )


def _before(shown: Shown, compared: Comparison | None) -> Iterator[str]:
    if not shown.suites:
        yield (
            '<p class="none">No suite is meant for this home yet. A suite is a file of questions '
            "whose answers are known, one JSON object a line: put one into the folder "
            "<code>suites</code> of this home.</p>"
        )
        return
    if not shown.history:
        yield '<p class="none">This suite was not run here yet.</p>'
        return
    yield _headline(shown)
    yield f'<div class="cards">{"".join(_card(shown, name) for name in MAIN)}</div>'
    yield f'<div class="plots">{plots(shown.outcomes, shown.history)}</div>'
    yield _runs(shown)
    if shown.pair:
        yield _difference(shown, compared)


def _bar(shown: Shown) -> str:
    options = "".join(
        f"<option{' selected' if name == shown.suite else ''}>{escape(name)}</option>"
        for name in shown.suites
    )
    off = "" if shown.suites else " disabled"
    return (
        f'<h2 class="vh">Evals</h2><div class="bar"><label>Suite <select data-suite{off}>{options}'
        f'</select></label><button type="button" class="main" data-act="run"{off}>Run the suite'
        f"</button>{progress_html(shown.progress)}</div>"
    )


def _headline(shown: Shown) -> str:
    last = shown.history[-1]
    word = "passed" if last.passed else "failed"
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in shown.reasons)
    listed = f"<ul>{reasons}</ul>" if reasons and not last.passed else ""
    return (
        f'<div class="verdict {word}">Gate <b>{word}</b> · {last.failed:,} of {last.cases:,} cases '
        f"failed · {_when(last)}{listed}</div>"
    )


def _card(shown: Shown, name: str) -> str:
    value = shown.history[-1].metrics.get(name)
    before = shown.history[-2].metrics.get(name) if len(shown.history) > 1 else None
    change = ""
    if value is not None and before is not None and round(value - before, 3):
        better = (value > before) != (name in LOWER_IS_BETTER)
        word = "better" if better else "worse"
        change = f' <small class="{word}">{value - before:+.3f} {word}</small>'
    return (
        f'<div class="tile"><span>{_WORDS[name]}</span><b>{number(name, value)}</b>{change}'
        f"<small>{name}</small></div>"
    )


def _runs(shown: Shown) -> str:
    rows = [["Run", "Cases", "Failed", "Gate", *MAIN]]
    for run in reversed(shown.history[-_ROWS:]):
        gate = "passed" if run.passed else "failed"
        values = [number(name, run.metrics.get(name)) for name in MAIN]
        rows.append([_when(run), f"{run.cases:,}", f"{run.failed:,}", gate, *values])
    return f"<section><h3>Last runs</h3>{table_html(rows)}</section>"


def _difference(shown: Shown, compared: Comparison | None) -> str:
    a, b = shown.pair or (0, 0)
    choices = "".join(_choice(shown, name, place) for name, place in (("a", a), ("b", b)))
    return (
        f"<section><h3>Differences between two runs</h3><div class='pair'>{choices}</div>"
        f"{_compared(compared)}</section>"
    )


def _choice(shown: Shown, name: str, chosen: int) -> str:
    first = max(0, len(shown.history) - _ROWS)
    options = "".join(
        f'<option value="{place}"{" selected" if place == chosen else ""}>'
        f"{_when(shown.history[place])}</option>"
        for place in range(len(shown.history) - 1, first - 1, -1)
    )
    label = "Earlier run" if name == "a" else "Later run"
    return f'<label>{label} <select data-pair="{name}">{options}</select></label>'


def _compared(compared: Comparison | None) -> str:
    if compared is None:
        return (
            '<p class="quiet">The cases of one of these runs are not kept any more: choose '
            "others, or run the suite again.</p>"
        )
    rows = [["Metric", "earlier", "later", "change", "p", "would show"]]
    for one in compared.changes:
        values = [number(one.metric, one.before), number(one.metric, one.after)]
        if one.difference:
            rows.append([one.metric, *values, *change_cells(one)])
    table = table_html(rows) if len(rows) > 1 else ""
    same = "" if table else "No metric changed. "
    return (
        f'<p class="quiet">{same}{compared.cases:,} cases compared: {len(compared.lost)} lost, '
        f"{len(compared.won)} won.</p>{table}"
        f"{_turned('Lost', compared.lost)}{_turned('Won', compared.won)}"
    )


def _turned(label: str, cases: Sequence[str]) -> str:
    if not cases:
        return ""
    return f'<p class="turned"><b>{label}</b> {escape(", ".join(cases))}</p>'


def _failing(shown: Shown) -> str:
    if not shown.history:
        return ""
    if not shown.outcomes:
        return (
            '<section><h3>Failing cases</h3><p class="quiet">The cases of this run were not kept: '
            "run the suite again.</p></section>"
        )
    stages = Counter(str(one.stage) for one in shown.failed)
    cases = "".join(case_block(one) for one in shown.failed[:_SHOWN])
    finder = finder_html(stages) if shown.failed else ""
    none = "" if shown.failed else '<p class="quiet">None.</p>'
    return f'<section class="failing"><h3>Failing cases</h3>{finder}{none}{cases}</section>'


def _when(run: PastRun) -> str:
    return f"{run.when.astimezone():%d %b %Y, %H:%M}"
