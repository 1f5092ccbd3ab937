"""Drafts of cases from a document, for a person to accept: question, answer, verbatim evidence.

Patterns make the questions, or a language model where one is named; each draft is checked before a
person sees it. Its evidence stands, word for word, and gives the answer; a search says at which
rank the evidence is found, if it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypedDict

from assistant.client import Client
from assistant.expect import Kind
from assistant.questions import questions_of
from corpus.errors import BadSuite, UsageError
from evals.cases import Case, Evidence, read_case, text_lines
from evals.evidence import Documents, Located
from evals.metrics.answer_match import contains
from evals.scoring import coverage_of
from evals.suite_file import case_json, to_line
from index.sentences import sentence_spans

TAG = "draft"
SUFFIX = ".draft.jsonl"
_DEPTH = 10
_A_SENTENCE = 2
"""Questions made of one sentence, at most."""
_TAGS = {
    Kind.DATE: "date",
    Kind.COUNT: "number",
    Kind.MONEY: "number",
    Kind.SHARE: "number",
    Kind.DURATION: "number",
    Kind.PERSON: "person",
}
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Suggested:
    """A question about a document with its answer and the quote that gives it; ``by`` names the
    pattern or the model that made it."""

    question: str
    answer: str
    quote: str
    tag: str
    by: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A case that nobody has accepted yet; ``rank`` is the place of its evidence among the first
    hits of a search for its question, from 1, None where it is not among them."""

    case: Case
    rank: int | None
    by: str


class DraftJson(TypedDict):
    """A line of a ``.draft.jsonl`` file."""

    case: dict[str, Any]
    rank: int | None
    by: str


Writer = Callable[[str, str], Iterable[Suggested]]
"""Makes suggestions from a document's title and text."""


def drafts_of(
    client: Client, document: str, *, limit: int, writer: Writer | None = None
) -> list[Draft]:
    """Return drafts about a document, in its order, at most ``limit``. Raises UsageError where
    there is no such document, and what the ``writer`` raises."""
    documents = Documents(client)
    document_id = documents.named(document)
    if not document_id:
        raise UsageError(f"no one document is called {document}: 'assistant list' names them all")
    text = documents.text(document_id)
    title = next(one["title"] for one in client.list() if one["id"] == document_id)
    suggested = writer(title, text) if writer else suggestions(text)
    found: list[Draft] = []
    for one in suggested:
        case = _case(one, document_id, [draft.case for draft in found])
        if case is None or not _holds(case, documents):
            continue
        found.append(Draft(case, _rank(case, documents, client), one.by))
        if len(found) == limit:
            break
    return found


def suggestions(text: str) -> Iterator[Suggested]:
    """Yield what patterns make of the sentences of a text, two of each at most."""
    for line in re.finditer(r"[^\n]+", text):
        if line.group().startswith("#"):
            continue
        bullet = len(line.group()) - len(line.group().removeprefix("- "))
        for start, end in sentence_spans(text, line.start() + bullet, line.end()):
            sentence = text[start:end].strip()
            for asked in islice(questions_of(sentence, text), _A_SENTENCE):
                tag = _TAGS[asked.kind]
                yield Suggested(asked.question, asked.answer, sentence, tag, asked.kind.value)


def draft_json(draft: Draft) -> DraftJson:
    """Return a draft as the object of its line."""
    return {"case": case_json(draft.case), "rank": draft.rank, "by": draft.by}


def draft_lines(drafts: Sequence[Draft]) -> str:
    """Return drafts as a file of lines."""
    return "".join(to_line(draft_json(one)) for one in drafts)


def read_drafts(path: Path) -> list[Draft]:
    """Read a file of drafts that a person has gone through. Raises BadSuite naming the line."""
    drafts = []
    for number, line in enumerate(text_lines(path), 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            value = json.loads(line)
            case, rank, by = value["case"], value["rank"], value["by"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadSuite(f"{where}: no draft; delete the line or correct it") from None
        drafts.append(Draft(read_case(to_line(case), where), rank, str(by)))
    if not drafts:
        raise BadSuite(f"{path} has no drafts left: 'evals draft DOCUMENT --out FILE' writes some")
    return drafts


def accepted_case(case: Case) -> Case:
    """Return the case of a draft without the tag that says that nobody has looked at it."""
    tags = [tag for tag in case.tags if tag != TAG]
    return read_case(to_line({**case_json(case), "tags": tags}), case.id)


def _case(one: Suggested, document_id: str, others: Sequence[Case]) -> Case | None:
    """Return a suggestion as a case; None where an earlier one asks the same."""
    if any(other.question.casefold() == one.question.casefold() for other in others):
        return None
    slug = _SLUG.sub("-", f"{document_id} {one.question}".lower()).strip("-")[:60].rstrip("-")
    taken = {other.id for other in others}
    names = [slug, *(f"{slug}-{number}" for number in range(2, len(others) + 3))]
    return Case(
        next(name for name in names if name not in taken),
        one.question,
        (one.answer,),
        (Evidence(document_id, one.quote),),
        tags=(one.tag, TAG),
    )


def _holds(case: Case, documents: Documents) -> bool:
    """Tell whether the evidence stands and gives the answer, which the question does not."""
    quote = case.evidence[0].quote
    return (
        isinstance(documents.locate(case.evidence[0]), Located)
        and contains(quote, case.answers) == 1.0
        and contains(case.question, case.answers) == 0.0
    )


def _rank(case: Case, documents: Documents, client: Client) -> int | None:
    located = documents.locate(case.evidence[0])
    if not isinstance(located, Located):
        return None
    hits = client.search(case.question, k=_DEPTH)["hits"]
    covered = coverage_of(hits, [located])
    return next((rank for rank, found in enumerate(covered, 1) if found), None)
