"""The keyless answerer: it picks the one to three sentences that answer best, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.expect import Expected, has_expected
from index.passages import Hit
from index.search import Query
from index.terms import terms

PASSAGES = 8
"""How many of the best passages sentences are chosen from."""
_SIMILARITY, _COVERAGE, _FITS, _PASSAGE = 0.31, 0.25, 0.11, 0.33
"""Shares of a sentence's score; they add up to 1. They are in proportion to the weights of a
logistic regression over the sentences found for some 400 questions with known answers."""
_NEXT = 0.9
"""A further sentence must score at least this share of the first one's. Asking that it also bring
new terms of the question lost one answer in ten: the sentence that answers often paraphrases."""
_TITLE_SHARE = 0.5
"""A term that only the title or the heading has counts half: the sentence leans on it."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that may answer: ``start`` and ``end`` are offsets in its document.

    ``similarity`` is its cosine with the question, ``coverage`` the share of the question's terms
    that it (or its title) has, weighted by rarity; ``fits`` says whether it holds the kind of
    thing that is asked for. ``covered`` are the terms themselves.
    """

    document_id: str
    start: int
    end: int
    text: str
    score: float
    similarity: float
    coverage: float
    fits: bool
    covered: frozenset[str]


def rank_sentences(
    query: Query, wanted: Expected, hits: Sequence[Hit], titles: Mapping[str, str]
) -> list[Quote]:
    """Return the sentences of the best passages, the best first; equal texts only once.

    A document's own questions ("What had the firm done?") come into it only where there is nothing
    else: they are near to a reader's question and answer none. ``titles`` holds each document's
    title by id.
    """
    quotes: dict[str, Quote] = {}
    best = max((hit.score for hit in hits), default=1.0) or 1.0
    for hit in hits[:PASSAGES]:
        title = titles.get(hit.passage.document_id, "")
        for quote in _quotes(query, wanted, hit, title, hit.score / best):
            key = " ".join(quote.text.split()).casefold()
            if key not in quotes or quotes[key].score < quote.score:
                quotes[key] = quote
    stated = [one for one in quotes.values() if not one.text.endswith("?")]
    ranked = stated or list(quotes.values())
    return sorted(ranked, key=lambda one: (-one.score, one.document_id, one.start))


def choose(ranked: Sequence[Quote], most: int) -> tuple[Quote, ...]:
    """Return up to ``most`` sentences: the best, and those that are nearly as good.

    Documents come in the order of their best sentence, and within a document sentences come in
    reading order.
    """
    chosen = [quote for quote in ranked[:most] if quote.score >= _NEXT * ranked[0].score]
    order = {document: place for place, document in enumerate(_documents(chosen))}
    return tuple(sorted(chosen, key=lambda one: (order[one.document_id], one.start)))


def _quotes(
    query: Query, wanted: Expected, hit: Hit, title: str, passage_share: float
) -> Iterator[Quote]:
    lent = set(terms(f"{title} {hit.passage.heading}"))
    for sentence, similarity in zip(hit.passage.sentences, hit.sentence_scores, strict=True):
        offset = hit.passage.start
        text = hit.text[sentence.start - offset : sentence.end - offset]
        covered = query.rarity.keys() & set(terms(text))
        coverage = _coverage(query.rarity, covered, lent)
        fits = has_expected(wanted, text)
        score = (
            _SIMILARITY * max(0.0, similarity)
            + _COVERAGE * coverage
            + _FITS * fits
            + _PASSAGE * passage_share
        )
        yield Quote(
            hit.passage.document_id, sentence.start, sentence.end, text, score, similarity,
            coverage, fits, frozenset(covered),
        )  # fmt: skip


def _coverage(rarity: Mapping[str, float], covered: set[str], lent: set[str]) -> float:
    most = sum(rarity.values())
    if not most:
        return 0.0
    own = sum(rarity[term] for term in covered)
    borrowed = sum(rarity[term] for term in (rarity.keys() & lent) - covered)
    return (own + _TITLE_SHARE * borrowed) / most


def _documents(chosen: Sequence[Quote]) -> list[str]:
    return list(dict.fromkeys(quote.document_id for quote in chosen))
