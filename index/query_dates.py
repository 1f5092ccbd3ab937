"""The dates that a question names, as a preference: "in 2020", "since the ruling", "latest".

Nothing is filtered by them. A question about 2020 may well be answered by what was written in
2024, so that ``index.steering`` only raises what fits, by a bounded amount.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.dates import MONTH_NUMBERS

_MONTH = rf"(?:{'|'.join(sorted(MONTH_NUMBERS, key=len, reverse=True))})\.?"
_YEAR = r"(?<![\w$€£.,/-])(?:19|20)\d\d(?![\w/]|[.,]\d|-\d{4}\b)"
_WHEN = re.compile(
    rf"(?P<iso>(?<![\w.,/-])(?:19|20)\d\d-\d\d-\d\d(?!\w))"
    rf"|(?P<month1>{_MONTH})\s+(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year1>{_YEAR})"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month2>{_MONTH})\s+(?P<year2>{_YEAR})"
    rf"|(?P<month3>{_MONTH}),?\s+(?:of\s+)?(?P<year3>{_YEAR})"
    rf"|(?P<year4>{_YEAR})",
    re.I,
)
_YEARS = re.compile(r"(?<![\w$€£.,/-])((?:19|20)\d\d)\s*[-–]\s*((?:19|20)\d\d)(?![\w/-])")
_BOUND = re.compile(
    r"\b(?P<word>since|after|from|before|until|till|by|prior to|following|up to)\s+"
    r"(?:(?:the\s+)?(?:end|start|beginning)\s+of\s+|early\s+|late\s+|mid-?\s*)?$",
    re.I,
)
_SINCE = frozenset(["since", "after", "from", "following"])
_SPAN = re.compile(r"\b(?:between|from)\s+$", re.I)
_TO = re.compile(r"^\s*(?:and|to|until|till|through|-|–)\s*(?:in\s+)?$", re.I)
_AMOUNT = re.compile(
    r"^\s+(?:people|persons|faces|images|photos|pictures|users|members|times|pages|words|copies|"
    r"euros?|dollars?|pounds?|yuan|percent|documents|cases|cameras|agencies|searches)\b",
    re.I,
)
_RELATIVE = re.compile(
    r"\b(?P<which>last|this|past|previous)\s+(?P<unit>year|month|week)\b"
    r"|\bthe\s+(?:last|past)\s+(?P<count>\d{1,3}|two|three|four|five|six|ten|"
    r"few|couple of)\s+(?P<units>years|months|weeks|days)\b"
    r"|\b(?P<day>today|yesterday)\b",
    re.I,
)
_LATEST = re.compile(
    r"\b(?:latest|newest|most\s+recent(?:ly)?|recent|recently|currently|nowadays|these\s+days|so\s+far|"
    r"as\s+of\s+(?:now|today)|up[\s-]to[\s-]date|right\s+now|now)\b",
    re.I,
)
_EVENT = re.compile(
    r"\b(?P<word>since|after|before|until|following|prior to)\s+"
    r"(?P<event>(?:the|its|their|his|her|this|that)\s+(?:[\w’'.-]+\s+){0,4}?"
    r"(?:ruling|judg(?:e)?ment|decision|verdict|ban|moratorium|settlement|fine|law|act|breach|theft|"
    r"arrest|report|study|election|vote|announcement|agreement|appeal|lawsuit|order|leak|attack))\b",
    re.I,
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_NUMBERS |= {"few": 3, "couple of": 2}
_DAYS = {"years": 365, "months": 30, "weeks": 7, "days": 1}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``since`` to ``until``, both included; None is open.

    ``label`` reads after "documents": "from 2020", "before March 2019". ``words`` are stems of the
    date as a text may write it ("2020"), so that older or newer texts about it are not held back.
    ``event`` is the title of the document that an event's date is from.
    """

    since: dt.date | None
    until: dt.date | None
    label: str
    words: str = ""
    event: str = ""

    def holds(self, date: dt.date | None) -> bool:
        """Tell whether a date lies in the period; an unknown one never does."""
        return date is not None and (self.since or date) <= date <= (self.until or date)


@dataclass(frozen=True, slots=True)
class Dates:
    """What a question says of time: periods, whether it asks for the newest, and events.

    ``events`` are pairs of a word ("since") and the event that it goes with ("the ruling"), whose
    date only the corpus can tell.
    """

    periods: tuple[Period, ...] = ()
    latest: bool = False
    events: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is said of time."""
        return self != Dates()


def dates_in(question: str, today: dt.date) -> Dates:
    """Return what a question says of time; ``today`` is what "last year" counts from."""
    question = _YEARS.sub(r"from \1 to \2", question)
    periods = tuple(_united([*_named(question), *_relative(question, today)]))
    events = tuple((one["word"].lower(), one["event"]) for one in _EVENT.finditer(question))
    return Dates(periods, _LATEST.search(question) is not None, events)


def bounded(word: str, date: dt.date, label: str, end: dt.date | None = None) -> Period:
    """Return the period that begins or ends at a date, by a word such as "since"."""
    if word in _SINCE:
        return Period(date, None, f"since {label}")
    if word in ("until", "till", "by", "up to"):
        return Period(None, end or date, f"until {label}")
    return Period(None, date - dt.timedelta(days=1), f"before {label}")


def shown(date: dt.date) -> str:
    """Return a date for people: "12 August 2020"."""
    return f"{date.day} {date:%B %Y}"


def _named(question: str) -> Iterator[Period]:
    found = [one for one in _WHEN.finditer(question) if not _AMOUNT.match(question[one.end() :])]
    place = 0
    while place < len(found):
        here = _exact(found[place])
        following = found[place + 1] if place + 1 < len(found) else None
        before = question[: found[place].start()]
        place += 1
        if here is None:
            continue
        until = _exact(following) if following else None
        between = question[found[place - 1].end() : following.start()] if following else ""
        if until and _SPAN.search(before) and _TO.match(between) and _ordered(here, until):
            yield Period(here.since, until.until, f"from {here.label} to {until.label}")
            place += 1
            continue
        bound = _BOUND.search(before)
        if bound and here.since and here.until:
            word = bound["word"].lower()
            date = here.until + dt.timedelta(days=1) if word == "after" else here.since
            label = f"after {here.label}" if word == "after" else ""
            period = bounded(word, date, here.label, here.until)
            yield Period(period.since, period.until, label or period.label)
        else:
            yield Period(here.since, here.until, f"from {here.label}", here.words)


def _ordered(one: Period, other: Period) -> bool:
    return bool(one.since and other.until and one.since <= other.until)


def _exact(found: re.Match[str]) -> Period | None:
    """Return the day, month or year that was matched; None where there is no such day."""
    parts = found.groupdict()
    year = next((int(parts[f"year{n}"]) for n in range(1, 5) if parts[f"year{n}"]), 0)
    month = next((_month(parts[f"month{n}"]) for n in range(1, 4) if parts[f"month{n}"]), 0)
    day = next((int(parts[f"day{n}"]) for n in (1, 2) if parts[f"day{n}"]), 0)
    try:
        if parts["iso"]:
            date = dt.date.fromisoformat(parts["iso"])
            return Period(date, date, shown(date))
        if day:
            date = dt.date(year, month, day)
            return Period(date, date, shown(date), f"{date:%B} {day} {year}")
    except ValueError:
        return None
    if month:
        last = calendar.monthrange(year, month)[1]
        name = f"{calendar.month_name[month]} {year}"
        return Period(dt.date(year, month, 1), dt.date(year, month, last), name, name)
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31), str(year), str(year))


def _month(name: str) -> int:
    return MONTH_NUMBERS[name.lower().rstrip(".")]


def _relative(question: str, today: dt.date) -> Iterator[Period]:
    for found in _RELATIVE.finditer(question):
        if found["day"]:
            date = today - dt.timedelta(days=found["day"].lower() == "yesterday")
            yield Period(date, date, f"from {shown(date)}")
        elif found["units"]:
            count = _NUMBERS.get(found["count"].lower()) or int(found["count"])
            first = today - dt.timedelta(days=count * _DAYS[found["units"].lower()])
            yield Period(first, today, f"since {shown(first)}")
        else:
            yield _unit(found["unit"].lower(), found["which"].lower() == "this", today)


def _unit(unit: str, this: bool, today: dt.date) -> Period:
    if unit == "year":
        year = today.year - (not this)
        return Period(dt.date(year, 1, 1), dt.date(year, 12, 31), f"from {year}")
    if unit == "month":
        first = today.replace(day=1)
        if not this:
            first = (first - dt.timedelta(days=1)).replace(day=1)
        last = calendar.monthrange(first.year, first.month)[1]
        return Period(first, first.replace(day=last), f"from {first:%B %Y}")
    monday = today - dt.timedelta(days=today.weekday() + 7 * (not this))
    return Period(monday, monday + dt.timedelta(days=6), f"from the week of {shown(monday)}")


def _united(periods: list[Period]) -> Iterator[Period]:
    """Leave out what was said before ("in 2020 ... in 2020")."""
    seen = set()
    for one in periods:
        if (one.since, one.until) not in seen:
            seen.add((one.since, one.until))
            yield one
