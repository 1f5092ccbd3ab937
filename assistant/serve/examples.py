"""Examples of requests and answers for the OpenAPI schema; the document in them is made up."""

from __future__ import annotations

from typing import Any

from assistant.contract import AskJson, HitJson, SearchJson
from assistant.contract_answer import CitationJson
from assistant.contract_corpus import ChangesJson, EntryJson, ShowJson

_QUESTION = "When did the AI Act's prohibitions start to apply?"
_QUOTE = "Since 2 February 2025, the AI Act's prohibitions apply."

ASK: dict[str, Any] = {
    "a question": {"value": {"question": _QUESTION}},
    "narrowed": {
        "value": {
            "question": "How much was the fine?",
            "filters": {"since": "2024-01-01", "sources": ["Privacy Brief"]},
        }
    },
    "a follow-up, as events": {
        "value": {
            "question": "And in Italy?",
            "history": [{"question": "What was Clearview fined in France?", "answer": ""}],
            "stream": True,
        }
    },
}

SEARCH: dict[str, Any] = {
    "a search": {"value": {"query": "facial recognition ban", "k": 5}},
    "narrowed": {"value": {"query": "ban", "filters": {"tags": ["law"]}, "explain": True}},
}

FETCH: dict[str, Any] = {
    "a feed": {"value": {"urls": ["https://example.org/feed.xml"], "limit": 20, "match": "/news/"}}
}

COMPLETE: dict[str, Any] = {
    "a question": {
        "value": {"model": "archive", "messages": [{"role": "user", "content": _QUESTION}]}
    }
}

_CITATION: CitationJson = {
    "marker": 1,
    "document_id": "ai-act",
    "sha256": "0" * 64,
    "title": "The AI Act",
    "source": "Privacy Brief",
    "date": "2025-02-03",
    "url": None,
    "quote": _QUOTE,
    "start": 120,
    "end": 120 + len(_QUOTE),
    "author": None,
    "page": None,
    "context": None,
    "also": [],
    "independent": 1,
}

_HIT: HitJson = {
    "document_id": "ai-act",
    "passage_id": "ai-act#2",
    "start": 100,
    "end": 100 + 20 + len(_QUOTE),
    "score": 0.8123,
    "text": f"It is a regulation. {_QUOTE}",
    "copies": [],
}

ANSWER: AskJson = {
    "question": _QUESTION,
    "searched": _QUESTION,
    "answer": f"{_QUOTE} [1]",
    "abstained": False,
    "confidence": 0.9312,
    "model": "extractive",
    "timings_ms": {"embed": 3.1, "search": 4.2, "answer": 2.5, "total": 9.9},
    "citations": [_CITATION],
    "sentences": [{"text": _QUOTE, "markers": [1], "supported": True}],
    "hits": [_HIT],
    "nearest": [],
    "sides": [],
    "steered": None,
    "note": "",
    "dropped_markers": 0,
    "recipe": "0123456789abcdef",
    "short": {
        "text": "2 February 2025",
        "kind": "date",
        "marker": 1,
        "start": 126,
        "end": 141,
        "values": [],
    },
    "disagreement": None,
    "remarks": [],
}

FOUND: SearchJson = {
    "query": "start of the AI Act's prohibitions",
    "hits": [{**_HIT, "parts": {"dense": 0.71, "lexical": 0.64}}],
    "sides": [],
    "steered": None,
    "timings_ms": {"embed": 3.1, "search": 4.2, "total": 7.3},
    "remarks": [],
}

ENTRY: EntryJson = {
    "id": "ai-act",
    "title": "The AI Act",
    "date": "2025-02-03",
    "source": "Privacy Brief",
    "url": None,
    "language": "en",
    "tags": ["law"],
    "media_type": "text/markdown",
    "path": "ai-act.md",
    "sha256": "0" * 64,
    "characters": 1200,
    "passages": 3,
    "added": "2025-02-03T10:00:00+00:00",
    "problems": [],
    "author": None,
    "guessed": [],
    "quarantine": [],
    "version_of": None,
}

SHOWN: ShowJson = {**ENTRY, "text": f"It is a regulation. {_QUOTE}"}

CHANGES: ChangesJson = {
    "added": ["ai-act"],
    "updated": [],
    "removed": [],
    "unchanged": 0,
    "skipped": [],
    "failed": [],
    "cleaned": [],
    "quarantined": [],
    "indexed_again": [],
    "versions": [],
    "remarks": [],
}

MODEL = {"id": "archive", "object": "model", "created": 1750000000, "owned_by": "archive"}
MODELS = {"object": "list", "data": [MODEL]}

COMPLETION: dict[str, Any] = {
    "id": "chatcmpl-0",
    "object": "chat.completion",
    "created": 1750000000,
    "model": "archive",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": f"2 February 2025\n\n{_QUOTE} [1]\n\nSources:\n"
                "[1] The AI Act, Privacy Brief, 2025-02-03",
                "refusal": None,
            },
            "finish_reason": "stop",
            "logprobs": None,
        }
    ],
    "archive": ANSWER,
}
