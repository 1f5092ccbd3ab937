"""Search: dense and lexical candidates, one weighted sum, the best sentence counted in.

Why a weighted sum and not rank fusion: ranks throw away how much better the first is than the
second. Why sentences: the vector of a passage's best sentence says more about whether it answers
than the vector of the whole. Both were measured; see ``docs/decisions/``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.candidates import Candidate, filter_condition, filtered_vectors, read_candidates
from index.collapse import collapse
from index.database import Database
from index.embed import Embedder, Vectors
from index.lexical import lexical_candidates, lexical_scores, rarities, unseen_terms
from index.passages import Filters, Hit
from index.terms import terms
from index.vectors import VectorStore, exact_nearest


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of the three parts of a score; they add up to 1."""

    dense: float
    sentence: float
    lexical: float


WEIGHTS = Weights(dense=0.15, sentence=0.35, lexical=0.5)

CANDIDATES = 60
"""Passages taken from each side before they are scored together."""
_DEEPER = 4
_DEEPEST = CANDIDATES * _DEEPER * _DEEPER


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready: its unit vector, shape ``(d,)``, and how rare each of its terms is.

    ``unseen`` are the terms that no passage has.
    """

    text: str
    vector: Vectors
    rarity: Mapping[str, float]
    unseen: frozenset[str] = frozenset()


class Searcher:
    """Finds passages in one catalogue and its vectors."""

    def __init__(self, database: Database, vectors: VectorStore, embedder: Embedder) -> None:
        self._database = database
        self._vectors = vectors
        self._embedder = embedder

    def prepare(self, text: str) -> Query:
        """Embed a question and weigh its terms."""
        stems = terms(text)
        rarity, unseen = rarities(self._database, stems), unseen_terms(self._database, stems)
        return Query(text, self._embedder.embed_question(text), rarity, unseen)

    def search(
        self, query: Query, *, k: int = 10, filters: Filters = Filters(), weights: Weights = WEIGHTS
    ) -> tuple[Hit, ...]:
        """Return the ``k`` best passages, the best first.

        Passages that say the same are one hit, which lists its copies. Ties go to the earlier
        document, then to the earlier passage.
        """
        depth = CANDIDATES
        while True:
            found, is_all = self._scored(query, depth, filters, weights)
            hits = collapse(found)
            # Copies took places, so that more is looked for where there is more.
            if len(hits) >= k or len(hits) == len(found) or is_all or depth >= _DEEPEST:
                return hits[:k]
            depth *= _DEEPER

    def _scored(
        self, query: Query, depth: int, filters: Filters, weights: Weights
    ) -> tuple[list[tuple[Hit, Candidate]], bool]:
        """Return scored passages in their order, and whether there are no more."""
        dense = self._dense(query, depth, filters)
        lexical = self._lexical(query, depth, filters)
        candidates = read_candidates(self._database, {*dense, *lexical})
        shares = lexical_scores(self._database, query.rarity, candidates.keys())
        ranks = {"dense_rank": _ranks(dense), "lexical_rank": _ranks(lexical)}
        found = [
            (
                _hit(
                    candidate,
                    query,
                    shares[number],
                    {name: rank[number] for name, rank in ranks.items() if number in rank},
                    weights,
                ),
                candidate,
            )
            for number, candidate in candidates.items()
            if number in shares  # else it left the catalogue between the two looks
        ]
        found.sort(key=_order)
        return found, len(dense) < depth and len(lexical) < depth

    def _dense(self, query: Query, depth: int, filters: Filters) -> list[int]:
        if filters:
            # A broad filter costs Chroma ten times what comparing the vectors here does.
            allowed = filtered_vectors(self._database, filters)
            found = exact_nearest(query.vector, [allowed], depth)
        else:
            found = self._vectors.nearest(query.vector, depth)
        return [number for number, _ in found]

    def _lexical(self, query: Query, depth: int, filters: Filters) -> list[int]:
        condition, values = filter_condition(filters)
        return lexical_candidates(
            self._database, query.rarity, k=depth, condition=condition, parameters=values
        )


def _order(found: tuple[Hit, Candidate]) -> tuple[float, str, str, int]:
    hit, candidate = found
    # Of copies that score the same, the oldest is likely the original; undated ones come last.
    return -hit.score, candidate.date or "9999", hit.passage.document_id, hit.passage.start


def _ranks(numbers: Sequence[int]) -> dict[int, float]:
    return {number: float(rank) for rank, number in enumerate(numbers, start=1)}


def _hit(
    candidate: Candidate,
    query: Query,
    lexical: float,
    ranks: Mapping[str, float],
    weights: Weights,
) -> Hit:
    similarities = candidate.sentence_vectors @ query.vector
    dense = float(candidate.vector @ query.vector)
    sentence = float(similarities.max())
    score = (
        weights.dense * max(0.0, dense)
        + weights.sentence * max(0.0, sentence)
        + weights.lexical * lexical
    )
    parts = {"dense": dense, "sentence": sentence, "lexical": lexical, **ranks}
    return Hit(
        candidate.passage,
        candidate.text,
        min(1.0, score),
        parts,
        tuple(map(float, similarities)),
        sha256=candidate.sha256,
    )
