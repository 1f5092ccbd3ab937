"""A follow-up ("and when does it end?") becomes a question that can be searched for alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers import Turn
from index.terms import STOP_WORDS, terms, tokens

_POINTS_BACK = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|that|those|this|these|there|"
    r"then|one|ones|the same|such)\b",
    re.I,
)
_GOES_ON = re.compile(r"^\s*(?:and|but|so|or|also|what about|how about)\b", re.I)
_ASKS_ON = re.compile(r"^\s*(?:why|since when)\b", re.I)
_THING = re.compile(
    r"\bthe (?:company|firm|contract|law|case|ruling|fine|deal|agency|man|woman)\b", re.I
)
_QUESTION_WORDS = frozenset(
    "what when since where which who whom whose why how much many did does do is are was "
    "were".split()
)
_NAMED = r"(?:the )?(?P<name>(?:[A-Z]|\d)[\w’'.-]*\w(?: (?:of |the )?(?:[A-Z]|\d)[\w’'.-]*\w)*)"
_ONLY_A_NAME = re.compile(
    r"(?:(?:[Aa]nd|[Bb]ut|[Oo]r|[Ss]o) )?(?:(?:[Ww]hat|[Hh]ow) about )?"
    r"(?:(?P<word>(?i:in|on|at|for|with|by|from|of|since|after|before|during|to)) )?"
    rf"(?P<named>{_NAMED})[?.!]*"
)
_MARKER = re.compile(r"\s*\[\d{1,3}\]")
_NAME = re.compile(r"[A-Z][\w’'-]+(?:\s+(?:of |the |for )?[A-Z][\w’'-]+)*")


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """Return the question with what it points back to, or unchanged where it points at nothing.

    A question that only names another place, person or time ("And in Italy?") is the question
    before with that name in place of its own. Otherwise the subject comes from the question before:
    its names and content words. A chain of follow-ups keeps the subject of its first question,
    because each earlier question is completed first.
    """
    if not history or not depends(question):
        return question
    before = stand_alone(history[-1].question, history[:-1])
    swapped = _swapped(question, before)
    if swapped is not None:
        return swapped
    known = set(terms(question))
    carried = [word for word in _content(before) if not set(terms(word)) <= known]
    return f"{question.strip()} ({' '.join(carried)})" if carried else question


def depends(question: str) -> bool:
    """Tell whether a question leans on the one before it.

    It does when it goes on ("And in Europe?"), or when it names nothing itself and points back
    ("When does it end?"), asks on ("Why was the fine so low?") or says so little that nothing
    could be found ("Where?").
    """
    if _GOES_ON.search(question):
        return True
    names = [name for name in _NAME.findall(question) if not _opens(question, name)]
    leans = any(one.search(question) for one in (_POINTS_BACK, _THING, _ASKS_ON))
    return not names and (leans or len(terms(question)) <= 1)


def _swapped(question: str, before: str) -> str | None:
    """Return the question before about the name in this one, if this one is no more than a name.

    With a preposition ("And in Italy?") the last name after the same preposition is replaced,
    without one ("What about Italy?") the last name there is.
    """
    found = _ONLY_A_NAME.fullmatch(question.strip())
    if not found or found["name"].split()[0].lower() in _QUESTION_WORDS | STOP_WORDS:
        return None
    word = (found["word"] or "").lower()
    pattern = rf"(?<=\b{word} ){_NAMED}" if word else _NAMED
    places = [place for place in re.finditer(pattern, before) if not _opens(before, place["name"])]
    if not places:
        return None
    last = places[-1]
    return before[: last.start()] + found["named"] + before[last.end() :]


def _opens(question: str, name: str) -> bool:
    """Tell whether a capitalised word is just the first word of the question."""
    return question.lstrip().startswith(name) and name.split()[0].lower() in (
        _QUESTION_WORDS | STOP_WORDS
    )


def _content(question: str) -> list[str]:
    """Return the names and content words of a question, in order, as they were written."""
    words = re.findall(r"[\w$€£][\w,.’'$€£-]*[\w]|[\w]", _MARKER.sub("", question))
    return [
        word
        for word in words
        if any(token not in STOP_WORDS | _QUESTION_WORDS for token in tokens(word))
    ]
