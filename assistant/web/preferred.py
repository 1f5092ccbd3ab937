"""What a question's dates prefer, and why passages stand where they stand, for readers.

``index.explain`` has English sentences of this for the terminal and for programs; the page makes
its own from the same values, in its reader's language.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence

from assistant.web.told import translated
from assistant.web.wording import FIRST, day, number, say, texts
from index.explain_parts import Neighbour, label
from index.explained import Explained, WhyNot
from index.query_dates import Period
from index.steering import Preference


def preferred(preference: Preference) -> str:
    """Return what a question prefers: "Prefers documents from 2020"."""
    periods = f" {say('why.or')} ".join(map(_period, preference.periods))
    documents = say("why.documents", when=periods) if periods else ""
    newest = say("why.newest") if preference.latest else ""
    both = f" {say('why.and')} ".join(part for part in (documents, newest) if part)
    return say("why.prefers", what=both)


def reasons(explained: Explained) -> Iterator[str]:
    """Yield why a passage stands where it stands, a sentence each."""
    if explained.side:
        yield say("why.side", side=explained.side)
    if explained.preferred:
        yield f"{preferred(explained.preferred)}: {_signed(explained.raised)}."
    yield from map(_beside, explained.neighbours)


def why_absent(why_not: WhyNot) -> str:
    """Return why a document is not among those shown."""
    if why_not.kind not in ("ranked lower", "no word in common") or why_not.best is None:
        return translated(why_not.reason)
    score = number(why_not.best.hit.score, 2)
    among = {"compared": number(why_not.compared), "score": score}
    behind = say("why.best_nowhere", **among)
    if why_not.place:
        behind = say("why.best", place=number(why_not.place), **among)
    if why_not.last:
        behind += say("why.last", score=number(why_not.last.hit.score, 2))
        behind += _because(why_not.apart)
    if why_not.kind == "ranked lower":
        return f"{behind}."
    asked = ", ".join(word.text for word in why_not.best.missing)
    return f"{say('why.no_common', words=asked) if asked else say('why.no_word')} {behind}."


def part_label(part: str) -> str:
    """Return what a part of a score is called; one that the texts lack as the index calls it."""
    return say(f"why.parts.{part}") if f"why.parts.{part}" in texts(FIRST) else label(part)


def _beside(neighbour: Neighbour) -> str:
    amount = number(abs(neighbour.distance), 2)
    kind = "near" if neighbour.near else "more" if neighbour.distance > 0 else "less"
    said = say(f"why.{kind}_{neighbour.word}", amount=amount)
    return f"{said}{_because(neighbour.apart)}."


def _because(apart: Sequence[tuple[str, float]]) -> str:
    listed = ", ".join(f"{part_label(part)} {_signed(change)}" for part, change in apart)
    return f": {listed}" if listed else ""


def _signed(change: float) -> str:
    return f"{'-' if change < 0 else '+'}{number(abs(change), 2)}"


def _period(period: Period) -> str:
    since, until = period.since, period.until
    if since and until:
        said = _span(since, until)
    elif since:
        said = say("filters.dated_since", since=day(since))
    else:
        said = say("filters.dated_until", until=day(until)) if until else ""
    return f"{said} ({say('filters.quoted', title=period.event)})" if period.event else said


def _span(since: dt.date, until: dt.date) -> str:
    if since == until:
        return say("why.from_day", day=day(since))
    if since.year == until.year:
        last = calendar.monthrange(until.year, until.month)[1]
        if (since.month, since.day, until.month, until.day) == (1, 1, 12, 31):
            return say("why.from", when=str(since.year))
        if (since.day, until.day, since.month) == (1, last, until.month):
            return say("why.from", when=f"{say(f'months.m{since.month}')} {since.year}")
    return say("filters.dated", since=day(since), until=day(until))
