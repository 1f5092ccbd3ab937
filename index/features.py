"""What the ranker looks at in a passage, each in 0..1 (a cosine may fall below and counts as 0).

``dense``: the cosine of question and passage. ``sentence``: of the question and the best sentence.
``window``: of the question and the best two sentences that stand next to each other, their vectors
added. ``lexical``: BM25 (``index/lexical.py``). ``phrases``: how many pairs of words that are
neighbours in the question are neighbours in the passage. ``words``: how much of the question's
words, or words near in meaning, the passage has, its title and heading counted in.
``sentence_words``: how much one sentence has, words that only title or heading have counted half.
The last three count words by their rarity.

Embeddings of whole texts blur names and numbers, and BM25 misses a word's relatives; ``words`` and
``sentence_words`` stand between the two.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.candidates import Candidate
from index.embed import Vectors
from index.terms import STOP_WORDS, stem, terms, tokens
from index.word_table import WordTable

Floats = npt.NDArray[np.float64]

_NEAR = 0.1
"""Words whose cosine is this or less have nothing in common; above, likeness rises to 1."""
_TINY = 1e-6
_TITLE_SHARE = 0.5
"""What a word counts for a sentence that only its title or heading has: it leans on it."""
_FRAMING_SHARE = 0.4
"""What a word of a question counts that tells how it is asked, not what about."""
_FRAMING = frozenset(
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's content words, each stem once, with what they count, shape ``(n,)``.

    ``pairs`` are the stems that are neighbours in it, with what each pair counts.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    weights: Floats
    pairs: Mapping[tuple[str, str], float]


def asked(text: str, rarity: Mapping[str, float]) -> Asked:
    """Return what a question asks about; ``rarity`` holds how rare each of its stems is."""
    by_stem: dict[str, str] = {}
    for word in content_words(text):
        by_stem.setdefault(stem(word), word)
    weights = [
        rarity.get(one, 0.0) * (_FRAMING_SHARE if one in _FRAMING else 1.0) for one in by_stem
    ]
    ordered = terms(text)
    pairs = {
        (one, other): rarity.get(one, 0.0) + rarity.get(other, 0.0)
        for one, other in itertools.pairwise(ordered)
        if one != other
    }
    return Asked(tuple(by_stem.values()), tuple(by_stem), np.array(weights), pairs)


@functools.lru_cache(maxsize=8192)
def content_words(text: str) -> tuple[str, ...]:
    """Return a text's words without stop words, each once, in order."""
    return tuple(dict.fromkeys([word for word in tokens(text) if word not in STOP_WORDS]))


def window(sentences: Vectors, question: Vectors) -> float:
    """Return the best cosine of two neighbouring sentences' sum, or the only sentence's."""
    if len(sentences) == 1:
        return float(sentences[0] @ question)
    pairs = sentences[:-1] + sentences[1:]
    lengths = np.linalg.norm(pairs, axis=1)
    return float(((pairs @ question) / np.maximum(lengths, _TINY)).max())


def phrases(question: Asked, body: str) -> float:
    """Return the share of the question's pairs that are neighbours in ``body``: its stems, joined
    by spaces."""
    most = sum(question.pairs.values())
    if not most:
        return 0.0
    padded = f" {body} "
    found = sum(
        weight for (one, other), weight in question.pairs.items() if f" {one} {other} " in padded
    )
    return found / most


def word_features(
    question: Asked, candidates: Sequence[Candidate], table: WordTable | None
) -> list[tuple[float, float]]:
    """Return ``words`` and ``sentence_words`` of each candidate.

    Without a ``table`` only a word with the same stem counts.
    """
    most = float(question.weights.sum())
    if not most or not candidates:
        return [(0.0, 0.0)] * len(candidates)
    sentences = [[content_words(one) for one in _sentences(each)] for each in candidates]
    titles = [content_words(f"{one.title} {one.passage.heading}") for one in candidates]
    texts = [*titles, *(words for each in sentences for words in each)]
    found = _best_likeness(question, texts, table)
    of_titles, of_sentences = found[:, : len(titles)], found[:, len(titles) :]
    starts = np.cumsum([0, *(len(each) for each in sentences[:-1])])
    owner = np.repeat(np.arange(len(candidates)), [len(each) for each in sentences])
    leaning = np.maximum(of_sentences, _TITLE_SHARE * of_titles[:, owner])
    whole = np.maximum(np.maximum.reduceat(of_sentences, starts, axis=1), of_titles)
    in_passage = question.weights @ whole
    in_sentence = np.maximum.reduceat(question.weights @ leaning, starts)
    return [
        (float(passage) / most, float(sentence) / most)
        for passage, sentence in zip(in_passage, in_sentence, strict=True)
    ]


def _sentences(candidate: Candidate) -> Iterator[str]:
    start = candidate.passage.start
    for one in candidate.passage.sentences:
        yield candidate.text[one.start - start : one.end - start]


def _best_likeness(
    question: Asked, texts: Sequence[tuple[str, ...]], table: WordTable | None
) -> Vectors:
    """Return how near each word of the question comes to each text, shape ``(words, texts)``."""
    columns = {
        word: column
        for column, word in enumerate(dict.fromkeys(itertools.chain.from_iterable(texts)), start=1)
    }
    # Column 0 is a word that is like none, and begins each text, so that none is empty.
    likeness = np.zeros((len(question.words), len(columns) + 1), dtype=np.float32)
    likeness[:, 1:] = _likeness(question, list(columns), table)
    places: list[int] = []
    for words in texts:
        places.append(0)
        places.extend([columns[word] for word in words])
    starts = np.cumsum([0, *(len(words) + 1 for words in texts[:-1])])
    best: Vectors = np.maximum.reduceat(likeness[:, places], starts, axis=1)
    return best


def _likeness(question: Asked, words: Sequence[str], table: WordTable | None) -> Vectors:
    """Return how alike the question's words and others are, in 0..1: 1 for the same stem.

    Numbers are alike only when they are the same: 2011 is near to 2013 in a table of words, and
    another year.
    """
    likeness = np.zeros((len(question.words), len(words)), dtype=np.float32)
    if table is not None:
        cosines = table.cosines(question.words, words)
        likeness = np.clip((cosines - _NEAR) / (1 - _NEAR), 0.0, 1.0)
        likeness[[not word.isalpha() for word in question.words], :] = 0.0
        likeness[:, [place for place, word in enumerate(words) if not word.isalpha()]] = 0.0
    rows = {one: row for row, one in enumerate(question.stems)}
    for column, word in enumerate(words):
        row = rows.get(stem(word))
        if row is not None:
            likeness[row, column] = 1.0
    return likeness
