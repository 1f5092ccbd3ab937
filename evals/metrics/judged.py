"""All measures of one ranking of documents against graded judgements, as public sets have them.

A document without a judgement is not relevant; one judged 0 or less is not either. Hit@k, recall,
reciprocal rank and average precision count a grade of 1 or more as relevant; nDCG gains the grade
itself, as trec_eval's ``ndcg_cut`` does.

A *run* gives documents scores; trec_eval puts equal scores in the order of falling names, and so
does ``run_order``, so that the numbers are those of ir_measures to the fourth digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log2

from evals.metrics import Coverage
from evals.metrics.average_precision import average_precision
from evals.metrics.hit_at_k import hit_at_k
from evals.metrics.recall_at_k import recall_at_k
from evals.metrics.reciprocal_rank import reciprocal_rank

Grades = Mapping[str, int]
"""How relevant each judged document is; 0 and less mean that it is not."""

HITS = (1, 5, 10)
RECALLS = (5, 10)
CUT = 10


def run_order(run: Mapping[str, float]) -> list[str]:
    """Return a run's documents, the best first; equal scores in the order of falling names."""
    return sorted(sorted(run, reverse=True), key=lambda document: -run[document])


def judged_scores(ranking: Sequence[str], grades: Grades) -> dict[str, float]:
    """Return the measures of a ranking; ``grades`` holds at least one relevant document."""
    relevant = {document: place for place, document in enumerate(_relevant(grades))}
    coverage: Coverage = [
        frozenset({relevant[document]} if document in relevant else ()) for document in ranking
    ]
    return {
        **{f"hit@{k}": hit_at_k(coverage, k) for k in HITS},
        **{f"recall@{k}": recall_at_k(coverage, len(relevant), k) for k in RECALLS},
        f"mrr@{CUT}": reciprocal_rank(coverage, CUT),
        "map": average_precision(coverage, len(relevant)),
        f"ndcg@{CUT}": graded_ndcg([grades.get(one, 0) for one in ranking], grades.values(), CUT),
    }


def graded_ndcg(gains: Sequence[int], judged: Iterable[int], k: int) -> float:
    """Return nDCG@k in 0..1 of a ranking's grades; ``judged`` are all grades that were given.

    Source: Järvelin and Kekäläinen (2002), with the discount of trec_eval ``ndcg_cut.k``.
    """
    ideal = _gained(sorted(judged, reverse=True)[:k])
    return _gained(gains[:k]) / ideal if ideal else 0.0


def _gained(gains: Sequence[int]) -> float:
    return sum(max(0, gain) / log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _relevant(grades: Grades) -> list[str]:
    return [document for document, grade in grades.items() if grade > 0]
