"""A follow-up ("and when does it end?") becomes a question that can be searched for alone.

What was tried on the tuning half of ``evals/suites/followups.jsonl`` is in decision 30.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from assistant.answers import Turn
from assistant.followup_words import (
    ASKS_ON,
    NAMED,
    OF_A_KIND,
    OF_A_PERSON,
    OF_SEVERAL,
    QUESTION_WORDS,
    content,
    given_names,
    goes_on,
    is_date,
    is_full,
    names,
    opens,
    points_back,
    speaks_of_a_thing,
    without_and,
    without_opening,
)
from index.terms import STOP_WORDS, terms

_TURNS = 6
"""Turns that are looked back at: what was spoken of before those is no subject any more."""
_SHORT = 4
"""Content words of a question that names nothing, at most, with which it may be a follow-up."""
_ON_TOPIC = 0.5
"""The share of such a question's content words that must have been told before."""
_ASKS_FOR_A_NAME = re.compile(r"^\s*(?:who|whom|whose|which|what (?:company|firm|city))\b", re.I)
_ONLY_A_NAME = re.compile(
    r"(?:(?:[Aa]nd|[Bb]ut|[Oo]r|[Ss]o) )?(?:(?:[Ww]hat|[Hh]ow) about )?"
    r"(?:(?P<word>(?i:in|on|at|for|with|by|from|of|since|after|before|during|to)) )?"
    rf"(?P<named>{NAMED})[?.!]*"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a turn told: the stems of its answer and of the documents it cites, and of those
    documents' titles alone."""

    stems: frozenset[str]
    titles: frozenset[str] = frozenset()


Told = Callable[[Turn], Known]


def answer_only(turn: Turn) -> Known:
    """Return what a turn told, where its documents cannot be looked at."""
    return Known(frozenset(terms(turn.answer)))


def stand_alone(question: str, history: Sequence[Turn], told: Told = answer_only) -> str:
    """Return the question with what it points back to, or unchanged where it points at nothing.

    A question that only names another place, person or time ("And in Italy?") is the question
    before with that name in place of its own. Otherwise what the question before was about is
    added. A chain of follow-ups keeps the subject of its first question, because each earlier
    question is completed first, unless it is known what was searched for then.
    """
    if not history:
        return question
    last, known = history[-1], told(history[-1])
    before = last.searched or stand_alone(last.question, history[-_TURNS:-1], told)
    if not depends(question, known.stems.union(terms(before))):
        return without_and(question)
    swapped = _swapped(question, before)
    if swapped is not None:
        return swapped
    own = set(terms(question))
    subject = _subject(question, before, last.answer, known.titles)
    carried = [word for word in subject if not {*terms(word)} <= own]
    return f"{question.strip()} ({' '.join(carried)})" if carried else question


def depends(question: str, known: Collection[str] = ()) -> bool:
    """Tell whether a question leans on the one before it; ``known`` are the stems told so far.

    It does when it names nothing itself and points back ("When does it end?"), asks on ("Why was
    the fine so low?") or says so little that nothing could be found ("Where?"); or when its few
    words are about what was told ("Who sat on the panel?"). One that names something does where it
    only names it ("And in Europe?"), points back before it does, or goes on about something that
    was told. A whole question about anything else is another topic, whatever word it opens with.
    """
    named = {stem for name in names(question) for stem in terms(name)}
    if named:
        if points_back(question) or _ONLY_A_NAME.fullmatch(question.strip()):
            return True
        return goes_on(question) and (not is_full(question) or named <= set(known))
    stems = terms(without_opening(question))
    if (
        len(stems) <= 1
        or points_back(question)
        or any(one.search(question) for one in (ASKS_ON, OF_A_KIND))
    ):
        return True
    if goes_on(question) and not is_full(question):
        return True
    on_topic = sum(stem in known for stem in stems) >= _ON_TOPIC * len(stems)
    if goes_on(question) or speaks_of_a_thing(question):
        return on_topic
    return on_topic and len(stems) <= _SHORT


def may_depend(question: str) -> bool:
    """Tell whether a question could lean on the one before it, whatever that told."""
    return not (is_full(question) and names(question)) or goes_on(question) or points_back(question)


def _subject(question: str, before: str, answer: str, titles: frozenset[str]) -> list[str]:
    """Return what a question is about, from the one before it and that one's answer.

    A question that asks something by itself is about what the one before it names, and what the
    documents cited there are about; the words with which that one asked would only lead back to
    its answer. Where it asked for a name, or named nothing, the name is the answer's.
    """
    asked, words = names(before), content(before)
    asks_itself = is_full(question) and content(without_opening(question))
    if asked and asks_itself and not OF_SEVERAL.search(question):
        named = {word for name in asked for word in name.split()}
        if titles or len(named) > 1:
            words = [word for word in words if word in named or {*terms(word)} <= titles]
    if not _ASKS_FOR_A_NAME.search(without_opening(before)):
        return words
    if asked and not OF_A_PERSON.search(question):
        return words
    new = [one for one in given_names(answer) if not {*terms(one)} & {*terms(before)}]
    return [*words, *new[:1]]


def _swapped(question: str, before: str) -> str | None:
    """Return the question before about the name in this one, if this one is no more than a name.

    With a preposition ("And in Italy?") the last name after the same preposition is replaced,
    without one ("What about Italy?") the last name there is; a date only by a date.
    """
    found = _ONLY_A_NAME.fullmatch(question.strip())
    if not found or found["name"].split()[0].lower() in QUESTION_WORDS | STOP_WORDS:
        return None
    word = (found["word"] or "").lower()
    pattern = rf"(?<=\b{word} ){NAMED}" if word else NAMED
    places = [
        place
        for place in re.finditer(pattern, before)
        if not opens(before, place["name"]) and is_date(place["name"]) == is_date(found["name"])
    ]
    if not places:
        return None
    last = places[-1]
    return before[: last.start()] + found["named"] + before[last.end() :]
