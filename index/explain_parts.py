"""What the parts of a hit's score say: shares, ranks, words in common, differences between two.

A score that is a weighted sum has shares; of any other only the values of its parts can be told.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from index import finding, ranker, steering
from index.entries import Entry
from index.kin import held, kin_of
from index.known_names import told_name
from index.passages import Filters, Hit
from index.search import Query
from index.terms import terms, tokens

_RERANKER, _BEFORE = "reranker", "search"
LABELS = {
    "dense": "meaning of the passage",
    "sentence": "meaning of its best sentence",
    "window": "meaning of two sentences",
    "words": "words of the question",
    "sentence_words": "words in one sentence",
    "phrases": "words side by side",
    "lexical": "BM25",
    steering.PART: "date",
    _RERANKER: "reranker",
    _BEFORE: "score before reranking",
}
_ADDED = frozenset([steering.PART, finding.PART])
_NEAR = 0.005
"""Less than this between two scores is no reason."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question. ``rarity`` is BM25's inverse document frequency, 0 and up."""

    text: str
    rarity: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The passage next to one in the result: ``word`` says on which side, above or below.

    ``distance`` is how much more than it the passage scores, and ``apart`` how much more of each
    part it has, the largest difference first.
    """

    word: str
    distance: float
    apart: tuple[tuple[str, float], ...]

    @property
    def near(self) -> bool:
        """Whether both score nearly the same."""
        return abs(self.distance) < _NEAR

    @property
    def text(self) -> str:
        """Return it as a sentence for people."""
        because = f": {listed(self.apart)}" if self.apart else ""
        if self.near:
            return f"Nearly the same score as the one {self.word}{because}."
        more = "more" if self.distance > 0 else "less"
        return f"{abs(self.distance):.2f} {more} than the one {self.word}{because}."


def label(part: str) -> str:
    """Return what a part is called for people."""
    return LABELS.get(part, part.replace("_", " "))


def weighted(hit: Hit) -> dict[str, float]:
    """Return what each part adds to a hit's score; empty where they do not add up to it.

    They do for a weighted sum; a score made in another way has no such shares.
    """
    weights = dataclasses.asdict(ranker.WEIGHTS)
    shares = {
        part: weight * max(0.0, hit.parts[part])
        for part, weight in weights.items()
        if part in hit.parts
    }
    if steering.PART in hit.parts:
        shares[steering.PART] = hit.parts[steering.PART]
    whole = min(1.0, sum(shares.values()))
    return shares if abs(whole - hit.score) < 1e-6 else {}


def ranks_by_part(hits: Sequence[Hit]) -> dict[str, dict[str, int]]:
    """Return, for each part, the rank of each passage by it.

    Those that no reranker read still have the score that they would have had before it.
    """
    parts = {part for hit in hits for part in hit.parts}
    ranks: dict[str, dict[str, int]] = {}
    for part in parts - _ADDED:
        having = {
            hit.passage.id: hit.parts.get(part, hit.score)
            for hit in hits
            if part in hit.parts or part == _BEFORE
        }
        ordered = sorted(having, key=lambda one: -having[one])
        ranks[part] = {one: place for place, one in enumerate(ordered, start=1)}
    return ranks


def words_of(query: Query, hit: Hit, title: str) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Return the question's words that a passage has, and those that it lacks, rarest first."""
    typed: dict[str, str] = {}
    for token in tokens(query.text):
        for stem in terms(token):
            typed.setdefault(stem, token)
    there = held(
        query.rarity, kin_of(query.text), terms(f"{title} {hit.passage.heading} {hit.text}")
    )
    words = sorted(query.rarity.items(), key=lambda pair: -pair[1])
    having = tuple(Word(typed.get(stem, stem), rarity) for stem, rarity in words if stem in there)
    lacking = tuple(
        Word(typed.get(stem, stem), rarity) for stem, rarity in words if stem not in there
    )
    return having, lacking


def differences(hit: Hit, other: Hit) -> tuple[tuple[str, float], ...]:
    """Return in which parts a hit has more or less than another, the largest difference first."""
    mine, theirs = weighted(hit), weighted(other)
    if (
        _RERANKER in hit.parts and _RERANKER in other.parts
    ):  # the parts of the score before say less
        mine, theirs = _reranked(hit), _reranked(other)
    elif not mine or not theirs:  # no shares: the values themselves
        mine, theirs = values_of(hit), values_of(other)
    changes = {part: mine.get(part, 0.0) - theirs.get(part, 0.0) for part in mine | theirs}
    told = sorted(changes.items(), key=lambda pair: -abs(pair[1]))
    return tuple((part, change) for part, change in told if abs(change) >= _NEAR)


def listed(apart: Sequence[tuple[str, float]]) -> str:
    """Return differences for people."""
    return ", ".join(f"{label(part)} {change:+.2f}" for part, change in apart)


def _reranked(hit: Hit) -> dict[str, float]:
    return {part: hit.parts[part] for part in (_RERANKER, _BEFORE)}


def values_of(hit: Hit) -> dict[str, float]:
    """Return the parts that are scores, not ranks and not the number of a side."""
    return {
        part: value
        for part, value in hit.parts.items()
        if not part.endswith("_rank") and part != finding.PART
    }


def left_out_by(entry: Entry, filters: Filters) -> str:
    """Say which filter leaves a document out; empty where none does."""
    if filters.documents and entry.id not in filters.documents:
        return f"only {_either(filters.documents)} is searched"
    if filters.since or filters.until:
        if entry.date is None:
            return "it has no date"
        if filters.since and entry.date < filters.since:
            return f"it is dated {entry.date}, before {filters.since}"
        if filters.until and entry.date > filters.until:
            return f"it is dated {entry.date}, after {filters.until}"
    if filters.sources and (entry.source or "").casefold() not in _folded(filters.sources):
        return f"its source is {entry.source or 'unknown'}, not {_either(filters.sources)}"
    if filters.tags and not _folded(filters.tags) & _folded(entry.tags):
        own = f"only {', '.join(entry.tags)}" if entry.tags else "no tag at all"
        return f"it has not the tag {_either(filters.tags)}, {own}"
    return ""


def _either(names: Sequence[str]) -> str:
    return " or ".join(map(told_name, names))


def _folded(texts: Sequence[str]) -> set[str]:
    return {text.casefold() for text in texts}
