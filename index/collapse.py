"""Hits that say the same made one: the best stays in front and lists the others as its copies.

Two passages say the same where their texts are equal, or where they belong to versions of one
document, most sentences of one stand in the other, and so does the sentence for which it was found.
A version that reports another number there is not a copy: that is what one may have to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from index.candidates import Candidate
from index.passages import Copy, Hit

# Sentences that differ in a word or two; their numbers and negations have to be the same.
_SAME_SENTENCE = 0.9
_SAME_WORDS = 0.7
_MOST_SENTENCES = 0.5
_WORD = re.compile(r"[^\W_]+")
_TELLING = re.compile(
    r"\d|^(?:no|not|never|none|without|nicht|kein|keine|nie|pas|jamais|no|nunca)$"
)


@dataclass(slots=True)
class _Front:
    hit: Hit
    candidate: Candidate
    copies: list[Copy] = field(default_factory=list)


def collapse(found: Sequence[tuple[Hit, Candidate]]) -> tuple[Hit, ...]:
    """Return the hits of ``found``, the best first, each with its copies and without them.

    ``found`` is sorted, so of two hits that say the same the first stays.
    """
    versions = _groups(candidate for _, candidate in found)
    twins = _twins(found, versions)
    in_front: dict[int, _Front] = {}
    by_text: dict[str, _Front] = {}
    for place, (hit, candidate) in enumerate(found):
        key = " ".join(hit.text.split())
        rivals = (in_front[twin] for twin in twins.get(place, ()) if twin in in_front)
        front = by_text.get(key) or next(
            (one for one in rivals if _says_the_same(hit, candidate, one)), None
        )
        if front is None or front.hit.passage.document_id == hit.passage.document_id:
            front = in_front[place] = _Front(hit, candidate)
            by_text.setdefault(key, front)
        else:
            front.copies.append(_copy(hit))
    return tuple(
        replace(front.hit, copies=tuple(front.copies)) if front.copies else front.hit
        for front in in_front.values()
    )


def _copy(hit: Hit) -> Copy:
    passage = hit.passage
    return Copy(passage.document_id, passage.id, passage.start, passage.end)


def _groups(candidates: Iterable[Candidate]) -> dict[str, str]:
    """Return, for each document that has another version among the candidates, their group."""
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        while parents.get(name, name) != name:
            name = parents[name]
        return name

    documents: set[str] = set()
    for one in candidates:
        document_id = one.passage.document_id
        documents.add(document_id)
        if one.version_of:
            parents[root(document_id)] = root(one.version_of)
    members: dict[str, list[str]] = {}
    for document_id in documents:
        members.setdefault(root(document_id), []).append(document_id)
    return {one: group for group, all_of in members.items() if len(all_of) > 1 for one in all_of}


def _twins(
    found: Sequence[tuple[Hit, Candidate]], versions: Mapping[str, str]
) -> dict[int, list[int]]:
    """Return, for each place in ``found``, the places before it of other versions that have its
    best sentence: one matrix product for a group, since comparing each pair is slow."""
    groups: dict[str, list[int]] = {}
    for place, (hit, _) in enumerate(found):
        if group := versions.get(hit.passage.document_id):
            groups.setdefault(group, []).append(place)
    twins: dict[int, list[int]] = {}
    for places in groups.values():
        members = [found[place] for place in places]
        best = np.stack([one.sentence_vectors[_best(hit)] for hit, one in members])
        counts = [len(one.sentence_vectors) for _, one in members]
        sentences = np.concatenate([one.sentence_vectors for _, one in members])
        starts = np.cumsum([0, *counts[:-1]])
        likeness = np.maximum.reduceat(best @ sentences.T, starts, axis=1)
        for row, place in enumerate(places):
            near = np.flatnonzero(likeness[row, :row] >= _SAME_SENTENCE)
            twins[place] = [places[column] for column in near]
    return twins


def _best(hit: Hit) -> int:
    return int(np.argmax(hit.sentence_scores))


def _says_the_same(hit: Hit, candidate: Candidate, front: _Front) -> bool:
    if hit.passage.document_id == front.hit.passage.document_id:
        return False
    likeness = candidate.sentence_vectors @ front.candidate.sentence_vectors.T
    has_twin = likeness.max(axis=1) >= _SAME_SENTENCE
    best = _best(hit)
    lengths = np.array([one.end - one.start for one in hit.passage.sentences])
    in_common = int(lengths[has_twin].sum())
    if in_common < _MOST_SENTENCES * min(int(lengths.sum()), len(front.hit.text)):
        return False
    return _same_sentence(_sentence(hit, best), _sentence(front.hit, int(likeness[best].argmax())))


def _sentence(hit: Hit, number: int) -> str:
    sentence = hit.passage.sentences[number]
    return hit.text[sentence.start - hit.passage.start : sentence.end - hit.passage.start]


def _same_sentence(one: str, other: str) -> bool:
    first, second = ({*_WORD.findall(text.casefold())} for text in (one, other))
    if any(_TELLING.search(word) for word in first ^ second):
        return False
    return len(first & second) >= _SAME_WORDS * len(first | second)
