"""Scores one answer against its case: every case metric that applies, and nothing else.

Retrieval, answer and citation measures apply to answerable cases; citation precision only where
the question was answered, since a declined answer claims nothing (recall counts it). Whether the
citations support what is said (ALCE) applies to every answer, also one that should not be. Quote
exactness applies wherever something is cited. A case that could not be judged scores 0 throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.contract import AskJson, CopyJson, HitJson
from assistant.contract_answer import CitationJson
from evals.cases import Case
from evals.evidence import Located
from evals.metrics import Coverage
from evals.metrics.all_evidence import all_evidence_at_k
from evals.metrics.answer_match import contains, exact_match, token_f1
from evals.metrics.average_precision import average_precision
from evals.metrics.citation_match import citation_precision, citation_recall
from evals.metrics.hit_at_k import hit_at_k
from evals.metrics.ndcg import ndcg
from evals.metrics.quote_exact import quote_exact
from evals.metrics.recall_at_k import recall_at_k
from evals.metrics.reciprocal_rank import reciprocal_rank
from evals.results import ACROSS_METRICS, CASE_METRICS, FOLLOW_UP_METRICS


def score(
    case: Case, answer: AskJson, evidence: Sequence[Located], texts: Mapping[str, str]
) -> dict[str, float]:
    """Return the case metrics that apply; ``texts`` holds the cited documents' texts by id."""
    scores: dict[str, float] = {}
    if not case.unanswerable:
        scores |= retrieval_scores(hit_coverage(answer, evidence), len(evidence))
        scores |= _answer(case, answer)
        scores |= _citations(answer, evidence)
    if answer["citations"]:
        scores["quote_exact"] = quote_exact(answer["citations"], texts)
    return scores


def lost_scores(case: Case) -> dict[str, float]:
    """Return the scores of a case that could not be judged: 0 in all that would have applied."""
    if case.unanswerable:
        return {}
    names = CASE_METRICS + (ACROSS_METRICS if looks_across(case) else ())
    if not case.stand_alone:
        return dict.fromkeys(names, 0.0)
    return dict.fromkeys(names + FOLLOW_UP_METRICS, 0.0) | {"behind_alone@5": 1.0}


def looks_across(case: Case) -> bool:
    """Tell whether a case's evidence stands in more than one document."""
    return len({one.document for one in case.evidence}) > 1


def across_scores(
    answer: AskJson, plain: Sequence[HitJson], evidence: Sequence[Located]
) -> dict[str, float]:
    """Return all-evidence recall of an answer's hits, and of a plain search's beside it."""
    ours, theirs = hit_coverage(answer, evidence), coverage_of(plain, evidence)
    scores = {}
    for k in (5, 10):
        scores[f"all_evidence@{k}"] = all_evidence_at_k(ours, len(evidence), k)
        scores[f"plain_all_evidence@{k}"] = all_evidence_at_k(theirs, len(evidence), k)
    return scores


def alone_scores(
    case: Case, alone: AskJson, evidence: Sequence[Located], hit: float
) -> dict[str, float]:
    """Return how a follow-up does in the form that stands alone; ``hit`` is its own hit@5."""
    found = retrieval_scores(hit_coverage(alone, evidence), len(evidence))
    return {
        **{f"alone_{name}": found[name] for name in ("hit@1", "hit@5", "mrr@10")},
        "alone_answer_contains": _answer(case, alone)["answer_contains"],
        "behind_alone@5": found["hit@5"] - hit,
    }


def hit_coverage(answer: AskJson, evidence: Sequence[Located]) -> Coverage:
    """Return which evidence each hit, or a copy that it stands for, overlaps.

    A declined answer may give its hits as ``nearest`` only; they were retrieved all the same.
    """
    return coverage_of(answer["hits"] or answer["nearest"], evidence)


def coverage_of(hits: Iterable[HitJson], evidence: Sequence[Located]) -> Coverage:
    """Return which evidence each hit, or a copy that it stands for, overlaps."""
    return [frozenset().union(*_coverage((hit, *hit.get("copies", ())), evidence)) for hit in hits]


def retrieval_scores(coverage: Coverage, quotes: int) -> dict[str, float]:
    """Return the measures of a ranking that should bring ``quotes`` (at least 1) quotes."""
    return {
        "hit@1": hit_at_k(coverage, 1),
        "hit@5": hit_at_k(coverage, 5),
        "recall@5": recall_at_k(coverage, quotes, 5),
        "mrr@10": reciprocal_rank(coverage, 10),
        "map@10": average_precision(coverage[:10], quotes),
        "ndcg@10": ndcg(coverage, quotes, 10),
    }


def _coverage(
    places: Iterable[HitJson | CopyJson | CitationJson], evidence: Sequence[Located]
) -> list[frozenset[int]]:
    return [
        frozenset(
            number
            for number, quote in enumerate(evidence)
            if quote.touches(place["document_id"], (place["start"], place["end"]))
        )
        for place in places
    ]


def _answer(case: Case, answer: AskJson) -> dict[str, float]:
    """Score what is quoted, not what is said around it; a declined answer scores 0.

    An exact match is that of the short answer, where one stands in front of the quotes.
    """
    quoted = " ".join(citation["quote"] for citation in answer["citations"])
    if answer["abstained"]:
        quoted = ""
    short = answer.get("short")
    return {
        "answer_em": exact_match(short["text"] if short else quoted, case.answers),
        "answer_f1": token_f1(quoted, case.answers),
        "answer_contains": contains(quoted, case.answers),
    }


def _citations(answer: AskJson, evidence: Sequence[Located]) -> dict[str, float]:
    cited = _coverage(answer["citations"], evidence)
    scores = {"citation_recall": citation_recall(cited, len(evidence))}
    if not answer["abstained"]:
        scores["citation_precision"] = citation_precision(cited)
    return scores
