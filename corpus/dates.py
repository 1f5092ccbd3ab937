"""Dates as articles write them: strict shapes only, so that no other number becomes a date."""

from __future__ import annotations

import datetime as dt
import re

# Nothing printed is older; an earlier year is a slip of the pen.
EARLIEST = dt.date(1450, 1, 1)
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sep sept", "october oct", "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_TIME = (
    r"(?:[T,]?\s{0,2}(?:at\s)?\d{1,2}[:.h]\d{2}(?::\d{2}(?:\.\d{1,6})?)?"
    r"\s?(?:[ap]\.?m\.?)?\s?(?:Z|UTC|GMT|BST|[CEMP][SED]?T|[+-]\d{2}:?\d{2})?)?"
)
_PREFIX = (
    r"(?:(?:first\s)?(?:published|posted|updated|last\supdated|last\smodified|modified|date"
    r"|released|issued)(?:\son)?\s?:?\s)?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s)?"
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


def parse_date(text: str) -> dt.date | None:
    """Return the date that ``text`` is, or None where it is anything more or less than a date.

    A weekday, a time and a word such as "Published:" may stand with it; of two dates with a bar
    between ("Published ... | Updated ...") the first counts.
    """
    line = " ".join(text.split())
    if not line or len(line) > _LONGEST:
        return None
    dates = [_one_date(part) for part in _SEPARATORS.split(line)]
    return dates[0] if all(dates) else None


def refusal(date: dt.date, today: dt.date) -> str | None:
    """Say why ``date`` cannot be a document's, or None where it can."""
    # A day's grace: it may be tomorrow already where the document was published.
    if date > today + dt.timedelta(days=1):
        return f"date {date} lies in the future: not used"
    if date < EARLIEST:
        return f"date {date} is older than print: not used"
    return None


def _one_date(line: str) -> dt.date | None:
    for pattern in _DATES:
        if found := pattern.match(line):
            parts = found.groupdict()
            word = parts.get("word")
            month = _month(word) if word else int(parts["m"])
            return _date(int(parts["y"]), month, int(parts["d"])) if month else None
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _month(word: str) -> int | None:
    if number := _MONTHS.get(word.lower()):
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
