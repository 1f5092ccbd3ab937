"""A small picture of the corpus: how many documents of each year or month, and of each outlet."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from assistant.web.markup import html_text
from assistant.web.wording import number, say
from index.entries import Entry

# A longer time than this is told by years, and a much longer one by tens of them.
_MONTHS = 36
_YEARS = 60
_OUTLETS = 5


def shape_html(entries: Sequence[Entry]) -> str:
    """Return the picture; nothing where there are too few documents to need one."""
    if len(entries) < 3:
        return ""
    return f'<div class="shape">{_over_time(entries)}{_by_outlet(entries)}</div>'


def _over_time(entries: Sequence[Entry]) -> str:
    dates = [entry.date for entry in entries if entry.date]
    if not dates:
        return ""
    name, counts = _columns(dates)
    tallest = max(counts.values())
    bars = "".join(
        f'<i style="height:{max(4, round(100 * count / tallest)) if count else 0}%" '
        f'title="{label}: {number(count)}"></i>'
        for label, count in counts.items()
    )
    labels = list(counts)
    told = ", ".join(f"{label}: {number(count)}" for label, count in counts.items() if count)
    return (
        f'<figure><div class="bars" role="img" aria-label="{name}. {told}">{bars}</div>'
        f"<figcaption><span>{labels[0]}</span><span>{name}</span><span>{labels[-1]}</span>"
        "</figcaption></figure>"
    )


def _columns(dates: Sequence[dt.date]) -> tuple[str, dict[str, int]]:
    """Return what the columns are, and how many documents each has, with those that have none."""
    first, last = min(dates), max(dates)
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    if months <= _MONTHS:
        counts = Counter(f"{one:%Y-%m}" for one in dates)
        begun = 12 * first.year + first.month - 1
        every = [f"{one // 12:04}-{one % 12 + 1:02}" for one in range(begun, begun + months)]
        return say("corpus.by_month"), {label: counts[label] for label in every}
    step = 1 if last.year - first.year < _YEARS else 10
    years = Counter(one.year // step * step for one in dates)
    spread = range(first.year // step * step, last.year + 1, step)
    name = say("corpus.by_year") if step == 1 else say("corpus.by_decade")
    return name, {str(year): years[year] for year in spread}


def _by_outlet(entries: Sequence[Entry]) -> str:
    counts = Counter(entry.source for entry in entries if entry.source)
    most = counts.most_common(_OUTLETS)
    if not most:
        return ""
    rows = "".join(
        f'<li><span class="name">{html_text(name)}</span>'
        f'<span class="bar" aria-hidden="true"><i style="width:{round(100 * count / most[0][1])}%">'
        f"</i></span><span>{number(count)}</span></li>"
        for name, count in most
    )
    return f'<ul aria-label="{say("corpus.by_outlet")}">{rows}</ul>'
