"""What shows that a question leans on the one before it, and the words that it takes from there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.terms import STOP_WORDS, tokens

POINTS_BACK = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|that|those|this|these|there|"
    r"then|one|ones|the same|such)\b",
    re.I,
)
OF_A_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.I)
OF_SEVERAL = re.compile(r"\b(?:they|them|their|theirs|these|those)\b", re.I)
OF_A_KIND = re.compile(
    r"\bthe (?:company|firm|contract|law|case|ruling|fine|deal|agency|man|woman)\b", re.I
)
ASKS_ON = re.compile(
    r"^\s*(?:why|since when|what next"
    r"|(?:who|what|where|which \w+|how many) (?:else|others?|more))\b",
    re.I,
)
QUESTION_WORDS = frozenset(
    "what when since where which who whom whose why how much many did does do is are was "
    "were "
    # An English archive is asked in other languages too: these are no names.
    "warum wieso weshalb wann wie wer wo und pourquoi quand comment combien qui et".split()
)
NAMED = r"(?:the )?(?P<name>(?:[A-Z]|\d)[\w’'.-]*\w(?: (?:of |the )?(?:[A-Z]|\d)[\w’'.-]*\w)*)"
_AND = re.compile(r"^\s*(?:(?:and|but|so|or|also|then)\b[\s,]*)*", re.I)
_ABOUT = re.compile(r"^(?:what|how) about\b\s*", re.I)
_FULL = re.compile(
    r"^(?:(?:(?:in|on|at|for|with|by|from|of|since|to|under|over|through) )?"
    r"(?:what|when|where|which|who|whom|whose|why|how)\b"
    r"|(?:did|does|do|is|are|was|were|has|have|had|can|could|may|must|will|would|should)\b)",
    re.I,
)
_EXISTS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would) there\b|\bthere (?:is|are|was|were|has|have)\b",
    re.I,
)
_THING = re.compile(r"\b(?:the|that|this|these|those) [a-z]\w+", re.I)
_WORD = r"[A-Z](?:[\w’'-]|\.(?=\w))+"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:of |the |for )?{_WORD})*")
_PLACE = r"\b(?:in|at|from|of|to|on) (?:the )?"
_MARKER = re.compile(r"(?<!\s)\s*\[\d{1,3}\]")
_DATE_WORDS = frozenset(
    "january february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday".split()
)


def without_and(question: str) -> str:
    """Return a question without the "And", "But" or "So" that it opens with."""
    rest = _AND.sub("", question, count=1)
    return question if rest == question or not rest else rest[0].upper() + rest[1:]


def without_opening(question: str) -> str:
    """Return a question without an "And", "But" or "So", and without a "What about"."""
    return _ABOUT.sub("", _AND.sub("", question, count=1), count=1).strip()


def goes_on(question: str) -> bool:
    """Tell whether a question opens as one does that goes on with another."""
    return without_opening(question) != question.strip()


def is_full(question: str) -> bool:
    """Tell whether a question asks something by itself, and does not only name another thing."""
    return bool(_FULL.match(without_opening(question)))


def points_back(question: str) -> bool:
    """Tell whether a word of a question stands for something that was told before it.

    One behind a name may stand for that name: "Did Acme say when it will pay?"
    """
    plain = _EXISTS.sub(" ", question)
    first = next((at for at, _ in _named(plain)), len(plain))
    found = POINTS_BACK.search(plain)
    return found is not None and found.start() < first


def speaks_of_a_thing(question: str) -> bool:
    """Tell whether a question speaks of "the panel" or "that deal" as if it had been named."""
    return bool(_THING.search(question))


def names(text: str) -> list[str]:
    """Return the names in a text, in order, as written; no dates, and no word for its capital."""
    return list(dict.fromkeys(name for _, name in _named(text) if not is_date(name)))


def given_names(answer: str) -> list[str]:
    """Return the names in an answer that may be what was asked for: none behind an "in" or "of"."""
    return [one for one in names(answer) if not re.search(_PLACE + re.escape(one), answer)]


def opens(text: str, name: str) -> bool:
    """Tell whether a capitalised word is just the first word of a text."""
    return text.lstrip().startswith(name) and name.split()[0].lower() in (
        QUESTION_WORDS | STOP_WORDS
    )


def is_date(text: str) -> bool:
    """Tell whether a text is nothing but a month, a day or a number."""
    return all(word.isdigit() or word in _DATE_WORDS for word in tokens(text))


def content(question: str) -> list[str]:
    """Return the names and content words of a question, in order, as they were written."""
    words = re.findall(r"[\w$€£][\w,.’'$€£-]*[\w]|[\w]", _MARKER.sub("", question))
    return [
        word
        for word in words
        if any(token not in STOP_WORDS | QUESTION_WORDS for token in tokens(word))
    ]


def _named(text: str) -> Iterator[tuple[int, str]]:
    """Yield where names stand and what they are, without a "The" or "Did" that only opens."""
    for found in _NAME.finditer(text):
        at, name = found.start(), found[0]
        while name and _means_nothing(name.split()[0]):
            rest = name[len(name.split()[0]) :]
            at, name = at + len(name) - len(rest.lstrip()), rest.lstrip()
        if name:
            yield at, name


def _means_nothing(word: str) -> bool:
    return all(token in STOP_WORDS | QUESTION_WORDS for token in tokens(word))
