"""Dates as articles write them: strict shapes only, so that no other number becomes a date."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

# Nothing printed is older; an earlier year is a slip of the pen.
EARLIEST = dt.date(1450, 1, 1)
MONTHS = tuple(
    "january february march april may june july august september october november december".split()
)
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
MONTH_NUMBERS = {
    name[:length]: number
    for number, name in enumerate(MONTHS, start=1)
    for length in (3, len(name))
} | {"sept": 9}

_TIME = (
    r"(?:[T,]?\s{0,2}(?:at\s|um\s|à\s)?\d{1,2}[:.h]\d{2}(?::\d{2}(?:\.\d{1,6})?)?"
    r"\s?(?:[ap]\.?m\.?|Uhr)?\s?(?:Z|UTC|GMT|BST|[CEMP][SED]?T|[+-]\d{2}:?\d{2})?)?"
)
_UPDATED = (
    r"(?:last\s)?(?:updated|modified|revised)|(?:zuletzt\s)?aktualisiert|stand|mise?\sà\sjour"
    r"|modifié|actualizado|aggiornato|bijgewerkt|atualizado"
)
_PUBLISHED = (
    r"(?:first\s|originally\s)?(?:published|posted)|date|released|issued|publication\sdate"
    r"|veröffentlicht|erschienen|datum|publiée?|paru|publicad[oa]|fecha|pubblicato|data"
    r"|gepubliceerd|geplaatst"
)
_PREFIX = (
    rf"(?:(?:(?P<updated>{_UPDATED})|(?:{_PUBLISHED}))(?:\s(?:on|am|vom|le|el|il|op|em))?\s?:?\s)?"
)
_WEEKDAY = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun|die|mit|don|fre|sam|son|lun|mar|mer|jeu|ven|dim|mié|jue|vie"
    r"|sáb|dom|gio|maa|din|woe|vri|zat|zon|seg|ter|qua|qui|sex)[^\W\d_]{0,9}\.?,?\s)?"
)
_SHAPES = (
    r"(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})",
    r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})",
    r"(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?\s(?:(?:de|of)\s)?(?P<word>[^\W\d_]{3,12})\.?,?\s(?:de\s)?(?P<y>\d{4})",
    r"(?P<word>[^\W\d_]{3,12})\.?\s(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<y>\d{4})",
)
_DATES = tuple(
    re.compile(rf"{_PREFIX}{_WEEKDAY}{shape}{_TIME}$", re.IGNORECASE) for shape in _SHAPES
)
_SEPARATORS = re.compile(r"\s[|·•]\s")
_LONGEST = 90
_IS_PUBLISHED = re.compile(rf"(?:{_PUBLISHED})\b", re.IGNORECASE)
# "/2020/01/18/", "/2020/jan/18/", "2020-01-18", "2020_01_18" and "20200118", in this century or
# the one before.
_PATH_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>[-_/.]?)(?P<m>\d{2}|(?<=/)[a-z]{3}|(?<=[-_/])\d)(?P=sep)"
    r"(?P<d>\d{2}|(?<=[-_/])\d)(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A date as a line gives it: ``is_update`` says that it is called a change, ``is_published``
    that it is called the day of publication."""

    date: dt.date
    is_update: bool
    is_published: bool


def parse_date(text: str) -> dt.date | None:
    """Return the date that ``text`` is, or None where it is anything more or less than a date.

    A weekday, a time and a word such as "Published:" may stand with it; of two dates with a bar
    between ("Updated ... | Published ...") the day of publication counts.
    """
    found = parse_labelled(text)
    return found.date if found else None


def parse_labelled(text: str) -> Labelled | None:
    """Return the date that ``text`` is, as ``parse_date`` does, and what it is called there."""
    line = " ".join(text.split())
    if not line or len(line) > _LONGEST:
        return None
    dates = [_one_date(part) for part in _SEPARATORS.split(line)]
    if None in dates:
        return None
    return next((one for one in dates if one and not one.is_update), dates[0])


def date_in_path(path: str) -> dt.date | None:
    """Return the day that an address or a file name holds, as in ``/2020/01/18/`` and
    ``2020-01-18-title.md``; None where it holds none, or two that differ."""
    found = {
        date
        for match in _PATH_DATE.finditer(path)
        if (month := MONTH_NUMBERS.get(match["m"].lower()) or _number(match["m"]))
        and (date := _date(int(match["y"]), month, int(match["d"])))
    }
    return found.pop() if len(found) == 1 else None


def refusal(date: dt.date, today: dt.date) -> str | None:
    """Say why ``date`` cannot be a document's, or None where it can."""
    # A day's grace: it may be tomorrow already where the document was published.
    if date > today + dt.timedelta(days=1):
        return f"date {date} lies in the future: not used"
    if date < EARLIEST:
        return f"date {date} is older than print: not used"
    return None


def _one_date(line: str) -> Labelled | None:
    for pattern in _DATES:
        if found := pattern.match(line):
            parts = found.groupdict()
            word = parts.get("word")
            month = _month(word) if word else int(parts["m"])
            date = _date(int(parts["y"]), month, int(parts["d"])) if month else None
            is_published = _IS_PUBLISHED.match(line) is not None
            return Labelled(date, bool(parts["updated"]), is_published) if date else None
    return None


def _number(digits: str) -> int | None:
    return int(digits) if digits.isdecimal() else None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _month(word: str) -> int | None:
    if number := MONTH_NUMBERS.get(word.lower()):
        return number
    # Only now, with a day and a year around the word, is the slow parser of other languages asked.
    import dateparser

    found = dateparser.parse(
        f"15 {word} 2001",
        languages=list(LANGUAGES),
        settings={"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]},
    )
    sure = found is not None and (found.year, found.day) == (2001, 15)
    return found.month if found is not None and sure else None
