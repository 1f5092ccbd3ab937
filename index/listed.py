"""Things that a question lists: "Oakland, Boston and Detroit", "in Virginia, and in Detroit".

A thing is a name: words with a capital or a figure, and in a question that says that it compares,
or is typed in lower case, words by which documents are called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.terms import STOP_WORDS

ASKING = (
    "what|who|whom|whose|which|when|where|why|how|did|does|do|was|were|is|are|had|has|have|can|will"
)
"""Words that begin a question or its clause."""
_WORD = re.compile(r"[\w$€£][\w$€£&’'.-]*[\w]|[\w]|[,;:?!()]")
_PREPOSITIONS = frozenset(
    "in on at for with by of under about against from to after before through during into".split()
)
ARTICLES = frozenset("the a an its their his her those that each also then as well one".split())
_INSIDE = frozenset("of the for v".split())
_JOINS = frozenset(["and", "or", "to", "&"])
_LEADING = frozenset(
    f"{ASKING}|compare|list|name|tell|give|show|say|explain|describe|contrast".split("|")
)
_CUE = re.compile(
    r"\b(?:compar\w+|contrast\w*|versus|vs|differ\w*|both|which (?:of|was|is|one|came)|than|"
    r"between|respectively|each|before or after)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question and where it stands; ``named`` tells whether it is part of a name."""

    text: str
    start: int
    end: int
    named: bool

    @property
    def plain(self) -> str:
        """The word in lower case."""
        return self.text.lower()


def lists(question: str, known: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Return the things that a question lists, each with the question about it alone."""
    loose = bool(_CUE.search(question)) or question == question.lower()
    words = words_in(question, known if loose else lambda word: False)
    found: list[tuple[str, str]] = []
    for group in _groups(question, words):
        before, after = question[: group[0][0]], question[group[-1][1] :]
        things = [question[first:last] for first, last in group]
        found += [(thing, f"{before}{thing}{after}") for thing in things]
    return found


def words_in(question: str, known: Callable[[str], bool] = lambda word: False) -> list[Word]:
    """Return the words and marks of a question; see ``lists`` for ``known``."""
    words: list[Word] = []
    for found in _WORD.finditer(question):
        text = found.group().rstrip(".")
        first = not words or words[-1].text in "?!"
        lower = text.lower()
        usual = lower in STOP_WORDS or (first and lower in _LEADING)
        named = not usual and (
            text[0].isupper() or any(char.isdigit() for char in text) or known(lower)
        )
        words.append(Word(text, found.start(), found.start() + len(text), named))
    return words


def _groups(question: str, words: Sequence[Word]) -> Iterator[list[tuple[int, int]]]:
    """Yield the lists in a question, each as the spans of its things."""
    runs = list(_runs(words))
    place = 0
    while place < len(runs):
        group = [runs[place]]
        joined = False
        while place + 1 < len(runs):
            between = [word.plain for word in words[runs[place][1] : runs[place + 1][0]]]
            tail = _between(between, _before(words, group[0][0]))
            if tail is None:
                break
            joined = joined or any(word in _JOINS for word in between)
            group[-1] = (group[-1][0], group[-1][1] + tail)
            group.append(runs[place + 1])
            place += 1
        group[-1] = (group[-1][0], _end(words, runs[place], group))
        if len(group) > 1 and joined:
            yield [(words[first].start, words[last - 1].end) for first, last in group]
        place += 1


def _end(words: Sequence[Word], last: tuple[int, int], group: Sequence[tuple[int, int]]) -> int:
    """Return where the last thing of a list ends: "the Dutch fine and the Italian *fine*".

    Words after a name are taken for its own where it is a possessor, or has an article and the
    first thing of the list ends in such a word too.
    """
    start, end = last
    tails = not words[group[0][1] - 1].named
    if not words[end - 1].text.endswith(("'s", "’s")) and not (
        tails and _before(words, start) == "the"
    ):
        return end
    stop = end
    while stop < min(len(words), end + 2) and _is_content(words[stop]):
        stop += 1
    return stop


def _is_content(word: Word) -> bool:
    return word.text[0].isalnum() and word.plain not in STOP_WORDS | _PREPOSITIONS | _LEADING


def _before(words: Sequence[Word], place: int) -> str:
    return words[place - 1].plain if place else ""


def _runs(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of words that are one name, as half-open places."""
    place = 0
    while place < len(words):
        if not words[place].named:
            place += 1
            continue
        end = place + 1
        while end < len(words):
            inside = end
            while inside < len(words) and words[inside].plain in _INSIDE and inside - end < 2:
                inside += 1
            if inside < len(words) and words[inside].named:
                end = inside + 1
            else:
                break
        yield place, end
        place = end


def _between(between: Sequence[str], before: str) -> int | None:
    """Tell how many of the words between two names belong to the first.

    None where the two are not things of one list. ``between`` are the words between them, and
    ``before`` the one before the list: "to" joins only what "from" began.
    """
    marks = [n for n, word in enumerate(between) if word in _JOINS or word == ","]
    if not marks:
        return None
    first, last = marks[0], marks[-1]
    if last - first > 1 or (between[last] == "to" and before not in ("from", "between")):
        return None
    tail, lead = between[:first], between[last + 1 :]
    if len(tail) > 2 or any(word in _PREPOSITIONS | _LEADING | STOP_WORDS for word in tail):
        return None
    return len(tail) if all(word in _PREPOSITIONS | ARTICLES for word in lead) else None
