"""The part of a question that asks, without what it says beside that.

"When the court ruled, what did the city do?" has a "when" and asks for no date, and "What did the
man who sued say?" asks for no name. So a question word only tells what is asked for where it is the
first one that asks, or where the question says that it wants to know.
"""

from __future__ import annotations

import re

_AUX = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|must|may|might|should)"
    r"(?:n['’]t)?"
)
_WORD = r"(?:how|what|which|when|where|who|whom|whose|why)"
_BESIDE = re.compile(
    rf"^\W*(?:(?:and|but|so) )?(?:when|while|after|before|once|as soon as|since|if|although|though)"
    rf" (?!{_AUX}\b)(?:[^,?]|,(?= ?\d))+,\s+"
    rf"(?=(?:(?:in|on|at|for|by|from|to|with|of|about) )?(?:{_WORD}|{_AUX})\b)",
    re.IGNORECASE,
)
"""A clause in front of what is asked: "When the court ruled, "."""
_FIRST = re.compile(rf"\b{_WORD}\b", re.IGNORECASE)
_WHETHER = re.compile(rf"^\W*(?:and |but |so )?{_AUX}\b", re.IGNORECASE)
_TOLD = re.compile(
    rf"\b(?:know|knows|known|tell|say|says|said|told|find out|clear|sure|remember|idea)"
    rf"(?: (?:me|us|of|about|exactly))* (?P<word>{_WORD})\b",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"\b(?:names? of|which|what) (?:the )?"
    rf"(?!{_AUX}\b)(?:[\w'’-]+ ){{1,3}}(?P<who>who|whom|whose)\b"
    rf"|\band (?P<word>{_WORD})\b",
    re.IGNORECASE,
)
"""Whom "the name of the judge who ..." asks for is a person, and "where and when" asks for both."""


def asking_part(question: str) -> str:
    """Return a question without a clause of time or condition in front of what it asks."""
    found = _BESIDE.match(question)
    return question[found.end() :] if found else question


def asks_whether(question: str) -> bool:
    """Tell whether a question is one to be answered with yes or no."""
    part = asking_part(question)
    return bool(_WHETHER.match(part)) and not _wants_told(part)


def asks_by(question: str, *words: str) -> bool:
    """Tell whether a question asks with one of these question words, in lower case."""
    part = asking_part(question)
    if told := _wants_told(part):
        return told in words
    if _WHETHER.match(part):
        return False
    first = _FIRST.search(part)
    if first and first[0].lower() in words:
        return True
    return any((also["who"] or also["word"]).lower() in words for also in _ALSO.finditer(part))


def _wants_told(part: str) -> str:
    """Return the question word of "do you know when ..."; empty where another one asks before."""
    told, first = _TOLD.search(part), _FIRST.search(part)
    if told is None or first is None or first.start() < told.start("word"):
        return ""
    return told["word"].lower()
