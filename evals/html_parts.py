"""What the Evals tab and a report's page share: tables, numbers, dates, and what narrows cases.

The tab is read in the language of its browser; a report has none, and is English.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from assistant.web.wording import say
from evals.stages import Stage
from evals.tables import UNDEFINED, number


def stage_text(stage: Stage | None) -> str:
    """Return how a case ended, for people."""
    return say(f"evals.stages.{stage.name.lower()}") if stage else say("evals.passed")


def value_text(metric: str, value: float | None) -> str:
    """Return a metric's value for people."""
    return cell_text(number(metric, value))


def cell_text(cell: str) -> str:
    """Return what stands in a table of numbers for people."""
    return say("evals.undefined") if cell == UNDEFINED else local(cell)


def local(text: str) -> str:
    """Return a number as the language writes it."""
    return text.replace(".", say("format.decimal"))


def moment(when: datetime, key: str = "evals.when") -> str:
    """Return a day and a time for people."""
    here = when.astimezone()
    month = say(f"months.m{here.month}")[:3]
    return say(key, day=f"{here:%d}", month=month, year=here.year, time=f"{here:%H:%M}")


def finder_html(stages: Counter[Stage], passed: bool = False) -> str:
    """Return what narrows a list of cases; ``stages`` counts how the failed ones ended."""
    options = "".join(
        f'<option value="{escape(stage)}">{stage_text(stage)} ({count})</option>'
        for stage, count in stages.most_common()
    )
    both = f'<option value="passed">{say("evals.passed")}</option>' if passed else ""
    find = say("evals.finder.find")
    return (
        f'<div class="find"><input type="search" placeholder="{find}" aria-label="{find}">'
        f'<select aria-label="{say("evals.finder.how")}">'
        f'<option value="">{say("evals.finder.all")}</option>'
        f'<option value="failed">{say("evals.failed")} ({stages.total()})</option>'
        f"{both}{options}</select></div>"
        '<p class="quiet count" role="status"></p>'
    )


def table_html(rows: Sequence[Sequence[str]]) -> str:
    """Return cells, a head first, as a table that scrolls sideways by itself."""
    head, *body = rows
    return f'<div class="wide" tabindex="0"><table>{"".join(_rows(head, body))}</table></div>'


def _rows(head: Sequence[str], body: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "<tr>" + "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head) + "</tr>"
    for row in body:
        yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
