"""What the ranker looks at in a passage, each in 0..1 (a cosine may fall below and counts as 0).

``dense``: the cosine of question and passage. ``sentence``: of the question and the best sentence.
``window``: of the question and the best two sentences that stand next to each other, their vectors
added. ``lexical``: BM25 (``index/lexical.py``). ``phrases``: how many pairs of words that are
neighbours in the question are neighbours in the passage, or, counted half, in its title or heading.
``words``: how much of the question's words, or words near in meaning, the passage has, its title
and heading counted in.
``sentence_words``: how much one sentence has, words that only title or heading have counted half.
The last three count words by their rarity.

Embeddings of whole texts blur names and numbers, and BM25 misses a word's relatives; ``words`` and
``sentence_words`` stand between the two.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.kin import Kin, kin_of
from index.terms import STOP_WORDS, stem, terms, tokens, tokens_of
from index.word_table import WordTable
from index.worded import Worded, best_likeness

Floats = npt.NDArray[np.float64]

_TITLE_SHARE = 0.5
"""What a word, or a pair of words, counts that only title or heading have: a sentence leans on
them."""
_BETWEEN = " | "
"""Stands between title and heading, so that no pair goes across."""
_FRAMING_SHARE = 0.4
"""What a word of a question counts that tells how it is asked, not what about."""
FRAMING = frozenset(
    stem(word)
    for word in (
        "according article author passage paragraph text story describe mention state say said "
        "tell suggest imply indicate explain refer following true likely best reason main purpose "
        "example kind type sort name called term word phrase mean happen happened occur cause "
        "result consequence effect take place people person thing way part include feature "
        "characteristic fact statement opinion view think believe feel used use given make made "
        "come known"
    ).split()
)
"""Their stems."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's content words, each stem once, with what they count, shape ``(n,)``.

    ``pairs`` are the stems that are neighbours in it, with what each pair counts, and ``kin`` other
    names of the countries that it names.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    weights: Floats
    pairs: Mapping[tuple[str, str], float]
    kin: Kin


def asked(text: str, rarity: Mapping[str, float]) -> Asked:
    """Return what a question asks about; ``rarity`` holds how rare each of its stems is."""
    by_stem: dict[str, str] = {}
    for word in content_words(text):
        by_stem.setdefault(stem(word), word)
    weights = [
        rarity.get(one, 0.0) * (_FRAMING_SHARE if one in FRAMING else 1.0) for one in by_stem
    ]
    ordered = terms(text)
    pairs = {
        (one, other): rarity.get(one, 0.0) + rarity.get(other, 0.0)
        for one, other in itertools.pairwise(ordered)
        if one != other
    }
    return Asked(tuple(by_stem.values()), tuple(by_stem), np.array(weights), pairs, kin_of(text))


@functools.lru_cache(maxsize=4_096)
def content_words(text: str) -> tuple[str, ...]:
    """Return a text's words without stop words, each once, in order."""
    return tuple(dict.fromkeys([word for word in tokens(text) if word not in STOP_WORDS]))


def phrases(question: Asked, body: str, *titles: str) -> float:
    """Return the share of the question's pairs that are neighbours in ``body``; those that only
    title or heading have count half. All texts are stems, joined by spaces."""
    within = f" {body} "
    above = f" {_BETWEEN.join(titles)} "
    found = 0.0
    for (one, other), weight in question.pairs.items():
        pair = f" {one} {other} "
        if pair in within:
            found += weight
        elif pair in above:
            found += _TITLE_SHARE * weight
    # Most passages have none of them.
    return found / sum(question.pairs.values()) if found else 0.0


def word_features(question: Asked, found: Worded, table: WordTable) -> tuple[Floats, Floats]:
    """Return ``words`` and ``sentence_words`` of passages, one at least: the first text of each is
    its title and heading, the others are its sentences."""
    most = float(question.weights.sum())
    if not most:
        return np.zeros(len(found.texts)), np.zeros(len(found.texts))
    best = best_likeness(question.words, question.stems, question.kin, found, table)
    titles = np.cumsum(found.texts) - found.texts
    whole = np.maximum.reduceat(best, titles, axis=1)
    leaning = np.repeat(_TITLE_SHARE * best[:, titles], found.texts, axis=1)
    best[:, titles] = 0.0
    leaning = np.maximum(best, leaning)
    # One by one and in one order, so that what says the same counts the same.
    in_passage = np.einsum("i,ij->j", question.weights, whole)
    in_sentence = np.maximum.reduceat(np.einsum("i,ij->j", question.weights, leaning), titles)
    return in_passage / most, in_sentence / most


def worded_texts(title: str, heading: str, sentences: Sequence[str]) -> list[list[str]]:
    """Return the words of a passage's texts, as ``word_features`` looks at them."""
    return tokens_of([f"{title} {heading}", *sentences])
