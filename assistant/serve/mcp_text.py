"""What a tool says in words, beside the data: the answer, its quotes, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from typing_extensions import TypedDict

from assistant.contract import AskJson, HitJson, SearchJson
from assistant.contract_answer import CitationJson, DisagreementJson, ShortJson
from assistant.contract_corpus import EntryJson, ShowJson
from assistant.spoken_values import differing
from assistant.terminal_answer import told
from assistant.terminal_explain import same_in, search_notes


class AnswerJson(TypedDict):
    """An answer without the passages that it was found in; see ``AskJson``."""

    question: str
    answer: str
    abstained: bool
    confidence: float
    model: str
    short: ShortJson | None
    disagreement: DisagreementJson | None
    note: str
    remarks: list[str]
    citations: list[CitationJson]
    nearest: list[HitJson]


class PartJson(EntryJson):
    """A document and a part of its text, ``text[start:end]`` of the whole."""

    text: str
    start: int
    end: int


def answer_json(answer: AskJson) -> AnswerJson:
    """Return what a tool gives of an answer: a reader's room is small."""
    return {
        "question": answer["question"],
        "answer": answer["answer"],
        "abstained": answer["abstained"],
        "confidence": answer["confidence"],
        "model": answer["model"],
        "short": answer["short"],
        "disagreement": answer["disagreement"],
        "note": answer["note"],
        "remarks": answer["remarks"],
        "citations": answer["citations"],
        "nearest": answer["nearest"],
    }


def part_json(shown: ShowJson, start: int, most: int) -> PartJson:
    """Return a part of a document, at most so many characters from a place on."""
    begin = min(start, len(shown["text"]))
    text = shown["text"][begin : begin + most]
    return {**shown, "text": text, "start": begin, "end": begin + len(text)}


def answer_text(answer: AskJson) -> str:
    """Return an answer in words."""
    return "\n\n".join(_paragraphs(answer))


def _paragraphs(answer: AskJson) -> Iterator[str]:
    yield from search_notes(answer)
    found = answer["disagreement"]
    if found:
        yield differing(found, answer["citations"])
    elif answer["short"]:
        yield answer["short"]["text"]
    yield from told(answer)
    if answer["note"]:
        yield answer["note"]
    if answer["citations"]:
        yield "\n".join(["Sources:", *(_source(one) for one in answer["citations"])])
    if answer["nearest"]:
        yield "\n\n".join(["What came closest:", *(_hit(one) for one in answer["nearest"])])


def found_text(found: SearchJson) -> str:
    """Return what a search found in words."""
    said = [_hit(one) for one in found["hits"]] or ["No document has anything on this."]
    return "\n\n".join([*search_notes(found), *said])


def part_text(part: PartJson) -> str:
    """Return a part of a document in words, with what to know about it before."""
    about = [part["title"], part["author"], part["source"], part["date"], part["url"]]
    head = [", ".join(one for one in about if one)]
    if part["quarantine"]:
        reasons = "; ".join(part["quarantine"])
        head.append(f"This document is kept apart and never quoted: {reasons}.")
    head.append(
        f"Characters {part['start']} to {part['end']} of {part['characters']} of {part['id']}:"
    )
    return "\n".join(head) + f"\n\n{part['text']}"


def listed(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return names that a caller may have left out."""
    return tuple(names or ())


def _source(one: CitationJson) -> str:
    page = None if one["page"] is None else f"page {one['page']}"
    about = ", ".join(
        part for part in (one["title"], one["source"], one["date"], page, one["url"]) if part
    )
    return f"[{one['marker']}] {about} ({one['document_id']}, characters {_place(one)})"


def _hit(one: HitJson) -> str:
    said = f"{one['document_id']}, characters {_place(one)}:\n{one['text']}"
    same = same_in(one)
    return f"{said}\n{same}" if same else said


def _place(one: CitationJson | HitJson) -> str:
    return f"{one['start']} to {one['end']}"
