"""Which sentences of documents may support an answer that a language model wrote.

A model that obeys a document says what that document wants said, and the document's order has just
those words, so that it would support them. But an order is not about the question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.expect import expected, has_expected
from assistant.sentence_features import VALUES
from corpus.injection import find_instructions
from index.terms import terms

_SHARE = 0.25
"""The share of the question's content words that a sentence about it has, at least; or else"""
_SHARE_AROUND = 0.5
"""one word of the question, in a passage that has this share of them with its title; or else"""
_NEAR = 0.5
"""its cosine with the question."""
_NEWS = 3
"""Content words that the question lacks, in a sentence without the date or number asked for that
tells something all the same ("until further notice"), at least."""
_SPEAKS_TO_MODELS = re.compile(
    r"\bno answer\b|\b(?:ai|language|chat) (?:models?|assistants?|systems?)\b"
    r"|\b(?:assistants?|chatbots?|llms?|gpt|system prompt|the users?)\b"
    r"|\b(?:can|do|does|must|may|could)(?: ?not|n['’]t) (?:contain|answer|say|know)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Aim:
    """A question, and the documents in which something about it was found."""

    question: str
    documents: set[str] = field(default_factory=set)
    _stems: frozenset[str] | None = None

    def admits(self, document_id: str, text: str, near: float, context: str = "") -> bool:
        """Tell whether a sentence may support an answer; ``near`` is its cosine with the question.

        ``context`` is its passage with its title. It is about the question, or stands in a document
        where another one is that supports the answer. It does more than repeat the question, and
        gives no orders to assistants.
        """
        if not (self._is_about(text, near, context) or document_id in self.documents):
            return False
        return not (self._repeats(text) or find_instructions(text))

    def found(self, document_id: str, text: str, near: float, context: str = "") -> None:
        """Take note of a sentence that supports the answer."""
        if self._is_about(text, near, context):
            self.documents.add(document_id)

    def _repeats(self, text: str) -> bool:
        wanted = expected(self.question)
        if wanted.kind not in VALUES or has_expected(wanted, text):
            return False
        return len(set(terms(text)) - set(terms(self.question))) < _NEWS

    def _is_about(self, text: str, near: float, context: str) -> bool:
        if self._stems is None:
            self._stems = frozenset(terms(self.question))
        shared, most = self._stems.intersection(terms(text)), len(self._stems)
        if near >= _NEAR or not shared:
            return near >= _NEAR
        if len(shared) >= _SHARE * most:
            return True
        return len(self._stems.intersection(terms(context))) >= _SHARE_AROUND * most


def speaks_to_models(text: str) -> bool:
    """Tell whether a text may be telling a model not to answer; more texts do than give orders.

    What hangs on it is only whether a model is believed that finds no answer where quotes were
    found.
    """
    return bool(_SPEAKS_TO_MODELS.search(text)) or bool(find_instructions(text))
