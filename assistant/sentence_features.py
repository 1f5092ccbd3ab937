"""What tells whether a sentence answers: its own words, its neighbours', and its passage's.

``similarity``: its cosine with the question; ``similarity_behind`` and ``similarity_here``: how far
it lies behind the most similar sentence of all, and of its passage. ``coverage``: the share of the
question's terms that it has, by rarity; those that only title or heading have count half.
``words``: the same, with words near in meaning counted in. ``phrases``: the share of the question's
pairs of words that stand together in it. ``names``: the share of the question's names and numbers.
``news``: how many content words it has that the question lacks, for a sentence that only repeats
the question answers nothing. ``misses_value``: 1 when a number, an amount or a date is asked for
and it has none; ``misses``: the same for a name or a reason. ``before``: how many of the question's
words the sentence before has; ``gained_before`` and ``gained_after``: what the neighbour adds to
its own, for an answer often stands beside the sentence that repeats the question. ``new_value``,
``new_person``, ``new_name``: 1 when it gives one that the question lacks, where such a thing is
asked for; see ``given``. ``leans``: 1 when it opens with a word that points back. ``length``: of
its text. ``passage``, ``passage_behind``, ``passage_share``: its passage's score, how far that is
behind the best, and its share among all.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.expect import Expected, Kind, has_expected
from assistant.given import Given
from assistant.leaning import leans
from index.features import Asked, asked, content_words
from index.kin import held
from index.passages import Hit
from index.search import Query
from index.terms import terms
from index.word_table import WordTable, default_table
from index.worded import best_likeness, packed, unpacked

Floats = npt.NDArray[np.float64]

TITLE_SHARE = 0.5
"""A term that only the title or the heading has counts half: the sentence leans on it."""
_SHARPNESS = 25.0
"""How much a passage's share grows with its score: .04 more makes it e times as large."""
_LONG = 400
"""Characters of a long sentence."""
_MUCH = 40
"""Content words of a sentence that says much."""
VALUES = frozenset(
    (Kind.MONEY, Kind.COUNT, Kind.DATE, Kind.DURATION, Kind.QUANTITY, Kind.AGE, Kind.SHARE)
)
# A capital after the first word, or a figure. A question's first word has its capital anyway.
NAMES = re.compile(r"(?<=\s)(?:[A-Z][\w’'&.-]*|[$€£]?\d[\w,.%]*)")


@dataclass(frozen=True, slots=True)
class SentenceFeatures:
    """See the module's docstring; each is about in 0..1."""

    similarity: float
    similarity_behind: float
    similarity_here: float
    coverage: float
    words: float
    phrases: float
    names: float
    news: float
    misses_value: float
    misses: float
    before: float
    gained_before: float
    gained_after: float
    new_value: float
    new_person: float
    new_name: float
    leans: float
    length: float
    passage: float
    passage_behind: float
    passage_share: float


@dataclass(frozen=True, slots=True)
class Described:
    """A sentence of a hit: its place there, its text, what was seen of it, and the terms of the
    question that it has itself."""

    hit: Hit
    place: int
    text: str
    features: SentenceFeatures
    covered: frozenset[str]


def describe(
    query: Query, wanted: Expected, hits: Sequence[Hit], titles: Mapping[str, str]
) -> Iterator[Described]:
    """Yield the sentences of all hits, each described; ``titles`` are the documents' by id."""
    question = asked(query.text, query.rarity)
    table = default_table()
    best = max((hit.score for hit in hits), default=0.0)
    odds = [math.exp(_SHARPNESS * (hit.score - best)) for hit in hits]
    most = max((max(hit.sentence_scores) for hit in hits), default=0.0)
    for hit, odd in zip(hits, odds, strict=True):
        title = f"{titles.get(hit.passage.document_id, '')} {hit.passage.heading}"
        share = odd / sum(odds)
        yield from _Passage(query, question, wanted, hit, title, table).sentences(
            best, share, max(0.0, most)
        )


class _Passage:
    """The sentences of one hit, looked at together."""

    def __init__(
        self,
        query: Query,
        question: Asked,
        wanted: Expected,
        hit: Hit,
        title: str,
        table: WordTable,
    ) -> None:
        self._query, self._question, self._wanted, self._hit = query, question, wanted, hit
        self._texts = texts_of(hit)
        self._lent = held(query.rarity.keys(), question.kin, terms(title))
        self._given = Given(query.text, wanted)
        words = [content_words(title), *(content_words(text) for text in self._texts)]
        near = likeness(question, words, table)
        self._of_title, self._own = near[0], near[1:]
        self._names = frozenset(terms(" ".join(NAMES.findall(query.text)))) & query.rarity.keys()

    def sentences(self, best: float, share: float, most: float) -> Iterator[Described]:
        similarities = [max(0.0, one) for one in self._hit.sentence_scores]
        here = max(similarities)
        for place, text in enumerate(self._texts):
            stems = terms(text)
            covered = held(self._query.rarity.keys(), self._question.kin, stems)
            words = self._share(self._leaning(place))
            fits, value = has_expected(self._wanted, text), self._wanted.kind in VALUES
            seen = SentenceFeatures(
                similarity=similarities[place],
                similarity_behind=most - similarities[place],
                similarity_here=here - similarities[place],
                coverage=self._coverage(covered),
                words=words,
                phrases=self._phrases(stems),
                names=len(self._names & covered.keys()) / len(self._names) if self._names else 1.0,
                news=math.log1p(sum(one not in self._query.rarity for one in stems))
                / math.log1p(_MUCH),
                misses_value=float(value and not fits),
                misses=float(not (value or fits)),
                before=self._share(self._own[place - 1]) if place else 0.0,
                gained_before=self._share(self._leaning(place, place - 1)) - words,
                gained_after=self._share(self._leaning(place, place + 1)) - words,
                new_value=float(self._given.value(text)),
                new_person=float(self._given.person(text)),
                new_name=float(self._given.name(text)),
                leans=float(leans(text)),
                length=math.log1p(len(text)) / math.log1p(_LONG),
                passage=self._hit.score,
                passage_behind=best - self._hit.score,
                passage_share=share,
            )
            yield Described(self._hit, place, text, seen, frozenset(covered))

    def _leaning(self, *places: int) -> Floats:
        """Return how near each word of the question comes to sentences, with what the title
        lends."""
        own = [self._own[place] for place in places if 0 <= place < len(self._own)]
        found: Floats = np.maximum.reduce([*own, TITLE_SHARE * self._of_title])
        return found

    def _share(self, likeness: Floats) -> float:
        most = float(self._question.weights.sum())
        return float(likeness @ self._question.weights) / most if most else 0.0

    def _coverage(self, covered: Mapping[str, float]) -> float:
        rarity = self._query.rarity
        most = sum(rarity.values())
        own = sum(rarity[term] * share for term, share in covered.items())
        lent = (rarity[term] * share for term, share in self._lent.items() if term not in covered)
        return (own + TITLE_SHARE * sum(lent)) / most if most else 0.0

    def _phrases(self, stems: Sequence[str]) -> float:
        pairs = self._question.pairs
        most = sum(pairs.values())
        found = sum(pairs.get(pair, 0.0) for pair in set(itertools.pairwise(stems)))
        return found / most if most else 0.0


def texts_of(hit: Hit) -> list[str]:
    """Return the texts of a hit's sentences."""
    start = hit.passage.start
    return [hit.text[one.start - start : one.end - start] for one in hit.passage.sentences]


def likeness(question: Asked, texts: Sequence[tuple[str, ...]], table: WordTable) -> Floats:
    """Return how near each word of the question comes to each text, shape ``(texts, words)``; see
    ``best_likeness``."""
    worded = unpacked([packed(texts, table)])
    best = best_likeness(question.words, question.stems, question.kin, worded, table)
    return best.T.astype(np.float64)
