"""Scoring the passages that a question found: cheap features for all, dear ones for the likeliest.

All passages of a question are looked at together, in arrays; what a search returns of them is made
at the end, for those that are returned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.candidates import Candidate, Candidates, Texts
from index.collapse import Front, Ranked
from index.embed import Vectors
from index.features import asked, phrases, word_features
from index.kin import kin_of
from index.lexical import lexical_share
from index.nearness import nearness
from index.passages import Hit
from index.ranker import FIRST, Floats, Weights
from index.word_table import default_table
from index.worded import unpacked

CLOSELY = 40
"""Passages that are compared word by word. On OneStopQA and SQuAD 2 the right paragraph was among
them whenever it was among the candidates, but for one question in 200."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready: its unit vector, shape ``(d,)``, and how rare each of its terms is.

    ``unseen`` are the terms that no passage has. ``model`` is the fingerprint of the one that made
    the vector; empty where the caller knows that it fits.
    """

    text: str
    vector: Vectors
    rarity: Mapping[str, float]
    unseen: frozenset[str] = frozenset()
    model: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """Passages in their order. ``parts`` hold the parts of scores by passage number."""

    order: list[Ranked]
    parts: Mapping[str, Mapping[int, float]]
    texts: Texts

    def hits(self, fronts: Sequence[Front]) -> tuple[Hit, ...]:
        """Return passages as a search returns them. Raises Gone."""
        self.texts.read_missing([front.ranked.candidate for front in fronts])
        return tuple(map(self._hit, fronts))

    def _hit(self, front: Front) -> Hit:
        ranked = front.ranked
        number = ranked.candidate.number
        return Hit(
            ranked.candidate.passage(),
            self.texts.text(ranked.candidate),
            ranked.score,
            {name: values[number] for name, values in self.parts.items() if number in values},
            tuple(ranked.similarities.tolist()),
            tuple(front.copies),
            self.texts.about(ranked.candidate).sha256,
        )


def score(
    query: Query,
    found: Candidates,
    ranks: Mapping[str, Mapping[int, float]],
    texts: Texts,
    weights: Weights,
) -> Scored:
    """Score passages and put them in their order; ``ranks`` are those in each list, by number.

    Raises Gone and CatalogueDamaged.
    """
    passages = found.passages
    if not passages:
        return Scored([], ranks, texts)
    question = asked(query.text, query.rarity)
    near, kin = nearness(found, query.vector), kin_of(query.text)
    parts: dict[str, Floats] = {
        "dense": near.dense.astype(np.float64),
        "sentence": near.sentence.astype(np.float64),
        "window": near.window.astype(np.float64),
        "lexical": np.array([lexical_share(query.rarity, kin, one.stems) for one in passages]),
        "phrases": np.array([phrases(question, *_titled(one.stems)) for one in passages]),
    }
    first = FIRST.scores(parts).tolist()
    places = sorted(range(len(passages)), key=lambda place: (-first[place], passages[place].id))
    closely = places[:CLOSELY]
    likeliest = [passages[place] for place in closely]
    texts.read(passages, _alike(passages))
    try:
        worded = unpacked([one.words for one in likeliest])
        compared = word_features(question, worded, default_table())
    except (ValueError, IndexError) as error:  # a flipped bit in a file too large to be checked
        raise texts.damaged(f"the words of a passage: {error}") from error
    known = {name: _by_number(passages, values) for name, values in parts.items()}
    for name, values in zip(("words", "sentence_words"), compared, strict=True):
        parts[name] = np.zeros(len(passages))
        parts[name][closely] = values
        known[name] = _by_number(likeliest, values)
    bounds = zip(found.starts, [*found.starts[1:], len(near.sentences)], strict=True)
    of_each = [near.sentences[start:end] for start, end in bounds]
    scores = weights.scores(parts).tolist()
    order = [
        Ranked(one, value, cosines, texts.about(one))
        for one, value, cosines in zip(passages, scores, of_each, strict=True)
    ]
    order.sort(key=_order)
    return Scored(order, {**ranks, **known}, texts)


def _titled(columns: Sequence[str]) -> tuple[str, ...]:
    """Return those of a passage's stems that say what it is about: outlet, tags and date do not."""
    title, _, heading, body = columns
    return body, title, heading


def _by_number(passages: Sequence[Candidate], values: Floats) -> dict[int, float]:
    return dict(zip([one.number for one in passages], values.tolist(), strict=True))


def _order(one: Ranked) -> tuple[float, str, str, int]:
    # Of copies that score the same, the oldest is likely the original; undated ones come last.
    candidate = one.candidate
    return -one.score, one.about.date or "9999", candidate.document_id, candidate.start


def _alike(passages: tuple[Candidate, ...]) -> list[Candidate]:
    """Return those that have the stems of another one, and may be copies."""
    bodies = Counter(one.stems[-1] for one in passages)
    return [one for one in passages if bodies[one.stems[-1]] > 1]
