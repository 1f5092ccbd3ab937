"""The values that a sentence states, where they stand in it, and when two of them are the same.

A value is an amount of money, a number of things, a date, a length of time, or a share. Each is cut
from the sentence as it stands there, so that it can be shown as a quote within the quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.expect import Expected, Kind, counts
from assistant.support_words import CURRENCIES, NUMBER_WORDS, SCALE_MARKS, SCALES
from corpus.dates import MONTH_NUMBERS, MONTHS

_FIGURE = r"(?<!\d)(?<!\d,)\d+(?:,\d{3})*(?:\.\d+)?"
_SCALE = f"(?:{'|'.join(word for word in SCALES if len(word) > 1 and SCALES[word] >= 1000)})"
_WORD = "(?:" + "|".join([*NUMBER_WORDS, "hundred", "dozen"]) + ")"
_SPELLED = rf"{_WORD}(?:[ -]{_WORD}){{0,12}}(?:[ -]{_SCALE})?"
_NUMBER = rf"(?:{_FIGURE}(?:\s?{_SCALE}\b)?|\b{_SPELLED}\b)"
_CURRENCY = f"(?:{'|'.join([*filter(str.isalpha, CURRENCIES), 'crown', 'franc', 'rupee'])})s?"
_UNIT = "(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centuries|century)"
_SHORT_MONTHS = sorted({*MONTH_NUMBERS} - {*MONTHS}, key=len, reverse=True)
# The full stop of "Sept. 5" belongs to the month, that of "on 5 Sept." to the sentence.
_MONTH = (
    rf"(?:(?:{'|'.join(MONTHS).title()})\b"
    rf"|(?:{'|'.join(_SHORT_MONTHS).title()})\b(?:\.(?=,? \d))?)"
)
_YEAR = r"(?:1[0-9]|20)\d\d"

_MONEY = re.compile(
    rf"[$€£¥]\s?{_FIGURE}(?:\s?{_SCALE}\b|{SCALE_MARKS}\b)?|{_NUMBER}(?:\s(?:US|Canadian|Australian))?"
    rf"\s{_CURRENCY}\b",
    re.I,
)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?"
    rf"(?:,? {_YEAR}\b)?|\b{_YEAR}\b(?!\s?(?:%|per ?cent|{_CURRENCY}))"
)
_DURATION = re.compile(rf"(?:{_NUMBER}|\ban?\b)[ -]{_UNIT}\b", re.I)
_SHARE = re.compile(rf"{_NUMBER}\s?(?:%|per ?cent\b|percent\b)", re.I)
_COUNT = re.compile(_NUMBER, re.I)
_SCALED = re.compile(rf"\b{_SCALE}\b|(?<=\d)(?:{_SCALE}|{SCALE_MARKS})\b", re.I)
_SHAPES = {
    Kind.MONEY: _MONEY,
    Kind.DATE: _DATE,
    Kind.DURATION: _DURATION,
    Kind.SHARE: _SHARE,
    Kind.COUNT: _COUNT,
}
_ROUGH = re.compile(
    r"(?:about|around|nearly|almost|roughly|approximately|some|over|more than|at least|at most|"
    r"up to|fewer than|less than|under|an estimated|estimated|as many as|as much as|close to)"
    r"(?: the)?\s*$",
    re.I,
)
_FOLLOWING = 4
"""Words behind a number among which what is counted is looked for: "300 armed police officers"."""
_DAYS = {
    "second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0,
    "month": 30.4375, "year": 365.25, "decade": 3652.5, "century": 36525.0, "centurie": 36525.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """A value in a sentence: ``sentence[start:end] == text``.

    ``amount`` is a number, in ``unit`` (a currency, ``day`` for a length of time, ``%``, or empty).
    A date has ``year``, ``month`` and ``day`` as far as they are told. ``rough`` values are told
    with "about" or "more than".
    """

    kind: Kind
    start: int
    end: int
    text: str
    amount: float = 0.0
    unit: str = ""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    rough: bool = False


def values_of(wanted: Expected, sentence: str) -> tuple[Stated, ...]:
    """Return the values of the wanted kind in a sentence, in their order.

    A count is only one where what is counted stands behind it, if the question names that.
    """
    pattern = _SHAPES.get(wanted.kind)
    if pattern is None:
        return ()
    taken = _taken(wanted.kind, sentence)
    return tuple(
        value
        for found in pattern.finditer(sentence)
        if not any(start < found.end() and found.start() < end for start, end in taken)
        and (value := _value(wanted.kind, found, sentence)) is not None
        and (wanted.kind is not Kind.COUNT or _counts(wanted, found, sentence))
    )


def same(one: Stated, other: Stated) -> bool:
    """Tell whether two values of a kind agree: rough ones agree with what is near, and a date
    with a date that says more of it."""
    if one.kind is Kind.DATE:
        pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
        return all(a is None or b is None or a == b for a, b in pairs)
    if one.unit != other.unit:
        return False
    apart = abs(one.amount - other.amount)
    most = max(abs(one.amount), abs(other.amount))
    # "Nearly 50" and 48; 1.6 million and 1,587,210. But "about 11" is not 10.
    rough = any(value.rough and _is_round(value) for value in (one, other))
    return apart <= (0.1 if rough else _rounding(one, other)) * most + 1e-9


def comparable(one: Stated, other: Stated) -> bool:
    """Tell whether two values could contradict: of one unit, or dates that both tell a year or
    both tell none."""
    if one.kind is Kind.DATE:
        return (one.year is None) == (other.year is None)
    return one.unit == other.unit


def start_of(value: Stated, sentence: str) -> int:
    """Return where a value begins with the word that makes it rough: "more than 1,400"."""
    rough = _ROUGH.search(sentence[: value.start])
    return rough.start() if rough else value.start


def _is_round(value: Stated) -> bool:
    told = _amount(value.text)
    return told is None or told % 5 == 0 or bool(_SCALED.search(value.text))


def _rounding(one: Stated, other: Stated) -> float:
    """Return the share by which a rounded number may be off: half of its last digit."""
    return max(_half_digit(one), _half_digit(other))


def _half_digit(value: Stated) -> float:
    figures = re.search(_FIGURE, value.text)
    if not figures or not value.amount or not _SCALED.search(value.text):
        return 0.0
    text = figures.group().replace(",", "")
    decimals = len(text.partition(".")[2])
    return 0.5 * 10.0**-decimals / float(text) if float(text) else 0.0


def _taken(kind: Kind, sentence: str) -> list[tuple[int, int]]:
    """Return the spans of other kinds of values, whose numbers count nothing."""
    if kind is not Kind.COUNT:
        return []
    others = (_MONEY, _SHARE, _DATE)
    return [found.span() for pattern in others for found in pattern.finditer(sentence)]


def _value(kind: Kind, found: re.Match[str], sentence: str) -> Stated | None:
    text, rough = found.group(), bool(_ROUGH.search(sentence[: found.start()]))
    start, end = found.span()
    if kind is Kind.DATE:
        year, month, day = _date(text)
        if year is None and (month is None or day is None):
            return None
        return Stated(kind, start, end, text, year=year, month=month, day=day, rough=rough)
    number = _amount(text)
    if number is None:
        return None
    unit = ""
    if kind is Kind.MONEY:
        unit = _currency(text)
    elif kind is Kind.SHARE:
        unit = "%"
    elif kind is Kind.DURATION:
        name = re.split(r"[ -]", text.lower())[-1].rstrip("s")
        number, unit = number * _DAYS[name], "day"
    return Stated(kind, start, end, text, number, unit, rough=rough)


def _counts(wanted: Expected, found: re.Match[str], sentence: str) -> bool:
    if not wanted.focus:
        return True
    behind = re.findall(r"[\w’'-]+|[.,;:()]", sentence[found.end() :])[: _FOLLOWING + 1]
    for place, word in enumerate(behind):
        if word in ".,;:()" or (place and re.fullmatch(_COUNT, word)):
            break
        if counts(word, wanted.focus[-1:]):
            return True
    return False


def _date(text: str) -> tuple[int | None, int | None, int | None]:
    year = re.search(rf"\b{_YEAR}\b", text)
    month = re.search(_MONTH, text)
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", text)
    return (
        int(year.group()) if year else None,
        MONTH_NUMBERS[month.group().lower().rstrip(".")] if month else None,
        int(day.group(1)) if day else None,
    )


def _amount(text: str) -> float | None:
    scale = 1.0
    low = text.lower()
    if found := _SCALED.search(low):
        scale = SCALES[found.group()]
    if figures := re.search(_FIGURE, low):
        return float(figures.group().replace(",", "")) * scale
    number = _spelled(re.findall(r"[a-z]+", low))
    return None if number is None else number * scale


def _spelled(words: list[str]) -> float | None:
    total, seen = 0.0, False
    for word in words:
        if word in NUMBER_WORDS:
            total, seen = total + NUMBER_WORDS[word], True
        elif word in ("hundred", "dozen"):
            total, seen = (total or 1.0) * SCALES[word], True
        elif word in ("a", "an") and not seen:
            total, seen = 1.0, True
        else:
            break
    return total if seen else None


def _currency(text: str) -> str:
    words: list[str] = re.findall(r"[$€£¥]|[a-z]+", text.lower())
    for word in words:
        if word in ("canadian", "australian"):
            return word
        known = CURRENCIES.get(word) or CURRENCIES.get(word.removesuffix("s"))
        if known:
            return known
    return words[-1].removesuffix("s")
