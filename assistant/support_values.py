"""The words of a sentence, and the numbers and dates among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.support_words import CURRENCIES, NUMBER_WORDS, ORDINALS, SCALES, UNITS
from corpus.dates import MONTH_NUMBERS, MONTHS

CLAUSE = frozenset(",;:—–()")
"""Marks that end a clause."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence: ``key`` is what it is compared by, ``place`` counts words from 0."""

    text: str
    low: str
    key: str
    clause: int
    place: int

    @property
    def is_content(self) -> bool:
        """Tell whether the word says something by itself."""
        return bool(self.key)

    @property
    def is_number(self) -> bool:
        """Tell whether the word is a number, in figures or spelled out."""
        return self.text[0].isdigit() or self.low in NUMBER_WORDS or self.low in SCALES


@dataclass(frozen=True, slots=True)
class Value:
    """A number: ``unit`` is a currency, ``%``, ``nth`` or a unit's stem, else empty; ``noun`` is
    the key of what it counts."""

    value: float
    unit: str
    noun: str
    place: int


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is told; None where a part is not."""

    year: int | None
    month: int | None
    day: int | None
    place: int


def days_in(words: tuple[Word, ...]) -> tuple[tuple[Day, ...], frozenset[int]]:
    """Return the dates in a sentence, and the places of the words that make them up."""
    days: list[Day] = []
    used: set[int] = set()
    for place, word in enumerate(words):
        if word.low in MONTH_NUMBERS and _is_month(words, place):
            last = _last(words, place)
            after = _number(words, last + 1)
            before_place = _back(words, place)
            before = _number(words, before_place)
            day = next((n for n in (after, before) if n is not None and 1 <= n <= 31), None)
            day_place = last + 1 if day == after and day is not None else before_place
            year, year_place = _year_after(words, max(last, day_place if day else last) + 1)
            days.append(Day(year, MONTH_NUMBERS[word.low], day, place))
            used |= {place, *({day_place} if day else ()), *({year_place} if year else ())}
    for place, word in enumerate(words):
        if place not in used and _is_year(word.text) and not _measured(words, place):
            days.append(Day(int(word.text), None, None, place))
            used.add(place)
    return tuple(sorted(days, key=lambda one: one.place)), frozenset(used)


def _is_month(words: tuple[Word, ...], place: int) -> bool:
    word = words[place]
    if not word.text[0].isupper():
        return False
    if word.low not in ("may", "march", "mar", "jan", "dec", "sep", "apr", "jun"):
        return True
    near = (_number(words, place - 1), _number(words, _last(words, place) + 1))
    before = words[place - 1].low if place else ""
    return any(n is not None for n in near) or before in ("in", "since", "until", "of", "by")


def _number(words: tuple[Word, ...], place: int) -> int | None:
    if 0 <= place < len(words) and words[place].text.isdecimal():
        return int(words[place].text)
    return None


def _last(words: tuple[Word, ...], place: int) -> int:
    """Return the place of the last word of a month, which is the stop of a short one: "Sept."."""
    behind = words[place + 1].low if place + 1 < len(words) else ""
    return place + (behind == "." and words[place].low not in MONTHS)


def _back(words: tuple[Word, ...], place: int) -> int:
    """Return the place of what comes before a month: "the 5th of March" has its day there."""
    place -= 1
    while place > 0 and words[place].low in ("of", "st", "nd", "rd", "th"):
        place -= 1
    return place


def _is_year(text: str) -> bool:
    return text.isdecimal() and len(text) == 4 and 1500 <= int(text) <= 2199


def _year_after(words: tuple[Word, ...], place: int) -> tuple[int | None, int]:
    while place < len(words) and words[place].low in (",", "of", "st", "nd", "rd", "th"):
        place += 1
    if place < len(words) and _is_year(words[place].text):
        return int(words[place].text), place
    return None, place


def _measured(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether a number is an amount: "$2000", "2000 cameras" is taken for a year, though."""
    after = words[place + 1].low if place + 1 < len(words) else ""
    before = words[place - 1].low if place else ""
    return before in CURRENCIES or after in SCALES or after in CURRENCIES or after == "%"


def values_in(words: tuple[Word, ...], used: frozenset[int]) -> Iterator[Value]:
    """Yield the numbers in a sentence; ``used`` are the places of its dates."""
    place = 0
    while place < len(words):
        start, number = place, None if place in used else _plain_number(words, place)
        place += 1
        if number is None:
            if words[start].low in ORDINALS and start not in used and words[start].low != "second":
                yield Value(ORDINALS[words[start].low], "nth", "", start)
            continue
        while place < len(words) and (step := _grown(number, words[place].low)) is not None:
            number = step
            place += 1
        after = words[place].low if place < len(words) else ""
        if after in ("st", "nd", "rd", "th"):
            yield Value(number, "nth", "", start)
            continue
        unit, noun = _unit(words, start, place)
        if number != 1 or unit:
            yield Value(number, unit, noun, start)


def _plain_number(words: tuple[Word, ...], place: int) -> float | None:
    word = words[place]
    if word.text[0].isdigit():
        plain = word.text.replace(",", "")
        return float(plain) if plain.count(".") <= 1 else None
    if word.low in ("dozen", "dozens") or (word.low in SCALES and len(word.low) > 2):
        return SCALES.get(word.low.rstrip("s"))
    return NUMBER_WORDS.get(word.low)


def _grown(number: float, low: str) -> float | None:
    if low in SCALES:
        return number * SCALES[low]
    if low in NUMBER_WORDS and 20 <= number <= 90 and NUMBER_WORDS[low] < 10:
        return number + NUMBER_WORDS[low]
    return number if low == "-" and 20 <= number <= 90 and number % 10 == 0 else None


def _unit(words: tuple[Word, ...], start: int, end: int) -> tuple[str, str]:
    before = words[start - 1].low if start else ""
    if before in CURRENCIES:
        return CURRENCIES[before], ""
    for word in words[end : end + 3]:
        if word.low == "%":
            return "%", ""
        single = word.low.removesuffix("s")
        if single in CURRENCIES:
            return CURRENCIES[single], ""
        if word.key in UNITS:
            return word.key, ""
        if word.text in CLAUSE or word.text[0].isdigit() or word.low in ("to", "and", "or", "in"):
            break
    nouns = [word.key for word in words[end : end + 3] if word.is_content]
    return "", nouns[0] if nouns else ""
