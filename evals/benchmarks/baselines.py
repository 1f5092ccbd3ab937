"""What our search is set beside: BM25 alone, dense alone, and their reciprocal rank fusion.

They rank, in the same searches, what their own side of the index brought: 60 passages each, by that
side's score alone. So they have our terms, our titles and our vectors, and are better than what one
gets by default; LlamaIndex's own pipeline is in ``llamaindex_baseline.py``.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.passages import Hit

RRF_K = 60.0
"""Softens the first ranks. Cormack, Clarke and Büttcher, Reciprocal Rank Fusion (2009)."""


def baseline_rankings(hits: Sequence[Hit]) -> dict[str, list[str]]:
    """Return each baseline's documents, the best first, from all hits of one search."""
    bm25 = documents(_by_part(hits, "lexical"))
    dense = documents(_by_part(hits, "dense"))
    return {"bm25": bm25, "dense": dense, "rrf": reciprocal_rank_fusion([dense, bm25])}


def documents(hits: Sequence[Hit]) -> list[str]:
    """Return the documents of hits, each at its best passage; a hit's copies follow it."""
    found = (
        document
        for hit in hits
        for document in (hit.passage.document_id, *(copy.document_id for copy in hit.copies))
    )
    return list(dict.fromkeys(found))


def reciprocal_rank_fusion(rankings: Sequence[Sequence[str]]) -> list[str]:
    """Return one ranking by the sum of ``1 / (k + rank)``, ranks from 0 as LlamaIndex counts them.

    Equal sums stay in the order in which they were first seen.
    """
    fused: dict[str, float] = {}
    for ranking in rankings:
        for rank, document in enumerate(ranking):
            fused[document] = fused.get(document, 0.0) + 1 / (RRF_K + rank)
    return sorted(fused, key=lambda document: -fused[document])


def _by_part(hits: Sequence[Hit], part: str) -> list[Hit]:
    """Return the hits that one side brought, by its own score; ties go as in the search itself."""
    own = [hit for hit in hits if f"{part}_rank" in hit.parts]
    return sorted(
        own, key=lambda hit: (-hit.parts[part], hit.passage.document_id, hit.passage.start)
    )
