"""What a question has otherwise than the sentence that comes closest to it.

A question that the documents don't answer often shares nearly all words with one that they do: it
denies what the text says ("Which states did not sign?"), asks for its opposite ("the least"), or
for one thing more ("the first *female* judge"). Similarity sees none of that. The first two are
looked for by the checks that hold a language model's sentences to their evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.sentence_features import TITLE_SHARE, likeness
from assistant.support_polarity import denies_more, opposites_differ
from assistant.support_text import parse
from index.features import asked, content_words
from index.search import Query
from index.word_table import default_table

_NON = re.compile(r"\bnon(?:-| )\w", re.IGNORECASE)
_MUCH = 20.0
"""Rarities of some three words that a sentence has nothing of, added up."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """``denies``: the question denies something that the sentence does not deny. ``opposed``: it
    has a word whose opposite stands there. ``gap``: how little the sentence has of the one word
    that it lacks most, and ``lacks``: of all words, both by rarity and in 0..1."""

    denies: bool
    opposed: bool
    gap: float
    lacks: float


def asked_otherwise(query: Query, sentence: str, title: str) -> Otherwise:
    """Compare a question with the best sentence; ``title`` is that of the sentence's document."""
    question, evidence = parse(query.text), parse(sentence)
    gap, lacks = _lacking(query, sentence, title)
    negated = bool(_NON.search(query.text)) and not _NON.search(sentence)
    return Otherwise(
        denies=denies_more(question, evidence) or negated,
        opposed=opposites_differ(question, evidence),
        gap=gap,
        lacks=lacks,
    )


def _lacking(query: Query, sentence: str, title: str) -> tuple[float, float]:
    question = asked(query.text, query.rarity)
    if not question.words:
        return 1.0, 1.0
    texts = [content_words(sentence), content_words(title)]
    own, lent = likeness(question, texts, default_table())
    weights = [float(one) for one in question.weights]
    missing = [
        weight * (1 - max(float(here), TITLE_SHARE * float(there)))
        for weight, here, there in zip(weights, own, lent, strict=True)
    ]
    return max(missing) / max(weights), min(1.0, sum(missing) / _MUCH)
