"""A client whose answers a test can foresee, and a small suite that it answers well."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Turn
from assistant.client_evals import AnsweringJson, ClaimJson
from assistant.contract import AskJson, HitJson, SentenceJson
from assistant.contract_answer import CitationJson
from assistant.contract_corpus import EntryJson, RemovedJson, ShowJson
from corpus.documents import text_sha256
from corpus.errors import UnknownDocument
from evals.cases import Suite, load_suite
from index.passages import Filters

TEXTS = {
    "bridge": (
        "The bridge opened on 4 May 1911. It carries two tracks over the river.\n\n"
        "Repairs cost $224,000 in 1984. The engineer was Ada Smith."
    ),
    "harbour": (
        "The harbour froze in 1947. Ships waited eleven days for the ice to break.\n\n"
        "The pilot station moved to the north pier. Its chief was Jon Berg."
    ),
    "mill": "The mill burned down in 1902. It was rebuilt of brick by the Hale family.",
}

CASES: list[dict[str, Any]] = [
    {
        "id": "opened",
        "question": "When was the bridge opened?",
        "answers": ["4 May 1911"],
        "evidence": [{"document": "bridge", "quote": "The bridge opened on 4 May 1911."}],
        "tags": ["date"],
    },
    {
        "id": "cost",
        "question": "How much did the repairs cost?",
        "answers": ["$224,000"],
        "evidence": [{"document": "bridge.md", "quote": "Repairs cost $224,000 in 1984."}],
        "tags": ["number"],
    },
    {
        "id": "froze",
        "question": "When was the harbour froze?",
        "answers": ["1947"],
        "evidence": [{"document": "harbour", "quote": "The harbour froze in 1947."}],
        "tags": ["date"],
    },
    {
        "id": "pilot",
        "question": "Where was the pilot station moved?",
        "answers": ["north pier"],
        "evidence": [{"document": "harbour", "quote": "pilot station moved to the north pier"}],
        "tags": ["fact"],
    },
    {
        "id": "burned",
        "question": "When was the mill burned down?",
        "answers": ["1902"],
        "evidence": [{"document": "mill", "quote": "The mill burned down in 1902."}],
        "tags": ["date"],
    },
    {"id": "capital", "question": "What is the capital of France?", "unanswerable": True},
    {
        "id": "employees",
        "question": "How many employees does the ferry company have?",
        "unanswerable": True,
        "tags": ["number"],
    },
]

_ANYTHING = Filters()
_ASIDE = "a an and did does for how in is it its many much of on the to was what when"
_STOP = frozenset(_ASIDE.split(" "))


@dataclass
class QuotingClient:
    """Quotes the sentence that shares most words with the question.

    Hits are the paragraphs, ranked by their best sentence. The confidence is the share of the
    question's words in the quote; below ``threshold`` it declines. ``asked`` lists its questions.
    """

    texts: dict[str, str] = field(default_factory=lambda: dict(TEXTS))
    threshold: float = 0.5
    asked: list[tuple[str, tuple[Turn, ...], Filters]] = field(default_factory=list)
    synced: bool = False
    removed: dict[str, list[RemovedJson]] = field(default_factory=dict)
    program: str = "quoting"

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = _ANYTHING,
        explain: bool = False,
    ) -> AskJson:
        self.asked.append((question, tuple(history), filters))
        wanted = _words(question)
        hits = sorted(self._hits(wanted), key=lambda hit: -hit["score"])
        citation = self._citation(hits[0], wanted)
        confidence = len(wanted & _words(citation["quote"])) / len(wanted)
        declined = confidence < self.threshold
        return {
            "question": question,
            "searched": question,
            "answer": "Not found." if declined else f"{citation['quote']} [1]",
            "abstained": declined,
            "confidence": confidence,
            "model": "quoting",
            "timings_ms": {"total": 1.0},
            "citations": [] if declined else [citation],
            "sentences": [] if declined else [_itself(citation)],
            "hits": [] if declined else hits,
            "nearest": hits if declined else [],
            "remarks": [],
        }

    def show(self, document_id: str) -> ShowJson:
        if document_id not in self.texts:
            raise UnknownDocument(f"no document {document_id}")
        return {**self._entry(document_id), "text": self.texts[document_id]}

    def removed_from(self, document_id: str) -> list[RemovedJson]:
        return self.removed.get(document_id, [])

    def answering(self) -> AnsweringJson:
        return {
            "recipe": "0123456789ab",
            "program": self.program,
            "settings": {"threshold": self.threshold},
        }

    def supports(self, claims: Sequence[ClaimJson]) -> list[bool]:
        return [
            any(_words(one["claim"]) <= _words(q["text"]) for q in one["quotes"]) for one in claims
        ]

    def _hits(self, wanted: set[str]) -> list[HitJson]:
        return [
            {
                "document_id": document_id,
                "passage_id": f"{document_id}:{start}-{end}",
                "start": start,
                "end": end,
                "score": max(len(wanted & _words(one)) for one in _sentences(text[start:end]))
                / len(wanted),
                "text": text[start:end],
            }
            for document_id, text in self.texts.items()
            for start, end in _spans(r"[^\n]+", text)
        ]

    def _citation(self, hit: HitJson, wanted: set[str]) -> CitationJson:
        text = self.texts[hit["document_id"]]
        quote = max(_sentences(hit["text"]), key=lambda one: len(wanted & _words(one)))
        start = text.index(quote)
        return {
            "marker": 1,
            "document_id": hit["document_id"],
            "sha256": text_sha256(text),
            "title": hit["document_id"].title(),
            "source": None,
            "date": None,
            "url": None,
            "quote": quote,
            "start": start,
            "end": start + len(quote),
        }

    def _entry(self, document_id: str) -> EntryJson:
        text = self.texts[document_id]
        return {
            "id": document_id,
            "title": document_id.title(),
            "date": None,
            "source": None,
            "url": None,
            "language": "en",
            "tags": [],
            "media_type": "text/markdown",
            "path": f"towns/{document_id}.md",
            "sha256": text_sha256(text),
            "characters": len(text),
            "passages": 1,
            "added": "2026-01-01T00:00:00",
            "problems": [],
        }

    def sync(self) -> None:
        self.synced = True

    def list(self) -> list[EntryJson]:
        return [self._entry(document_id) for document_id in self.texts]


def _itself(citation: CitationJson) -> SentenceJson:
    return {"text": citation["quote"], "markers": [citation["marker"]], "supported": True}


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower())) - _STOP


def _sentences(text: str) -> list[str]:
    return [one.strip() for one in re.findall(r"[^.]+\.", text)]


def _spans(pattern: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(pattern, text)]


@pytest.fixture
def client() -> QuotingClient:
    return QuotingClient()


@pytest.fixture
def write_suite(tmp_path: Path) -> Callable[..., Path]:
    """Write a suite file from objects, one JSON a line, and return its path."""

    def write(cases: Sequence[Any], name: str = "towns") -> Path:
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in cases), encoding="utf-8")
        return path

    return write


@pytest.fixture
def suite_file(write_suite: Callable[..., Path]) -> Path:
    return write_suite(CASES)


@pytest.fixture
def suite(suite_file: Path) -> Suite:
    return load_suite(suite_file)
