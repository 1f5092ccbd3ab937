"""Search: dense and lexical candidates, one weighted sum of features that look ever closer.

Why a weighted sum and not rank fusion: ranks throw away how much better the first is than the
second. What is in the sum, and what did not earn a place, is in ``docs/decisions/015-ranking.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.allowed import Allowed
from index.among import Among
from index.candidates import Gone, Texts, read_candidates
from index.collapse import collapse
from index.database import Database
from index.diversity import varied
from index.embed import Embedder
from index.kin import kin_of
from index.lexical import lexical_candidates, rarities
from index.narrowed import Narrowed
from index.nearest import Nearest
from index.passages import Filters, Hit
from index.ranker import WEIGHTS, Weights
from index.scoring import Query, Scored, score
from index.terms import terms

__all__ = ["Query", "Searcher"]

CANDIDATES = 60
"""Passages taken from each side before they are scored together."""
_DEEPER = 4
_DEEPEST = CANDIDATES * _DEEPER * _DEEPER


class Searcher:
    """Finds passages in one catalogue and its vectors."""

    def __init__(self, database: Database, vectors: Nearest, embedder: Embedder) -> None:
        self._database = database
        self._vectors = vectors
        self._embedder = embedder
        self._allowed = Allowed(database)
        self._narrowed = Narrowed(database, vectors)

    def prepare(self, text: str) -> Query:
        """Embed a question and weigh its terms."""
        stems = terms(text)
        rarity, unseen = rarities(self._database, stems, kin_of(text))
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
            try:
                found, is_all = self._scored(query, depth, filters, weights)
                fronts = collapse(found.order, found.texts.text)
                # Copies took places, so that more is looked for where there is more.
                many = len(fronts) >= k or len(fronts) == len(found.order)
                if many or is_all or depth >= _DEEPEST:
                    ranking = [
                        (one.ranked.candidate.document_id, one.ranked.score) for one in fronts
                    ]
                    return found.hits([fronts[place] for place in varied(ranking, k)])
            except Gone:  # the documents are being changed: look again
                continue
            depth *= _DEEPER

    def _scored(
        self, query: Query, depth: int, filters: Filters, weights: Weights
    ) -> tuple[Scored, bool]:
        """Return scored passages in their order, and whether there are no more."""
        among = self._allowed.among(filters) if filters else None
        dense = self._dense(query, depth, among)
        lexical = self._lexical(query, depth, among)
        candidates = read_candidates(self._database, {*dense, *lexical})
        ranks = {"dense_rank": _ranks(dense), "lexical_rank": _ranks(lexical)}
        scored = score(query, candidates, ranks, Texts(self._database), weights)
        return scored, len(dense) < depth and len(lexical) < depth

    def _dense(self, query: Query, depth: int, among: Among | None) -> list[int]:
        if among is None:
            found = self._vectors.nearest(query.vector, depth)
        else:
            found = self._narrowed.nearest(query.vector, depth, among)
        return [number for number, _ in found]

    def _lexical(self, query: Query, depth: int, among: Among | None) -> list[int]:
        kin = kin_of(query.text)
        return lexical_candidates(self._database, query.rarity, kin, k=depth, among=among)


def _ranks(numbers: Sequence[int]) -> dict[int, float]:
    return {number: float(rank) for rank, number in enumerate(numbers, start=1)}
