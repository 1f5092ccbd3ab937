"""The short answer that is lifted out of a quote, where the question leaves no doubt which it is.

"When did the mine open?" asks for a date, and a sentence with one date gives it. Where a sentence
has several, or the question's words do not tell what it asks for, nothing is lifted: the quote says
it all, and a wrong short answer is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.asking_part import asking_part
from assistant.expect import Expected, Kind
from assistant.extract import Quote
from assistant.given import NAME, NO_PERSON
from assistant.quote_ranker import quote_model
from assistant.stated import Stated, same, values_of
from index.kin import kin_of
from index.terms import terms

_TITLES = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Prof|Professor|Senator|Judge|Justice|Captain|Officer|Detective|"
    r"Governor|Mayor|Minister|President|Chief|Lord|Lady|Sir)\.? )+"
)
_OPENINGS = {
    Kind.DATE: r"when\b|(?:in |on )?(?:what|which) (?:year|date|day|month)\b",
    Kind.COUNT: r"how many\b",
    Kind.MONEY: r"how much\b",
    Kind.DURATION: r"how long\b|for how (?:long|many)\b",
    Kind.SHARE: r"what (?:percentage|percent|share|proportion|fraction)\b",
    Kind.PERSON: r"(?:by )?who(?:m|se)?\b",
}
"""How a question of each kind has to open; elsewhere its word may belong to a clause."""
_YES_NO = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|must|may|should)\b", re.I
)
_WHO_IS = re.compile(r"^who(?:'s|’s| is| was| are| were) (?P<name>[^,]+?)\??$", re.I)
_WHERE = re.compile(r"\b(?:in|at|near|outside|around) (?:the )?$", re.I)
"""What stands before a place, and hardly before a person."""
_RIVAL = 0.8
_SAID = re.compile(r"^[\"'“‘]*(yes|no)\b(?=[,.;:!—–-])", re.I)


@dataclass(frozen=True, slots=True)
class Lifted:
    """A short answer: ``sentence[start:end] == text``. ``kind`` says what it is."""

    kind: str
    start: int
    end: int
    text: str


def lift_from(question: str, wanted: Expected, chosen: Sequence[Quote]) -> Lifted | None:
    """Return the short answer that the best quote gives; None where that is in doubt.

    The best one has to be likely to answer at all, and no other that is nearly as likely may give
    another value.
    """
    if not chosen or chosen[0].score < quote_model().lift:
        return None
    found = lift(question, wanted, chosen[0].text)
    rivals = [one for one in chosen[1:] if one.score >= _RIVAL * chosen[0].score]
    others = (lift(question, wanted, one.text) for one in rivals)
    if found and any(other and terms(other.text) != terms(found.text) for other in others):
        return None
    return found


def lift(question: str, wanted: Expected, sentence: str) -> Lifted | None:
    """Return the one value in a sentence that can be meant; None where there is doubt."""
    part = asking_part(question).strip()
    if _YES_NO.match(part):
        found = _SAID.match(sentence)
        return Lifted("yes/no", found.start(1), found.end(1), found[1]) if found else None
    opening = _OPENINGS.get(wanted.kind)
    if opening is None or not re.match(opening, part, re.I):
        return None
    if wanted.kind is Kind.PERSON:
        return _person(question, sentence)
    asked = values_of(wanted, question)
    values = [
        one for one in values_of(wanted, sentence) if not any(same(one, other) for other in asked)
    ]
    return _lifted(only(values))


def only(values: Sequence[Stated]) -> Stated | None:
    """Return the value that all of these are, as it is told most fully; None where they differ."""
    if not values or any(not same(values[0], other) for other in values[1:]):
        return None
    return max(values, key=lambda one: len(one.text))


def _lifted(value: Stated | None) -> Lifted | None:
    if value is None:
        return None
    return Lifted(value.kind.value, value.start, value.end, value.text)


def _person(question: str, sentence: str) -> Lifted | None:
    """Return the one name in a sentence that the question does not have, if it is a person's."""
    known = set(terms(question))
    every = list(NAME.finditer(sentence))
    who = _WHO_IS.match(asking_part(question).strip())
    if who and any({*terms(who["name"])} <= {*terms(found.group())} for found in every):
        return None  # "Who is Ada Lund?" asks what she is, and not for another name
    names = [found for found in every if not set(terms(found.group())) & known]
    if any(_WHERE.search(sentence, 0, found.start()) for found in names):
        return None
    if len({found.group() for found in names}) != 1 or NO_PERSON.search(names[0].group()):
        return None
    if kin_of(names[0].group()):  # "The French" is a people, and no person
        return None
    title = _TITLES.match(names[0].group())
    start = names[0].start() + (title.end() if title else 0)
    end = names[0].end()
    for mark in ("'s", "’s", "'", "’"):
        end -= len(mark) if sentence[start:end].endswith(mark) else 0
    return Lifted(Kind.PERSON.value, start, end, sentence[start:end])
