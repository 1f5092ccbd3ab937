"""The sides of a question that looks across documents, found without a language model.

"Was the Dutch fine larger than the Italian one?" asks for two things, and the passages of the one
may crowd out the other's. Each side becomes a question of its own, which keeps what is shared.

A question that *compares* two things by size or time is asked for the value of each
(``index.compared``). Else two things are looked for. *Clauses*: "..., and what did NIST find?",
"X compared with Y", "X before or after Y". *Lists* of things named: "Oakland, Boston and Detroit",
"in Virginia, and in Detroit", "from 2020 to 2021". A thing is named when it has a capital or a
figure; where the question says that it compares, or is typed in lower case, also when a title or a
tag of the corpus has the word.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from index.catalogue import Catalogue
from index.compared import compared
from index.kin import kin_of
from index.listed import ARTICLES, ASKING, lists, words_in
from index.terms import STOP_WORDS, terms

MOST = 6
"""Sides that are searched for. Of ten results, more would leave a side one passage or none."""

_FULL = 3
"""Content words with which a clause says what it is about, though it names nothing."""
_PARTS = re.compile(
    rf"\s*[,;]?\s+(?:and|but|while|whereas|or)\s+(?=(?:{ASKING})\b)"
    r"|\s*[,;]?\s+(?:(?:as\s+)?compared\s+(?:with|to)|versus|vs\.?|(?:rather\s+)?than(?!\s+[$€£]?\d))\s+"
    r"|\s+(?:before|earlier|sooner|first)\s+or\s+(?:after|later)(?:\s+than)?\s+"
    r"|\s*;\s+",
    re.I,
)
_COMPARE = re.compile(
    r"^\s*(?:compare|contrast)\s+(?P<one>.+?)\s+(?:with|to|against)\s+(?P<two>.+)", re.I
)
_BOTH = re.compile(r"^(?P<shared>.*?)\bboth\s+(?P<one>.+?)\s+and\s+(?P<two>.+)$", re.I)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a question.

    ``name`` is how the question calls it, ``text`` the question to search for, and ``own`` are the
    stems that this side has and no other. ``compared``: its value is asked for, to be set beside
    the other's.
    """

    name: str
    text: str
    own: frozenset[str]
    compared: bool = False


def sides(question: str, known: Callable[[str], bool] = lambda word: False) -> tuple[Side, ...]:
    """Return the sides of a question in their order, or none where it has fewer than two.

    ``known`` tells whether a word in lower case stands in a title or a tag of the corpus.
    """
    # The patterns here take a run of white space apart in every way that there is.
    question = " ".join(question.split())
    pairs = compared(question, known)
    found = pairs or _listed(question, known)
    kept: dict[frozenset[str], Side] = {}
    for name, text in found:
        others = [terms(other) for other, _ in found if other != name]
        own = frozenset(terms(name)) - _in_all(others)
        if own and not any(own <= set(terms(one.name)) for one in kept.values()):
            called, asked = " ".join(name.split()), " ".join(text.split())
            kept.setdefault(own, Side(called, asked, own, bool(pairs)))
    chosen = tuple(kept.values())[:MOST]
    return chosen if len(chosen) > 1 else ()


def _listed(question: str, known: Callable[[str], bool]) -> list[tuple[str, str]]:
    listed = lists(question, known)
    return [*listed, *(one for one in _clauses(question) if not _covered(one[0], listed))]


def _covered(clause: str, listed: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a clause only says what the things of a list are asked for already."""
    if not listed:
        return False
    own = set(terms(clause))
    return not _names(clause) or all(own >= set(terms(name)) for name, _ in listed)


def _in_all(texts: Sequence[Sequence[str]]) -> frozenset[str]:
    if not texts:
        return frozenset()
    return frozenset.intersection(*(frozenset(one) for one in texts))


def _clauses(question: str) -> list[tuple[str, str]]:
    """Return the clauses that a question joins, each with what it needs of the first."""
    bare = question.strip().rstrip("?.! ")
    if found := _COMPARE.match(bare):
        return _completed([found["one"], found["two"]], bare)
    if (found := _BOTH.match(bare)) and not _starts_named(found["one"]):
        shared = found["shared"]
        return [(found[part], f"{shared}{found[part]}?") for part in ("one", "two")]
    parts = [part.strip(" ,;:") for part in _PARTS.split(bare)]
    parts = [part for part in parts if terms(part)]
    return _completed(parts, bare) if len(parts) > 1 else []


def _completed(parts: Sequence[str], question: str) -> list[tuple[str, str]]:
    """Give each clause that says too little by itself the content words of the others."""
    completed = []
    for place, part in enumerate(parts):
        own = set(terms(part))
        others = [word for other in parts[:place] or parts[1:2] for word in other.split()]
        carried = [word for word in others if not set(terms(word)) <= own | _rivals(part, others)]
        alone = _asks(part) and (_names(part) or (len(own) >= _FULL and not _points_back(part)))
        text = part if alone or not carried else f"{part} ({' '.join(_content(carried))})"
        completed.append((part, text))
    return completed


def _rivals(part: str, others: Sequence[str]) -> set[str]:
    """Return the stems of countries that others name, where a clause names one of its own: what the
    Dutch did is not what is asked about the Italians."""
    return set(kin_of(" ".join(others))) if kin_of(part) else set()


def _content(words: Sequence[str]) -> list[str]:
    return [word.strip(",;:") for word in words if terms(word)]


def _asks(part: str) -> bool:
    return re.match(rf"\s*(?:{ASKING})\b", part, re.I) is not None


def _points_back(part: str) -> bool:
    return re.search(r"\b(?:it|its|he|him|his|she|her|they|them|their|ones?)\b", part) is not None


def _names(part: str) -> bool:
    return any(word.named and word.text[0].isalpha() for word in words_in(part))


def _starts_named(part: str) -> bool:
    words = [word for word in words_in(part) if word.plain not in ARTICLES]
    return bool(words) and words[0].named


def named_words(titles: Collection[str], tags: Collection[str]) -> frozenset[str]:
    """Return the words, in lower case, that titles write with a capital or that are tags."""
    found = {
        word.lower().removesuffix("'s").removesuffix("’s")
        for title in titles
        for word in re.findall(r"[\w’'-]+", title)
        if word[:1].isupper()
    }
    found |= {part.lower() for tag in tags for part in re.split(r"[\s_-]+", tag)}
    return frozenset(word for word in found if len(word) > 2 and word not in STOP_WORDS)


class KnownNames:
    """The words by which the documents of a catalogue are called, read again when it changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: tuple[Catalogue | None, int, frozenset[str]] = (None, -1, frozenset())

    def of(self, catalogue: Catalogue) -> Callable[[str], bool]:
        """Return a function that tells whether documents are called by a word."""

        words: list[frozenset[str]] = []

        def known(word: str) -> bool:
            if not words:  # most questions do not ask
                words.append(self._words(catalogue))
            return word in words[0]

        return known

    def _words(self, catalogue: Catalogue) -> frozenset[str]:
        with self._lock:
            generation = catalogue.last_generation()
            if self._read[:2] != (catalogue, generation):
                titles, tags = catalogue.names()
                self._read = (catalogue, generation, named_words(titles, tags))
            return self._read[2]
