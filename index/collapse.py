"""Hits that say the same made one: the best stays in front and lists the others as its copies.

Two passages say the same where their texts are equal, or where they belong to versions of one
document, most sentences of one stand in the other, and so does the sentence for which it was found.
A version that reports another number there is not a copy: that is what one may have to see.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.candidates import About, Candidate
from index.embed import Vectors
from index.passages import Copy

# Sentences that differ in a word or two; their numbers and negations have to be the same.
_SAME_SENTENCE = 0.9
_SAME_WORDS = 0.7
_MOST_SENTENCES = 0.5
_WORD = re.compile(r"[^\W_]+")
_TELLING = re.compile(
    r"\d|^(?:no|not|never|none|without|nicht|kein|keine|nie|pas|jamais|no|nunca)$"
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with its score, its sentences' cosines with the question, and what is known of its
    document."""

    candidate: Candidate
    score: float
    similarities: Vectors
    about: About


@dataclass(slots=True)
class Front:
    """A passage in front, and those that say the same, the best first."""

    ranked: Ranked
    copies: list[Copy] = field(default_factory=list)


TextOf = Callable[[Candidate], str]


def collapse(found: Sequence[Ranked], text_of: TextOf) -> list[Front]:
    """Return the passages of ``found``, the best first, each with its copies and without them.

    ``found`` is sorted, so of two that say the same the first stays. Texts are only asked for where
    two may be the same.
    """
    versions = _groups(found)
    twins = _twins(found, versions)
    bodies = Counter(one.candidate.stems[-1] for one in found)
    in_front: dict[int, Front] = {}
    by_text: dict[str, Front] = {}
    for place, one in enumerate(found):
        candidate = one.candidate
        may_be_copy = bodies[candidate.stems[-1]] > 1
        key = " ".join(text_of(candidate).split()) if may_be_copy else ""
        front = by_text.get(key) if may_be_copy else None
        if front is None:
            rivals = (in_front[twin] for twin in twins.get(place, ()) if twin in in_front)
            same = (rival for rival in rivals if _says_the_same(one, rival.ranked, text_of))
            front = next(same, None)
        if front is None or front.ranked.candidate.document_id == candidate.document_id:
            front = in_front[place] = Front(one)
            if may_be_copy:
                by_text.setdefault(key, front)
        else:
            front.copies.append(_copy(candidate))
    return list(in_front.values())


def _copy(candidate: Candidate) -> Copy:
    return Copy(candidate.document_id, candidate.id, candidate.start, candidate.end)


def _groups(found: Iterable[Ranked]) -> dict[str, str]:
    """Return, for each document that has another version among those found, their group."""
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        while parents.get(name, name) != name:
            name = parents[name]
        return name

    documents: set[str] = set()
    for one in found:
        document_id = one.candidate.document_id
        documents.add(document_id)
        if one.about.version_of:
            parents[root(document_id)] = root(one.about.version_of)
    members: dict[str, list[str]] = {}
    for document_id in documents:
        members.setdefault(root(document_id), []).append(document_id)
    return {one: group for group, all_of in members.items() if len(all_of) > 1 for one in all_of}


def _twins(found: Sequence[Ranked], versions: Mapping[str, str]) -> dict[int, list[int]]:
    """Return, for each place in ``found``, the places before it of other versions that have its
    best sentence: one matrix product for a group, since comparing each pair is slow."""
    groups: dict[str, list[int]] = {}
    for place, one in enumerate(found):
        if group := versions.get(one.candidate.document_id):
            groups.setdefault(group, []).append(place)
    twins: dict[int, list[int]] = {}
    for places in groups.values():
        members = [found[place] for place in places]
        best = np.stack([one.candidate.vectors[_best(one)] for one in members])
        counts = [len(one.candidate.vectors) for one in members]
        sentences = np.concatenate([one.candidate.vectors for one in members])
        starts = np.cumsum([0, *counts[:-1]])
        likeness = np.maximum.reduceat(best @ sentences.T, starts, axis=1)
        for row, place in enumerate(places):
            near = np.flatnonzero(likeness[row, :row] >= _SAME_SENTENCE)
            twins[place] = [places[column] for column in near]
    return twins


def _best(one: Ranked) -> int:
    return int(np.argmax(one.similarities))


def _says_the_same(one: Ranked, other: Ranked, text_of: TextOf) -> bool:
    mine, theirs = one.candidate, other.candidate
    if mine.document_id == theirs.document_id:
        return False
    likeness = mine.vectors @ theirs.vectors.T
    has_twin = likeness.max(axis=1) >= _SAME_SENTENCE
    best = _best(one)
    lengths = mine.spans[:, 1] - mine.spans[:, 0]
    in_common = int(lengths[has_twin].sum())
    if in_common < _MOST_SENTENCES * min(int(lengths.sum()), theirs.end - theirs.start):
        return False
    twin = int(likeness[best].argmax())
    return _same_sentence(
        mine.sentence(text_of(mine), best), theirs.sentence(text_of(theirs), twin)
    )


def _same_sentence(one: str, other: str) -> bool:
    first, second = ({*_WORD.findall(text.casefold())} for text in (one, other))
    if any(_TELLING.search(word) for word in first ^ second):
        return False
    return len(first & second) >= _SAME_WORDS * len(first | second)
