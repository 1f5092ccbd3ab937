"""What kind of thing a question asks for, and whether a sentence has one."""

from __future__ import annotations

import enum
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from assistant.asking_part import asking_part, asks_by
from corpus.dates import MONTHS
from index.terms import terms


class Kind(enum.Enum):
    """The kinds of answer that can be told from the words of a question."""

    MONEY = "money"
    COUNT = "count"
    DATE = "date"
    DURATION = "duration"
    PERSON = "person"
    QUANTITY = "quantity"
    AGE = "age"
    SHARE = "share"
    REASON = "reason"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Expected:
    """``focus`` holds the stems of what is counted or measured ("how many *employees*")."""

    kind: Kind
    focus: tuple[str, ...] = ()


_MONTH = f"(?:{'|'.join(MONTHS)})"
_NUMBER_WORD = (
    "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    "dozens?|hundreds?|thousands?|millions?|billions?|none|half|both)"
)
_UNIT = "(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)"

_QUESTIONS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (Kind.DURATION, r"\bhow (?:much )?long(?:er)?\b"),
        (Kind.DURATION, r"\bfor how many (?:days|weeks|months|years)\b"),
        (Kind.SHARE, r"\bwhat (?:percentage|percent|share|proportion|fraction)\b"),
        (Kind.MONEY, r"\bhow much\b(?! (?:time|more|less|of)\b)"),
        (Kind.MONEY, r"\bhow (?:large|big|high) .{0,40}\b(?:fines?|penalt\w+|settlements?)\b"),
        (Kind.MONEY, r"\bwhat .{0,25}\b(?:fine|penalty|price|cost|amount|sum|fee)\b"),
        (Kind.MONEY, r"\bwhat (?:do|does|did)\b.*\b(?:pay|cost|spend|earn|charge)\b"),
        (Kind.COUNT, r"\bhow many\b|\bwhat number\b"),
        (Kind.AGE, r"\bhow old\b"),
        (Kind.QUANTITY, r"\bhow (?:big|large|fast|high|tall|far|deep|wide|heavy|quickly)\b"),
        (Kind.QUANTITY, r"\bhow (?:often|soon|accurate)\b"),
        (Kind.DATE, r"\b(?:what|which) (?:year|date|day|month)\b"),
        (Kind.REASON, r"\bfor what reason\b"),
    )
)
"""Tried in order: the first that matches tells."""
_WORDS = {Kind.DATE: ("when",), Kind.PERSON: ("who", "whose", "whom"), Kind.REASON: ("why",)}
"""Question words that tell by themselves, where it is they that ask."""
_FOCUS = re.compile(
    r"\bhow many ((?:[\w’'-]++ ?){1,3}?)(?:\b(?:do|does|did|is|are|was|were|has|have|had|can|could|"
    r"will|would|of|in|on|at|by|for|from|that|who|which|to)\b|\?|$)",
    re.I,
)

_MONEY = re.compile(
    r"[$€£¥]\s?\d|\b\d[\d,.]*\s?(?:(?:thousand|million|billion|trillion)\s)?"
    r"(?:dollars?|euros?|pounds?|yuan|yen|cents?|usd|eur|gbp|kron(?:a|or|er?)|crowns?|francs?|"
    r"rupees?|rou?bles?|zloty|pesos?|shekels?)\b",
    re.I,
)
_DATE = re.compile(rf"\b(?:1[89]|20)\d\d\b|\b{_MONTH}\s+\d{{1,2}}\b|\b\d{{1,2}}\s+{_MONTH}\b", re.I)
_DURATION = re.compile(rf"\b(?:\d+|a|an|one|{_NUMBER_WORD})[- ](?:\w+ )?{_UNIT}\b", re.I)
_NUMBER = re.compile(rf"\b\d[\d,.]*|\b{_NUMBER_WORD}\b|\bone\b|\b\d+%", re.I)
_AGE = re.compile(
    r"\b(?:\d{1,3}|" + _NUMBER_WORD + r")[- ](?:years?|months?|weeks?|days?)[- ]old\b|\baged? \d"
    r"|, (?:then |now )?\d{1,3}(?=[,.;]|$)|\bage of\b|\b(?:turn(?:s|ed)?|teenage\w*) \d"
    r"|\b(?:born|found|founded|established|built|opened|made|passed|enacted|dat(?:es?|ed|ing))\b"
    r"[^.]*\b\d{3,4}\b|\bcentur(?:y|ies)\b",
    re.I,
)
_SHARE = re.compile(r"\d\s?%|\bper ?cent\b|\b(?:half|third|quarter|fifth|tenth)s?\b", re.I)
_REASON = re.compile(
    r"\b(?:because|due to|reasons?|in order to|so that|since|owing to|as a result|after|lack of|"
    r"over (?:concerns?|fears?)|concerns?|citing|to (?:avoid|prevent|protect|stop))\b",
    re.I,
)
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s(?:[A-Z]\.\s)?(?:de |van |von |bin |al-)?[A-Z][\w’'-]+)+")


_ALIKE = {
    stem: group.split()[0]
    for group in (
        "imag pictur photo photograph",
        "store shop",
        "employe worker",
        "child kid children",
    )
    for stem in group.split()
}
"""Stems of things that are counted under several names."""


def things(stems: Iterable[str]) -> set[str]:
    """Return stems with one in place of all that are like names of the same thing."""
    return {_ALIKE.get(one, one) for one in stems}


def counts(text: str, focus: Collection[str]) -> bool:
    """Tell whether a text names one of the things that are counted, by that or a like name."""
    return bool(things(focus) & things(terms(text)))


def expected(question: str) -> Expected:
    """Return what a question asks for; Kind.OTHER where its words do not tell."""
    part = asking_part(question)
    for kind, pattern in _QUESTIONS:
        if pattern.search(part):
            focus = _FOCUS.search(part) if kind is Kind.COUNT else None
            return Expected(kind, tuple(terms(focus.group(1))) if focus else ())
    for kind, words in _WORDS.items():
        if asks_by(question, *words):
            return Expected(kind)
    return Expected(Kind.OTHER)


def has_expected(wanted: Expected, sentence: str) -> bool:
    """Tell whether a sentence holds a thing of the wanted kind; Kind.OTHER is always there.

    A count must stand in a sentence that names what is counted: a sentence with some other number
    answers nothing.
    """
    if wanted.kind is Kind.COUNT:
        named = not wanted.focus or counts(sentence, wanted.focus)
        return named and bool(_NUMBER.search(_DATE.sub(" ", sentence)))
    pattern = _SHAPES.get(wanted.kind)
    return pattern is None or bool(pattern.search(sentence))


_SHAPES = {
    Kind.MONEY: _MONEY,
    Kind.DATE: _DATE,
    Kind.DURATION: _DURATION,
    Kind.PERSON: _NAME,
    Kind.QUANTITY: _NUMBER,
    Kind.AGE: _AGE,
    Kind.SHARE: _SHARE,
    Kind.REASON: _REASON,
}
