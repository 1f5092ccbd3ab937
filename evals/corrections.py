"""A turn of a conversation and what a person says is right become a case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assistant.client import Client
from assistant.contract_chats import JudgedJson
from corpus.errors import UnknownDocument, UsageError
from evals.cases import Case, Evidence, read_case
from evals.evidence import Documents, Unfound
from evals.metrics.answer_match import contains
from evals.privacy import Scrubber
from evals.suite_file import to_line

TAG = "inbox"
_LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says is right.

    Either ``answers`` with ``evidence``, whose document may be empty where a search for the quote
    tells it, or ``unanswerable``. ``question`` replaces the one that was asked, ``names`` are
    further names to take out.
    """

    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unanswerable: bool = False
    question: str = ""
    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corrected:
    """The case, how much personal data was taken out by kind, and what a person should know."""

    case: Case
    removed: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def corrected(id: str, turn: JudgedJson, correction: Correction, client: Client) -> Corrected:
    """Return a turn as a case, without personal data.

    Raises UsageError where the correction is not whole or a quote does not stand.
    """
    _check(turn, correction)
    documents = Documents(client)
    evidence = tuple(_standing(one, documents, client) for one in correction.evidence)
    scrubber = Scrubber(correction.names, [one.quote for one in evidence])
    asked = correction.question.strip() or turn["question"]
    case = {
        "id": id,
        "question": scrubber.scrub(asked),
        "answers": [scrubber.scrub(one) for one in correction.answers],
        "evidence": [{"document": one.document, "quote": one.quote} for one in evidence],
        "unanswerable": correction.unanswerable,
        "history": [
            {name: scrubber.scrub(said) for name, said in dict(one).items()}
            for one in _history(turn, correction)
        ],
        "filters": turn["filters"],
        "tags": list(dict.fromkeys([TAG, *correction.tags])),
    }
    made = read_case(to_line(case), "the correction")
    return Corrected(made, dict(scrubber.found), tuple(_remarks(made)))


def _check(turn: JudgedJson, correction: Correction) -> None:
    if not turn["sound"] and not correction.question.strip():
        raise UsageError("that turn was damaged on its disk: give its question, too")
    if correction.unanswerable and (correction.answers or correction.evidence):
        raise UsageError("an unanswerable question has neither answer nor quote: leave them out")
    if not correction.unanswerable and not (correction.answers and correction.evidence):
        raise UsageError(
            "say what is right: an answer and the quote that gives it, or that it is unanswerable"
        )


def _history(turn: JudgedJson, correction: Correction) -> list[Mapping[str, str]]:
    """Return the turns before, where the question leans on them.

    What was searched for is the question itself unless it took something from them, and a person
    who writes the question anew writes one that stands alone.
    """
    leans = turn["answer"].get("searched", turn["question"]) != turn["question"]
    if correction.question.strip() or not leans:
        return []
    return [{"question": one["question"], "answer": one["answer"]} for one in turn["history"]]


def _standing(evidence: Evidence, documents: Documents, client: Client) -> Evidence:
    """Return evidence as its document has it, white space included. Raises UsageError."""
    if evidence.document:
        found = documents.locate(evidence)
        if not isinstance(found, Unfound):
            return evidence
        named = documents.named(evidence.document)
        quote = verbatim(evidence.quote, documents.text(named)) if named else None
        if quote is None:
            raise UsageError(found.reason)
        return Evidence(evidence.document, quote)
    for document_id in dict.fromkeys(_likely(evidence.quote, client)):
        try:
            quote = verbatim(evidence.quote, documents.text(document_id))
        except UnknownDocument:
            continue
        if quote is not None:
            return Evidence(document_id, quote)
    raise UsageError(
        f"no document that a search for it finds says {evidence.quote[:80]!r}: copy the quote from "
        "the document, and name that document"
    )


def _likely(quote: str, client: Client) -> Iterator[str]:
    for hit in client.search(quote[:1000], k=_LOOKED_AT, plain=True)["hits"]:
        yield hit["document_id"]
        yield from (copy["document_id"] for copy in hit.get("copies", ()))


def verbatim(quote: str, text: str) -> str | None:
    """Return a quote as it stands in a text, which may break its lines elsewhere; else None."""
    words = [re.escape(word) for word in quote.split()]
    found = re.search(r"\s+".join(words), text) if words else None
    return found.group() if found else None


def _remarks(case: Case) -> Iterator[str]:
    quotes = " ".join(one.quote for one in case.evidence)
    if case.evidence and not contains(quotes, case.answers):
        yield (
            "no accepted answer stands in the evidence word for word, so no quote of it can pass: "
            "correct the answer or the quote, unless the answer is in several places"
        )
