"""The direct answer to a comparison: what two values come to, where both are sure.

"Was the Dutch fine larger than the Italian one?" is answered "Yes: 30.5 million euros against 20
million euros". Each value stands word for word in its side's quote and is the only one of its kind
there; that the one is larger is reckoned from how each is told. "More than 16 months" has no end
and "nearly 30" is not 31, so that nothing is said where they may overlap.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.asking_part import asks_whether
from assistant.elsewhere import names_others
from assistant.expect import Expected, Kind
from assistant.extract import Quote
from assistant.lift import only
from assistant.stated import Stated, comparable, same, start_of, values_of
from index.compared import direction
from index.kin import held, kin_of
from index.terms import terms

_DENIED = re.compile(r"\b(?:not|never|no|neither|nor)\b|n['’]t\b", re.I)
# In lower case: not the month.
_UNSURE = re.compile(
    r"\b(?:may|might|could|would|should|if|unless|expect\w*|plan(?:s|ned)?|propos\w+|alleg\w+|"
    r"risk(?:s|ed)?|sought|seeks?|demand\w*|potential\w*|maximum|minimum)\b"
)
_AT_LEAST = re.compile(r"^(?:more than|at least|over)\b", re.I)
_AT_MOST = re.compile(
    r"^(?:up to|at most|fewer than|less than|under|as many as|as much as)\b", re.I
)
_SHORT_OF = re.compile(r"^(?:nearly|almost|close to)\b", re.I)
_ROUGHLY = 0.1
"""How far off a number may be that is told with "about"."""
_OF_QUESTION = 0.5
"""The share of what is asked of both sides that each one's sentence or title must have."""
_MEASURES = frozenset(terms("long large big high old much many money"))
"""Words that ask for a value and hardly stand beside it."""
_LOWER = re.compile(r"(?<![\w’'-])[a-z][\w-]*")
_SUM = re.compile(
    r"\b(?:add(?:s|ed)? up|sums?|total\w*|together|altogether|combined|both|each|respectively)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class SideTold:
    """What one side is called and asked, the kind of value wanted, its quote and its title."""

    name: str
    asked: str
    own: frozenset[str]
    wanted: Expected
    quote: Quote
    title: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A direct answer, and the two values it rests on, each as ``quote.text[start:end]``."""

    text: str
    values: tuple[tuple[int, int], tuple[int, int]]


def weighed(question: str, told: Sequence[SideTold]) -> Weighed | None:
    """Return what a comparison of two sides comes to; None where there is any doubt."""
    way = direction(question)
    if len(told) != 2 or not way or _DENIED.search(question):
        return None
    one, other = told
    mine, theirs = _value(one), _value(other)
    if mine is None or theirs is None or not comparable(mine, theirs):
        return None
    spans = _span(mine, one), _span(theirs, other)
    said = [side.quote.text[slice(*span)] for side, span in zip(told, spans, strict=True)]
    found = _compare(mine, theirs, *said)
    if found is None:
        return None
    if asks_whether(question) and not re.search(r"\bor\b", question):
        return Weighed(f"{'Yes' if found == way else 'No'}: {said[0]} against {said[1]}", spans)
    if found == 0:
        return None
    first = 0 if found == way else 1
    name = told[first].name
    text = f"{name[:1].upper()}{name[1:]}: {said[first]} against {said[1 - first]}"
    return Weighed(text, spans)


def _span(value: Stated, side: SideTold) -> tuple[int, int]:
    return start_of(value, side.quote.text), value.end


def _value(side: SideTold) -> Stated | None:
    """Return the one value that a side's sentence gives for what is asked."""
    text = side.quote.text
    if _UNSURE.search(text) or _SUM.search(text) or not _is_about(side):
        return None
    asked = values_of(side.wanted, side.asked)
    values = [
        one for one in values_of(side.wanted, text) if not any(same(one, other) for other in asked)
    ]
    value = only(values)
    return None if value is None or _DENIED.search(_clause(text, value)) else value


def _clause(text: str, value: Stated) -> str:
    """Return the part of a sentence between commas that a value stands in."""
    before = re.split(r"[,;:] ", text[: value.start])[-1]
    return before + re.split(r"[,;:] ", text[value.start :])[0]


def _is_about(side: SideTold) -> bool:
    """Tell whether a sentence tells of no other country, and it or its title has what the side is
    called in lower case (a city's *settlement* is not its other sums), and enough of what is asked
    of both sides beside what is counted: stores that were searched are not those that were closed.
    Of a date it has to be the sentence: when a ban was voted for it did not take effect."""
    text = side.quote.text
    if names_others(text, side.name):
        return False
    lent = "" if side.wanted.kind is Kind.DATE else side.title
    shared = set(terms(side.asked)) - side.own - _MEASURES - set(side.wanted.focus)
    called = set(terms(" ".join(_LOWER.findall(side.name))))
    there = held(shared | called, kin_of(side.asked), terms(f"{lent} {text}")).keys()
    return called <= there and len(shared & there) >= _OF_QUESTION * len(shared)


def _compare(mine: Stated, theirs: Stated, said: str, told: str) -> int | None:
    """Return 1 where the first is surely more or later, -1 where it is less, 0 where they are the
    same; else None. The texts are the values with the words that make them rough."""
    if mine.kind is Kind.DATE:
        return _compare_days(mine, theirs)
    (low, high), (least, most) = _range(mine, said), _range(theirs, told)
    if low > most or high < least:
        told_apart = not same(mine, theirs)  # 1.4 billion may be 1.375 billion, rounded
        return (1 if low > most else -1) if told_apart else None
    return 0 if low == high == least == most else None


def _range(value: Stated, said: str) -> tuple[float, float]:
    amount = value.amount
    if _AT_LEAST.match(said):
        return amount, math.inf
    if _AT_MOST.match(said):
        return 0.0, amount
    if _SHORT_OF.match(said):
        return (1 - _ROUGHLY) * amount, amount
    if value.rough:
        return (1 - _ROUGHLY) * amount, (1 + _ROUGHLY) * amount
    return amount, amount


def _compare_days(mine: Stated, theirs: Stated) -> int | None:
    """Compare two dates by what both of them tell, from the year on."""
    if mine.rough or theirs.rough:
        return None
    pairs = ((mine.year, theirs.year), (mine.month, theirs.month), (mine.day, theirs.day))
    for one, other in pairs:
        if one is None or other is None:
            return None
        if one != other:
            return 1 if one > other else -1
    return 0
