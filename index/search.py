"""Search: dense and lexical candidates, one weighted sum of features that look ever closer.

Why a weighted sum and not rank fusion: ranks throw away how much better the first is than the
second. What is in the sum, and what did not earn a place, is in ``docs/decisions/015-ranking.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.candidates import Candidate, allowed_passages, read_candidates
from index.collapse import collapse
from index.database import Database
from index.diversity import varied
from index.embed import Embedder, Numbers, Vectors
from index.features import asked, phrases, window, word_features
from index.lexical import (
    lexical_candidates,
    lexical_score,
    rarities,
    stored_stems,
)
from index.narrowed import nearest_among
from index.nearest import Nearest
from index.passages import Filters, Hit
from index.ranker import FIRST, WEIGHTS, Weights
from index.terms import terms
from index.word_table import default_table

CANDIDATES = 60
"""Passages taken from each side before they are scored together."""
CLOSELY = 40
"""Of those, how many are compared word by word. On OneStopQA and SQuAD 2 the right paragraph was
among them whenever it was among the candidates, but for one question in 200."""
_DEEPER = 4
_DEEPEST = CANDIDATES * _DEEPER * _DEEPER


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


class Searcher:
    """Finds passages in one catalogue and its vectors."""

    def __init__(self, database: Database, vectors: Nearest, embedder: Embedder) -> None:
        self._database = database
        self._vectors = vectors
        self._embedder = embedder

    def prepare(self, text: str) -> Query:
        """Embed a question and weigh its terms."""
        stems = terms(text)
        rarity, unseen = rarities(self._database, stems)
        vector = self._embedder.embed_question(text)
        return Query(text, vector, rarity, unseen, self._embedder.fingerprint)

    def search(
        self, query: Query, *, k: int = 10, filters: Filters = Filters(), weights: Weights = WEIGHTS
    ) -> tuple[Hit, ...]:
        """Return the ``k`` best passages, the best first.

        Passages that say the same are one hit, which lists its copies. Where one document would
        take most places, others that are nearly as good take some (``index/diversity.py``). Ties
        go to the earlier document, then to the earlier passage.
        """
        depth = CANDIDATES
        while True:
            found, is_all = self._scored(query, depth, filters, weights)
            hits = collapse(found)
            # Copies took places, so that more is looked for where there is more.
            if len(hits) >= k or len(hits) == len(found) or is_all or depth >= _DEEPEST:
                return varied(hits, k)
            depth *= _DEEPER

    def _scored(
        self, query: Query, depth: int, filters: Filters, weights: Weights
    ) -> tuple[list[tuple[Hit, Candidate]], bool]:
        """Return scored passages in their order, and whether there are no more."""
        among = allowed_passages(self._database, filters) if filters else None
        dense = self._dense(query, depth, among)
        lexical = self._lexical(query, depth, among)
        candidates = read_candidates(self._database, {*dense, *lexical})
        stems = stored_stems(self._database, candidates.keys())
        ranks = {"dense_rank": _ranks(dense), "lexical_rank": _ranks(lexical)}
        found = [
            _Scored(
                candidate,
                stems[number],
                candidate.sentence_vectors @ query.vector,
                {name: rank[number] for name, rank in ranks.items() if number in rank},
            )
            for number, candidate in candidates.items()
            if number in stems  # else it left the catalogue between the two looks
        ]
        _look(query, found)
        hits = [(_hit(one, weights), one.candidate) for one in found]
        hits.sort(key=_order)
        return hits, len(dense) < depth and len(lexical) < depth

    def _dense(self, query: Query, depth: int, among: Numbers | None) -> list[int]:
        if among is None:
            found = self._vectors.nearest(query.vector, depth)
        else:
            found = nearest_among(self._database, self._vectors, query.vector, depth, among)
        return [number for number, _ in found]

    def _lexical(self, query: Query, depth: int, among: Numbers | None) -> list[int]:
        return lexical_candidates(self._database, query.rarity, k=depth, among=among)


def _order(found: tuple[Hit, Candidate]) -> tuple[float, str, str, int]:
    hit, candidate = found
    # Of copies that score the same, the oldest is likely the original; undated ones come last.
    return -hit.score, candidate.date or "9999", hit.passage.document_id, hit.passage.start


def _ranks(numbers: Sequence[int]) -> dict[int, float]:
    return {number: float(rank) for rank, number in enumerate(numbers, start=1)}


@dataclass(frozen=True, slots=True)
class _Scored:
    """A candidate, its stems by column, its sentences' cosines with the question, and the parts of
    its score so far."""

    candidate: Candidate
    stems: Sequence[str]
    similarities: Vectors
    parts: dict[str, float]


def _look(query: Query, found: Sequence[_Scored]) -> None:
    """Add the features to the parts of what was found: the dear ones for the likeliest only."""
    question = asked(query.text, query.rarity)
    for one in found:
        one.parts["dense"] = float(one.candidate.vector @ query.vector)
        one.parts["sentence"] = float(one.similarities.max())
        one.parts["window"] = window(one.candidate.sentence_vectors, query.vector)
        one.parts["lexical"] = lexical_score(query.rarity, one.stems)
        one.parts["phrases"] = phrases(question, one.stems[-1])
    likeliest = sorted(found, key=lambda one: (-FIRST.score(one.parts), one.candidate.passage.id))
    near = likeliest[:CLOSELY]
    scores = word_features(question, [one.candidate for one in near], default_table())
    for one, (words, sentence_words) in zip(near, scores, strict=True):
        one.parts["words"] = words
        one.parts["sentence_words"] = sentence_words


def _hit(one: _Scored, weights: Weights) -> Hit:
    return Hit(
        one.candidate.passage,
        one.candidate.text,
        weights.score(one.parts),
        one.parts,
        tuple(map(float, one.similarities)),
        sha256=one.candidate.sha256,
    )
