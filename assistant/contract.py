"""The JSON that leaves the program, as types, and the functions that make it.

Checks and programs outside this repository read these objects, so a key is never renamed or
removed; keys may be added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NotRequired

from typing_extensions import TypedDict

from assistant.answers import Answer, AnswerSentence
from assistant.contract_answer import (
    CitationJson,
    DisagreementJson,
    ShortJson,
    citation_json,
    disagreement_json,
    short_json,
)
from assistant.contract_search import (
    ExplanationJson,
    SteeredJson,
    explanation_json,
    steered_json,
)
from index.explained import Explanation
from index.finding import Found
from index.passages import Copy, Hit


class SentenceJson(TypedDict):
    """One sentence of the answer."""

    text: str
    markers: list[int]
    supported: bool


class CopyJson(TypedDict):
    """Where another document says what a passage says."""

    document_id: str
    passage_id: str
    start: int
    end: int


class HitJson(TypedDict):
    """One passage found; ``copies`` are passages of other versions that say the same.

    ``parts`` is given by ``search`` and by ``ask --explain``.
    """

    document_id: str
    passage_id: str
    start: int
    end: int
    score: float
    text: str
    copies: list[CopyJson]
    parts: NotRequired[dict[str, float]]


class AskJson(TypedDict):
    """What ``assistant ask --json`` prints.

    ``sides`` are those of a question that looks across documents, each searched for. ``steered``
    is null where the question says nothing of time. ``remarks`` are sentences about filters that
    name a source or a tag that no document has. ``note`` says what a reader should know of an
    LLM's answer, or why there is none, else it is empty; ``dropped_markers`` counts its markers of
    no passage. ``recipe`` names what the index that answered was made with. ``short`` is the short
    answer in front of the quotes, and ``disagreement`` what sources tell otherwise; null where
    there is none. ``explanation`` is given by ``--explain``.
    """

    question: str
    searched: str
    answer: str
    abstained: bool
    confidence: float
    model: str
    timings_ms: dict[str, float]
    citations: list[CitationJson]
    sentences: list[SentenceJson]
    hits: list[HitJson]
    nearest: list[HitJson]
    sides: list[str]
    steered: SteeredJson | None
    note: str
    dropped_markers: int
    recipe: str
    short: ShortJson | None
    disagreement: DisagreementJson | None
    remarks: list[str]
    explanation: NotRequired[ExplanationJson]


class SearchJson(TypedDict):
    """What ``assistant search --json`` prints; see ``AskJson`` for what they share."""

    query: str
    hits: list[HitJson]
    sides: list[str]
    steered: SteeredJson | None
    timings_ms: dict[str, float]
    remarks: list[str]
    explanation: NotRequired[ExplanationJson]


def ask_json(
    answer: Answer, *, explain: bool = False, explanation: Explanation | None = None
) -> AskJson:
    """Return an answer as the contract's object."""
    found: AskJson = {
        "question": answer.question,
        "searched": answer.searched,
        "answer": answer.text,
        "abstained": answer.abstained,
        "confidence": round(answer.confidence, 4),
        "model": answer.model,
        "timings_ms": {step: round(ms, 2) for step, ms in answer.timings_ms.items()},
        "citations": [citation_json(citation) for citation in answer.citations],
        "sentences": [_sentence(sentence) for sentence in answer.sentences],
        "hits": hits_json(answer.hits, parts=explain),
        "nearest": hits_json(answer.nearest, parts=explain),
        "sides": list(answer.sides),
        "steered": steered_json(answer.steered),
        "note": answer.note,
        "dropped_markers": answer.dropped_markers,
        "recipe": answer.recipe,
        "short": short_json(answer.short),
        "disagreement": disagreement_json(answer.disagreement),
        "remarks": list(answer.remarks),
    }
    if explanation is not None:
        found["explanation"] = explanation_json(explanation)
    return found


def search_json(query: str, search: Found, explanation: Explanation | None = None) -> SearchJson:
    """Return a search's result as the contract's object."""
    found: SearchJson = {
        "query": query,
        "hits": hits_json(search.hits, parts=True),
        "sides": [side.name for side in search.sides],
        "steered": steered_json(search.steered),
        "timings_ms": {step: round(ms, 2) for step, ms in search.timings_ms.items()},
        "remarks": list(search.remarks),
    }
    if explanation is not None:
        found["explanation"] = explanation_json(explanation)
    return found


def hits_json(hits: Iterable[Hit], *, parts: bool) -> list[HitJson]:
    """Return hits in their order, with the parts of their scores where asked for."""
    return [_hit(hit, parts=parts) for hit in hits]


def _hit(hit: Hit, *, parts: bool) -> HitJson:
    found: HitJson = {
        "document_id": hit.passage.document_id,
        "passage_id": hit.passage.id,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "score": round(hit.score, 4),
        "text": hit.text,
        "copies": [_copy(copy) for copy in hit.copies],
    }
    if parts:
        found["parts"] = _rounded(hit.parts)
    return found


def _copy(copy: Copy) -> CopyJson:
    return {
        "document_id": copy.document_id,
        "passage_id": copy.passage_id,
        "start": copy.start,
        "end": copy.end,
    }


def _rounded(parts: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in parts.items()}


def _sentence(sentence: AnswerSentence) -> SentenceJson:
    return {
        "text": sentence.text,
        "markers": list(sentence.markers),
        "supported": sentence.supported,
    }
