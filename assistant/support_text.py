"""A sentence as words, and the things in it that must agree: values, dates, names."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.support_values import CLAUSE, Day, Value, Word, days_in, values_in
from assistant.support_words import (
    IRREGULAR,
    SAME_NAME,
    SCALE_MARKS,
    STARTERS,
    SYNONYMS,
    WEEKDAYS,
)
from corpus.dates import MONTH_NUMBERS
from index.kin import one_name
from index.terms import STOP_WORDS, terms

# What may stand behind a figure without a space: "5th", "1.2m", "3.5km".
_BEHIND = rf"(?:st|nd|rd|th|km|(?i:{SCALE_MARKS}))\b"
_TOKEN = re.compile(
    rf"(?:at|up|in)_[a-z]+|[$€£¥]|%|\d+(?:[.,]\d+)*(?=\b|{_BEHIND})|(?<=\d){_BEHIND}"
    r"|(?:[A-Z]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\s\w]"
)
_CLAUSE_WORDS = frozenset("but while although though whereas because which who".split())
_PHRASES = tuple(
    (re.compile(pattern, re.IGNORECASE), short)
    for pattern, short in (
        (r"\bUnited States(?: of America)?\b", "USA"),
        (r"\bUnited Kingdom\b", "UK"),
        (r"\bEuropean Union\b", "EU"),
        (r"\bper ?cent\b", "%"),
        (r"\bno one\b", "nobody"),
        (r"\bat least\b", "at_least"),
        (r"\bat most\b|\bno more than\b", "at_most"),
        (r"\bup to\b(?= [$€£\d])", "up_to"),
        (r"\bin favou?r(?: of)?\b", "in_favour"),
        (r"\bcan ?not\b|\bcan['’]t\b", "can not"),
        (r"\bwon['’]t\b", "will not"),
        (r"\b(\w+)n['’]t\b", r"\1 not"),
    )
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence taken apart. ``names`` are the keys of its words with a capital, with places."""

    text: str
    words: tuple[Word, ...]
    values: tuple[Value, ...]
    days: tuple[Day, ...]
    names: tuple[tuple[str, int], ...]

    @property
    def keys(self) -> frozenset[str]:
        """What its content words are compared by."""
        return frozenset(word.key for word in self.words if word.is_content)

    @property
    def lows(self) -> frozenset[str]:
        """Its words in lower case."""
        return frozenset(word.low for word in self.words)


@functools.lru_cache(maxsize=1_024)
def parse(text: str) -> Parsed:
    """Take a sentence apart."""
    words = tuple(_words(text))
    days, used = days_in(words)
    values = tuple(values_in(words, used))
    names = tuple(_names(words, used))
    return Parsed(text, words, values, days, names)


def key_of(low: str) -> str:
    """Return what a word in lower case is compared by; empty for a word that says nothing."""
    if low in SAME_NAME:
        return SAME_NAME[low]
    if "_" in low:
        return ""
    low = low if low in SYNONYMS else IRREGULAR.get(low, low)
    if low in SYNONYMS:
        return SYNONYMS[low]
    if low in STOP_WORDS or not low[:1].isalnum():
        return ""
    found = terms(low)
    return SYNONYMS.get(found[0], one_name(found[0])) if found else ""


def _words(text: str) -> Iterator[Word]:
    for pattern, short in _PHRASES:
        text = pattern.sub(short, text)
    clause = 0
    for place, found in enumerate(_TOKEN.finditer(text)):
        token = found.group()
        low = re.sub(r"['’]s$|['’]$", "", token.casefold())
        low = low.replace(".", "") if re.fullmatch(r"(?:[a-z]\.)+", low) else low
        if token in CLAUSE or low in _CLAUSE_WORDS:
            clause += 1
        yield Word(token, low, key_of(low), clause, place)


def _names(words: tuple[Word, ...], used: frozenset[int]) -> Iterator[tuple[str, int]]:
    opening = True
    for word in words:
        if word.place in used or not word.text[0].isalpha():
            opening = opening and word.text[0] in "\"'“‘(["
            continue
        if _is_name(word) and not (opening and word.low in STARTERS):
            yield word.key, word.place
        opening = False


def _is_name(word: Word) -> bool:
    return (
        word.text[0].isupper()
        and word.is_content
        and (len(word.text) > 1)
        and word.low not in WEEKDAYS
        and word.low not in MONTH_NUMBERS
    )
