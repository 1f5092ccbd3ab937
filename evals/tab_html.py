"""The Evals tab as HTML: the last run, the runs before it, what changed, and what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from assistant.durations import duration
from assistant.web.told import told, translated
from assistant.web.wording import number, say
from evals.compare import change_cells
from evals.history import PastRun
from evals.html_case import case_block
from evals.html_parts import cell_text, finder_html, local, moment, table_html, value_text
from evals.html_plots import MAIN, plots
from evals.outcomes import Outcome
from evals.paired import Comparison
from evals.results import LOWER_IS_BETTER, Result
from evals.tab_run import Progress

_ROWS = 12
_SHOWN = 200
_TILES = dict(zip(MAIN, ("found", "rank", "quoted", "evidence", "declines"), strict=True))


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
        why = say("evals.stopped") if now.stopped else told(now.said)
        said = f'<p role="alert">{escape(why)}</p>' if why else ""
        return f'<div class="run" data-ended>{said}</div>'
    left = now.seconds / now.done * (now.total - now.done) if now.done else 0.0
    time = say("evals.left", time=local(duration(left))) if left >= 1 else ""
    counts = {"done": now.done, "total": now.total, "failed": now.failed}
    progress = say("evals.progress", **{name: number(one) for name, one in counts.items()})
    return (
        f'<div class="run" data-running><progress max="{now.total}" value="{now.done}" '
        f'aria-label="{say("evals.asked_of", suite=escape(now.suite))}"></progress>'
        f"<p>{', '.join(filter(None, (progress, time)))}</p>"
        f'<button type="button" data-act="stop">{say("evals.stop")}</button></div>'
    )


def _before(shown: Shown, compared: Comparison | None) -> Iterator[str]:
    if not shown.suites:
        yield f'<p class="none">{say("evals.no_suite", folder="<code>suites</code>")}</p>'
        return
    if not shown.history:
        yield f'<p class="none">{say("evals.not_run")}</p>'
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
        f'<h2 class="vh">{say("tabs.evals")}</h2><div class="bar"><label>{say("evals.suite")} '
        f"<select data-suite{off}>{options}</select></label>"
        f'<button type="button" class="main" data-act="run"{off}>{say("evals.run")}</button>'
        f"{progress_html(shown.progress)}</div>"
    )


def _headline(shown: Shown) -> str:
    last = shown.history[-1]
    word = "passed" if last.passed else "failed"
    reasons = "".join(f"<li>{escape(translated(reason))}</li>" for reason in shown.reasons)
    listed = f"<ul>{reasons}</ul>" if reasons and not last.passed else ""
    counts = say("evals.failed_of", failed=number(last.failed), cases=number(last.cases))
    return (
        f'<div class="verdict {word}">{say("evals.gate")} <b>{_outcome(last)}</b> · {counts} · '
        f"{moment(last.when)}{listed}</div>"
    )


def _card(shown: Shown, name: str) -> str:
    value = shown.history[-1].metrics.get(name)
    before = shown.history[-2].metrics.get(name) if len(shown.history) > 1 else None
    change = ""
    if value is not None and before is not None and round(value - before, 3):
        better = (value > before) != (name in LOWER_IS_BETTER)
        kind, word = ("better", say("evals.better")) if better else ("worse", say("evals.worse"))
        change = f' <small class="{kind}">{local(f"{value - before:+.3f}")} {word}</small>'
    return (
        f'<div class="tile"><span>{say(f"evals.tiles.{_TILES[name]}")}</span>'
        f"<b>{value_text(name, value)}</b>{change}"
        f"<small>{name}</small></div>"
    )


def _runs(shown: Shown) -> str:
    heads = ("run_at", "cases", "failed_ones", "gate")
    rows = [[*(say(f"evals.{head}") for head in heads), *MAIN]]
    for run in reversed(shown.history[-_ROWS:]):
        counts = (number(run.cases), number(run.failed))
        values = [value_text(name, run.metrics.get(name)) for name in MAIN]
        rows.append([moment(run.when), *counts, _outcome(run), *values])
    return f"<section><h3>{say('evals.last_runs')}</h3>{table_html(rows)}</section>"


def _difference(shown: Shown, compared: Comparison | None) -> str:
    a, b = shown.pair or (0, 0)
    choices = "".join(_choice(shown, name, place) for name, place in (("a", a), ("b", b)))
    return (
        f"<section><h3>{say('evals.differences')}</h3><div class='pair'>{choices}</div>"
        f"{_compared(compared)}</section>"
    )


def _choice(shown: Shown, name: str, chosen: int) -> str:
    first = max(0, len(shown.history) - _ROWS)
    options = "".join(
        f'<option value="{place}"{" selected" if place == chosen else ""}>'
        f"{moment(shown.history[place].when)}</option>"
        for place in range(len(shown.history) - 1, first - 1, -1)
    )
    label = say("evals.earlier_run" if name == "a" else "evals.later_run")
    return f'<label>{label} <select data-pair="{name}">{options}</select></label>'


def _compared(compared: Comparison | None) -> str:
    if compared is None:
        return f'<p class="quiet">{say("evals.not_compared")}</p>'
    heads = [say(f"evals.{head}") for head in ("metric", "earlier", "later", "change")]
    rows = [[*heads, "p", say("evals.would_show")]]
    for one in compared.changes:
        values = [value_text(one.metric, one.before), value_text(one.metric, one.after)]
        if one.difference:
            rows.append([one.metric, *values, *map(cell_text, change_cells(one))])
    table = table_html(rows) if len(rows) > 1 else ""
    same = "" if table else f"{say('evals.none_changed')} "
    counts = (compared.cases, len(compared.lost), len(compared.won))
    cases, lost, won = map(number, counts)
    return (
        f'<p class="quiet">{same}{say("evals.compared", cases=cases, lost=lost, won=won)}</p>'
        f"{table}{_turned(say('evals.lost'), compared.lost)}"
        f"{_turned(say('evals.won'), compared.won)}"
    )


def _turned(label: str, cases: Sequence[str]) -> str:
    if not cases:
        return ""
    return f'<p class="turned"><b>{label}</b> {escape(", ".join(cases))}</p>'


def _failing(shown: Shown) -> str:
    if not shown.history:
        return ""
    if not shown.outcomes:
        gone = f'<p class="quiet">{say("evals.not_kept")}</p>'
        return f"<section><h3>{say('evals.failing')}</h3>{gone}</section>"
    stages = Counter(one.stage for one in shown.failed if one.stage)
    cases = "".join(case_block(one) for one in shown.failed[:_SHOWN])
    finder = finder_html(stages) if shown.failed else ""
    some = shown.failed or shown.history[-1].failed  # the latter alone where the suite is broken
    none = "" if some else f'<p class="quiet">{say("evals.none")}</p>'
    heading = f"<h3>{say('evals.failing')}</h3>"
    return f'<section class="failing">{heading}{finder}{none}{cases}</section>'


def _outcome(run: PastRun) -> str:
    return say("evals.passed" if run.passed else "evals.failed")
