"""The keyless answerer: it picks the one to three sentences that answer best, word for word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.asking_part import asking_part
from assistant.expect import Expected, Kind
from assistant.given import Given
from assistant.quote_ranker import QuoteModel, quote_model
from assistant.sentence_features import Described, describe
from index.passages import Hit
from index.search import Query
from index.terms import terms

_ASKING = re.compile(r"\b(?:how \w+|who|whom|whose|when|where|what|which|why)\b", re.IGNORECASE)
_RELATIVE = re.compile(r",\s+(?:who|whom|whose|when|where|which)\Z", re.IGNORECASE)
"""Where "when" or "where" comes behind a comma, it goes on about what stands before it, which may
be what is asked for: "in front of it is a park, where she holds her lessons"."""
_WHETHER = re.compile(r"^\W*(?:is|are|was|were|do|does|did|has|have|had)\b", re.IGNORECASE)
# In lower case: not the month.
_NOT_SO = re.compile(
    r"\b(?:can|could|may|might|would|should|must|[Ii]f|expects?|plans?|proposed?)\b"
)
_LESS = 0.6
"""What is left of a sentence's chance that tells what may be, where it is asked whether it is."""
_SAME = 0.6
"""The share of a question's words that stand behind its question word in a sentence that tells of
the question."""
PASSAGES = 8
"""How many of the best passages sentences are chosen from."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that may answer: ``start`` and ``end`` are offsets in its document.

    ``score`` is how likely it answers, in 0..1. ``similarity`` is its cosine with the question,
    ``coverage`` the share of the question's terms that it (or its title) has, weighted by rarity;
    ``fits`` says whether it holds the kind of thing that is asked for. ``covered`` are the terms
    themselves. ``also`` are other documents that say the very same, or hold its passage's copy.
    ``told`` says whether an answer before has it already, for another question.
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
    also: tuple[str, ...] = ()
    told: bool = False


def rank_sentences(
    query: Query,
    wanted: Expected,
    hits: Sequence[Hit],
    titles: Mapping[str, str],
    model: QuoteModel | None = None,
) -> list[Quote]:
    """Return the sentences of the best passages, the best first; equal texts only once.

    A document's own questions ("What had the firm done?", "Few know what the firm had done.") come
    into it only where there is nothing else: they are near to a reader's question and answer none.
    ``titles`` holds each document's title by id.
    """
    used = model or quote_model()
    quotes: dict[str, Quote] = {}
    for one in describe(query, wanted, hits[:PASSAGES], titles):
        quote = _quote(one, used)
        key = _plain(quote.text)
        known = quotes.get(key)
        quotes[key] = _together(quote, known) if known else quote
    if _WHETHER.match(asking_part(query.text)) and not _NOT_SO.search(query.text):
        quotes = {key: _less_where_it_may_be(one) for key, one in quotes.items()}
    stated = [one for one in quotes.values() if not _asks(one, query.text, wanted)]
    ranked = stated or list(quotes.values())
    return sorted(ranked, key=lambda one: (-one.score, one.document_id, one.start))


def with_told(
    ranked: Sequence[Quote], query: Query, wanted: Expected, answers: Sequence[str]
) -> tuple[Quote, ...]:
    """Return ranked sentences, marked as told where one of the earlier answers has them and they
    give no value or person that is asked for now."""
    texts = [_plain(one) for one in answers]
    given = Given(query.text, wanted)
    return tuple(
        replace(quote, told=not (given.value(quote.text) or given.person(quote.text)))
        if any(_plain(quote.text) in text for text in texts)
        else quote
        for quote in ranked
    )


def choose(
    ranked: Sequence[Quote], most: int, model: QuoteModel | None = None
) -> tuple[Quote, ...]:
    """Return up to ``most`` sentences, the best first: that one, and those nearly as likely.

    What was told before has most of a follow-up's words, which came from there, and seldom answers
    it: so it comes last, and does not say how likely others have to be.
    """
    if not ranked:
        return ()
    first = next((quote for quote in ranked if not quote.told), ranked[0])
    least = (model or quote_model()).least(first.score)
    others = [quote for quote in ranked if quote is not first and quote.score >= least]
    return tuple(sorted([first, *others][:most], key=lambda quote: quote.told))


def _less_where_it_may_be(quote: Quote) -> Quote:
    """Take from the chance of a sentence that tells what may be, or is planned: whether somebody
    was fined is told by the sentence that says so."""
    return replace(quote, score=_LESS * quote.score) if _NOT_SO.search(quote.text) else quote


def _asks(quote: Quote, question: str, wanted: Expected) -> bool:
    """Tell whether a sentence asks, or tells that the very question is asked."""
    if quote.text.endswith("?"):
        return True
    part = asking_part(question)
    word = _ASKING.search(part)
    if word is None or (quote.fits and wanted.kind is not Kind.OTHER):
        return False
    sought = set(terms(part[word.end() :]))
    place = quote.text.casefold().find(f"{word[0].casefold()} ")
    if place < 0 or _RELATIVE.search(quote.text[: place + len(word[0])]):
        return False
    there = sought.intersection(terms(quote.text[place:]))
    return len(there) > _SAME * len(sought)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _together(one: Quote, other: Quote) -> Quote:
    """Return the better of two quotes that say the same, which names the other's document."""
    best, rest = (one, other) if one.score > other.score else (other, one)
    also = dict.fromkeys((*best.also, rest.document_id, *rest.also))
    return replace(best, also=tuple(name for name in also if name != best.document_id))


def _quote(one: Described, model: QuoteModel) -> Quote:
    sentence = one.hit.passage.sentences[one.place]
    return Quote(
        document_id=one.hit.passage.document_id,
        start=sentence.start,
        end=sentence.end,
        text=one.text,
        score=model.chance(one.features),
        similarity=one.hit.sentence_scores[one.place],
        coverage=one.features.coverage,
        fits=not (one.features.misses or one.features.misses_value),
        covered=one.covered,
        also=tuple(dict.fromkeys(copy.document_id for copy in one.hit.copies)),
    )
