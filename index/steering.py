"""Dates in a question raise what fits them, by a bounded amount; nothing is hidden.

A document that is dated in the period asked for gets the whole amount, and so does a passage that
names the period itself: what was written in 2024 about 2020 answers a question about 2020.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index.catalogue import Catalogue
from index.passages import Filters, Hit
from index.query_dates import Period, bounded, dates_in, shown
from index.search import Query
from index.terms import terms

MOST = 0.05
"""The most that a date adds to a score in 0..1. Between neighbours in a ranking of the starter
corpus lie 0.02 (the median), so that it decides among near equals and lifts nothing unrelated."""
_HALF_LIFE = 365
"""Days after which "latest" adds half as much."""
_EVENTS = 5
"""Passages looked through for the event of "since the ruling"."""
PART = "date"
"""What a hit's ``parts`` call the amount that was added."""


class Searchable(Protocol):
    """What is needed of an index."""

    @property
    def catalogue(self) -> Catalogue: ...  # noqa: D102

    def prepare(self, question: str) -> Query: ...  # noqa: D102

    def search(self, query: Query, *, k: int = 10, filters: Filters = ...) -> tuple[Hit, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Preference:
    """The periods that a question prefers, and whether it prefers what is newest."""

    periods: tuple[Period, ...] = ()
    latest: bool = False

    @property
    def text(self) -> str:
        """Return it for people: "Prefers documents from 2020"."""
        labels = [period.label for period in self.periods]
        documents = f"documents {' or '.join(labels)}" if labels else ""
        newest = "the newest documents" if self.latest else ""
        return f"Prefers {' and '.join(part for part in (documents, newest) if part)}"


@dataclass(frozen=True, slots=True)
class Steered:
    """What dates did to a ranking: the preference, and the passages that they raised."""

    preference: Preference
    raised: tuple[str, ...]


def preference(
    index: Searchable, question: str, today: dt.date, filters: Filters = Filters()
) -> Preference | None:
    """Return what a question prefers, or None where it says nothing of time.

    The date of an event ("since the ruling") is that of the document which is nearest to it and
    has its words.
    """
    found = dates_in(question, today)
    if not found:
        return None
    periods = list(found.periods)
    for word, event in found.events:
        period = _since_event(index, word, event, question, filters)
        if period:
            periods.append(period)
    return Preference(tuple(periods), found.latest) if periods or found.latest else None


def steer(
    index: Searchable,
    query: Query,
    hits: Sequence[Hit],
    wanted: Preference,
    filters: Filters = Filters(),
) -> tuple[tuple[Hit, ...], Steered | None]:
    """Return hits, and the best of each period, in the order that dates give them."""
    together = {hit.passage.id: hit for hit in hits}
    for period in wanted.periods:
        within = _within(filters, period)
        if within:
            for hit in index.search(query, k=10, filters=within):
                together.setdefault(hit.passage.id, hit)
    about = index.catalogue.about({hit.passage.document_id for hit in together.values()})
    dates = {document_id: date for document_id, (_, date) in about.items()}
    newest = max((date for date in dates.values() if date), default=None)
    steered = [_raised(hit, wanted, dates, newest) for hit in together.values()]
    steered.sort(key=lambda hit: -hit.score)  # stable: equals stay as the search had them
    raised = tuple(hit.passage.id for hit in steered if PART in hit.parts)
    return tuple(steered), Steered(wanted, raised) if raised else None


def _raised(
    hit: Hit, wanted: Preference, dates: Mapping[str, dt.date | None], newest: dt.date | None
) -> Hit:
    date = dates.get(hit.passage.document_id)
    amount = 0.0
    if any(period.holds(date) or _names(hit, period) for period in wanted.periods):
        amount = MOST
    elif wanted.latest and date and newest:
        amount = MOST * 2.0 ** (-(newest - date).days / _HALF_LIFE)
    if not amount:
        return hit
    return replace(hit, score=min(1.0, hit.score + amount), parts={**hit.parts, PART: amount})


def _names(hit: Hit, period: Period) -> bool:
    return bool(period.words) and set(terms(period.words)) <= set(terms(hit.text))


def _within(filters: Filters, period: Period) -> Filters | None:
    """Narrow filters to a period; None where nothing would be left."""
    since = max((day for day in (filters.since, period.since) if day), default=None)
    until = min((day for day in (filters.until, period.until) if day), default=None)
    if since and until and since > until:
        return None
    return replace(filters, since=since, until=until)


def _since_event(
    index: Searchable, word: str, event: str, question: str, filters: Filters
) -> Period | None:
    wanted = set(terms(event))
    query = index.prepare(f"{event} {question}")
    hits = index.search(query, k=_EVENTS, filters=filters)
    about = index.catalogue.about({hit.passage.document_id for hit in hits})
    for hit in hits:
        title, date = about.get(hit.passage.document_id, ("", None))
        if date and wanted <= set(terms(f"{title} {hit.passage.heading} {hit.text}")):
            period = bounded(word, date, f"{shown(date)} (“{title}”)")
            return replace(period, event=title)
    return None
