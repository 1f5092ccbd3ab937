"""How much of what is quoted is evidence, and how much of the evidence is quoted.

*By characters* (OneStopQA marks spans that begin and end where they like): precision is the share
of the quoted characters that are marked, recall the share of the marked ones that are quoted. *By
sentences* (CLAPNQ marks whole ones): a quote is right when more than half of it is marked, and a
marked sentence is found when more than half of it is quoted. F1 is their harmonic mean, for each
question; of several annotators the one with the best F1 counts. A quote from another document is
wrong. Nothing quoted scores 0.

Source: the token-level evidence scores of DeYoung et al., ERASER (2020), with characters in place
of tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evals.metrics import Span, overlap

Scores = tuple[float, float, float]
"""Precision, recall and F1."""


def quoted_characters(
    quotes: Sequence[Span], elsewhere: int, annotators: Sequence[Sequence[Span]]
) -> Scores:
    """Score quotes by characters: ``quotes`` lie in the right document and do not overlap,
    ``elsewhere`` is how many characters were quoted from others."""
    quoted = sum(end - start for start, end in quotes) + elsewhere
    return _best(
        _scores(
            sum(overlap(one, marked) for one in quotes),
            quoted,
            sum(overlap(one, quotes) for one in marked),
            sum(end - start for start, end in marked),
        )
        for marked in annotators
    )


def quoted_sentences(
    quotes: Sequence[Span], elsewhere: int, annotators: Sequence[Sequence[Span]]
) -> Scores:
    """Score quotes by sentences; ``elsewhere`` is how many quotes are from other documents."""
    return _best(
        _scores(
            sum(_mostly(one, marked) for one in quotes),
            len(quotes) + elsewhere,
            sum(_mostly(one, quotes) for one in marked),
            len(marked),
        )
        for marked in annotators
    )


def _scores(right: int, quoted: int, found: int, marked: int) -> Scores:
    precision = right / quoted if quoted else 0.0
    recall = found / marked if marked else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def _best(scores: Iterable[Scores]) -> Scores:
    return max(scores, key=lambda one: one[2], default=(0.0, 0.0, 0.0))


def _mostly(one: Span, others: Sequence[Span]) -> bool:
    return overlap(one, others) * 2 > one[1] - one[0]
