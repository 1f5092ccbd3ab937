"""The thing that a question asks for by its name: the *shoe size* of a mayor.

A sentence that has the mayor and no size is near to the question and gives nothing of what it asks
for. Where the words tell a kind of value (how many, when), ``given`` looks for that. "Which school"
asks for one of its kind, which a sentence may give by its own name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.expect import Expected, Kind
from assistant.sentence_features import likeness
from index.features import asked, content_words
from index.search import Query
from index.terms import terms
from index.word_table import default_table

_WHAT = r"\b[Ww]hat (?:is|are|was|were)"
_NOUN = r"(?P<thing>(?:[a-z][\w-]* )??[a-z][\w-]*)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_WHAT} (?:\S+ ){{0,4}}\S+(?:['’]s|s['’]) {_NOUN}\?",
        rf"{_WHAT} the names? of (?:the |an? )?{_NOUN}(?: (?:who|that|which|at|of|in|on|for)\b|\?)",
        rf"{_WHAT} the {_NOUN} (?:of|in|for)\b",
    )
)
"""The first that fits tells: "What is the mayor's shoe size?", "... the name of the detective who
...?", "... the shoe size of ...?"."""
_UNSAID = frozenset(
    terms(
        "name title term word role part purpose aim goal motive reason cause result outcome effect "
        "impact meaning difference significance importance kind type sort example function"
    )
)
"""Stems of nouns that a text seldom has where it gives what they stand for."""


def thing_asked(query: Query) -> str:
    """Return the stem of the thing that is asked for by name; empty where there is none."""
    for pattern in _PATTERNS:
        if found := pattern.search(query.text):
            known = [one for one in terms(found["thing"]) if one in query.rarity]
            return known[-1] if known and known[-1] not in _UNSAID else ""
    return ""


def lacks_thing(query: Query, wanted: Expected, sentences: Sequence[str]) -> float:
    """Return how little any of the sentences has of the thing asked for, in 0..1: 0 where one has
    the very word, or nothing is asked for by name."""
    thing = thing_asked(query)
    question = asked(query.text, query.rarity)
    if wanted.kind is not Kind.OTHER or not thing or not sentences or thing not in question.stems:
        return 0.0
    near = likeness(question, [content_words(one) for one in sentences], default_table())
    return float(1 - near[:, question.stems.index(thing)].max())
