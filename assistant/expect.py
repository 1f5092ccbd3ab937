"""What kind of thing a question asks for, and whether a sentence has one."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from index.terms import terms


class Kind(enum.Enum):
    """The kinds of answer that can be told from the words of a question."""

    MONEY = "money"
    COUNT = "count"
    DATE = "date"
    DURATION = "duration"
    PERSON = "person"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Expected:
    """``focus`` holds the stems of what is counted or measured ("how many *employees*")."""

    kind: Kind
    focus: tuple[str, ...] = ()


_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_NUMBER_WORD = (
    "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    "dozens?|hundreds?|thousands?|millions?|billions?|none|half|both)"
)
_UNIT = "(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)"

_QUESTIONS = (
    (Kind.DURATION, re.compile(r"\bhow long\b|\bfor how many (?:days|weeks|months|years)\b", re.I)),
    (Kind.MONEY, re.compile(
        r"\bhow much\b.*\b(?:money|worth|cost|costs|pay|paid|pays|fined?|spend|spent|raised?|"
        r"settle[ds]?|earn|value|price|damages|owe)\b"
        r"|\bhow (?:large|big|high) (?:was|is|were) the (?:\w+ )?(?:fine|penalty|settlement)\b"
        r"|\bwhat (?:was|is|were) the (?:\w+ ){0,2}(?:fine|penalty|price|cost|amount|sum|fee)\b"
        r"|\bwhat (?:fine|penalty|price|cost|amount|sum|fee)\b", re.I)),
    (Kind.COUNT, re.compile(
        r"\bhow many\b|\bwhat (?:percentage|percent|share|proportion|number)\b", re.I)),
    (Kind.DATE, re.compile(
        r"\bwhen\b|\b(?:what|which|in what|on what) (?:year|date|day|month)\b", re.I)),
    (Kind.PERSON, re.compile(r"\bwho\b|\bwhose\b|\bwhom\b", re.I)),
)  # fmt: skip
_FOCUS = re.compile(
    r"\bhow many ((?:[\w’'-]+ ?){1,3}?)(?:\b(?:do|does|did|is|are|was|were|has|have|had|can|could|"
    r"will|would|of|in|on|at|by|for|from|that|who|which|to)\b|\?|$)",
    re.I,
)

_MONEY = re.compile(
    r"[$€£¥]\s?\d|\b\d[\d,.]*\s?(?:(?:thousand|million|billion|trillion)\s)?"
    r"(?:dollars?|euros?|pounds?|yuan|yen|cents?|usd|eur|gbp)\b",
    re.I,
)
_DATE = re.compile(rf"\b(?:1[89]|20)\d\d\b|\b{_MONTH}\s+\d{{1,2}}\b|\b\d{{1,2}}\s+{_MONTH}\b", re.I)
_DURATION = re.compile(rf"\b(?:\d+|a|an|one|{_NUMBER_WORD})[- ](?:\w+ )?{_UNIT}\b", re.I)
_NUMBER = re.compile(rf"\b\d[\d,.]*|\b{_NUMBER_WORD}\b|\bone\b|\b\d+%", re.I)
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s(?:[A-Z]\.\s)?(?:de |van |von |bin |al-)?[A-Z][\w’'-]+)+")


def expected(question: str) -> Expected:
    """Return what a question asks for; Kind.OTHER where its words do not tell."""
    for kind, pattern in _QUESTIONS:
        if pattern.search(question):
            focus = _FOCUS.search(question) if kind is Kind.COUNT else None
            return Expected(kind, tuple(terms(focus.group(1))) if focus else ())
    return Expected(Kind.OTHER)


def has_expected(wanted: Expected, sentence: str) -> bool:
    """Tell whether a sentence holds a thing of the wanted kind; Kind.OTHER is always there.

    A count must stand in a sentence that names what is counted: a sentence with some other number
    answers nothing.
    """
    if wanted.kind is Kind.COUNT:
        named = not wanted.focus or bool(set(wanted.focus) & set(terms(sentence)))
        return named and bool(_NUMBER.search(_DATE.sub(" ", sentence)))
    pattern = _SHAPES.get(wanted.kind)
    return pattern is None or bool(pattern.search(sentence))


_SHAPES = {
    Kind.MONEY: _MONEY,
    Kind.DATE: _DATE,
    Kind.DURATION: _DURATION,
    Kind.PERSON: _NAME,
}
