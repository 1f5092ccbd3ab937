"""Answers in the form of OpenAI's chat completions; nothing here knows the web framework.

The message is plain text with markers and, below it, the sources that they stand for, so that any
chat client shows them. ``annotations`` names the sources with an address as OpenAI does, and
``archive`` is the object of ``assistant ask --json``, with every quote and its place.
"""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from assistant.answers import Answered, Event, InShort, Said, Turn, Withdrawn
from assistant.contract import AskJson, ask_json
from assistant.contract_answer import CitationJson
from assistant.spoken_values import differing
from corpus.errors import BadQuestion

MOST_TURNS = 20
"""Earlier turns that a question leans on; chat clients send the whole conversation."""
_SOURCES = "\n\nSources:\n"
_WITHDRAWN = "\n\n(The language model failed: what stands above is void. The documents say:)\n\n"


def conversation(messages: Sequence[tuple[str, str]]) -> tuple[str, tuple[Turn, ...]]:
    """Return the question at the end of a chat's messages, and the turns before it.

    Messages of the system are left out: an answer is made of what documents say. Raises
    BadQuestion where the last message is not a user's.
    """
    spoken = [(role, text) for role, text in messages if role in ("user", "assistant")]
    if not spoken or spoken[-1][0] != "user":
        raise BadQuestion("the last message is not a user's: send the question as the last one")
    turns: list[Turn] = []
    for (role, text), (other, reply) in itertools.pairwise(spoken):
        if (role, other) == ("user", "assistant"):
            turns.append(Turn(text, reply.partition(_SOURCES)[0]))
    return spoken[-1][1], tuple(turns[-MOST_TURNS:])


def completion(
    events: Iterable[Event], model: str, heard: Callable[[Event], None]
) -> dict[str, Any]:
    """Return an answer as a whole completion; ``heard`` hears each event first."""
    said = ""
    for event in events:
        heard(event)
        if isinstance(event, Answered):
            told = ask_json(event.answer)
            text = (said or told["answer"]) + _below(told)
            message = {"role": "assistant", "content": text, "refusal": None}
            message |= _annotated(text, told["citations"])
            choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
            return _head("chat.completion", model) | {"choices": [choice], "archive": told}
        said = "" if isinstance(event, Withdrawn) else said + _piece(event)
    raise AssertionError("a stream of events ended without an answer")


class Chunks:
    """The chunks of one streamed completion."""

    def __init__(self, model: str) -> None:
        self._head = _head("chat.completion.chunk", model)
        self._said = ""

    def of(self, event: Event) -> Iterator[dict[str, Any]]:
        """Return the chunks that tell of an event."""
        if isinstance(event, Answered):
            yield from self._end(ask_json(event.answer))
            return
        text = _WITHDRAWN if isinstance(event, Withdrawn) else _piece(event)
        if text:
            yield self._chunk(text)

    def _end(self, told: AskJson) -> Iterator[dict[str, Any]]:
        # An LLM that found nothing has said so nowhere else.
        text = ("" if self._said else told["answer"]) + _below(told)
        if text:
            yield self._chunk(text)
        delta = _annotated(self._said, told["citations"])
        yield self._head | {"choices": [_choice(delta, "stop")], "archive": told}

    def _chunk(self, text: str) -> dict[str, Any]:
        delta = {"content": text} if self._said else {"role": "assistant", "content": text}
        self._said += text
        return self._head | {"choices": [_choice(delta, None)]}


def models(names: Sequence[str], created: int) -> dict[str, Any]:
    """Return the list of models."""
    data = [model(name, created) for name in names]
    return {"object": "list", "data": data}


def model(name: str, created: int) -> dict[str, Any]:
    """Return one model."""
    return {"id": name, "object": "model", "created": created, "owned_by": "archive"}


def _piece(event: Event) -> str:
    """Return what an event adds to the message."""
    if isinstance(event, InShort) and event.short:
        return f"{event.short.text}\n\n"
    if not isinstance(event, Said):
        return ""
    if event.citation is None:
        return event.text
    quote = event.text.lstrip("\n")
    gap = event.text[: len(event.text) - len(quote)]
    context = event.citation.context
    before = f"(Before it: {context.quote})\n" if context else ""
    return f"{gap}{before}{quote} [{event.citation.marker}]"


def _below(told: AskJson) -> str:
    """Return what stands below an answer: what to know about it, and its sources."""
    parts = [told["note"]]
    if told["disagreement"]:
        parts.append(differing(told["disagreement"], told["citations"]))
    said = "".join(f"\n\n{part}" for part in parts if part)
    sources = "\n".join(_source(one) for one in told["citations"])
    return said + (_SOURCES + sources if sources else "")


def _source(citation: CitationJson) -> str:
    page = citation["page"]
    about = [
        citation["title"],
        citation["source"],
        citation["date"],
        None if page is None else f"page {page}",
        citation["url"],
    ]
    return f"[{citation['marker']}] {', '.join(part for part in about if part)}"


def _annotated(text: str, citations: Sequence[CitationJson]) -> dict[str, Any]:
    """Return the places of markers in a message, for sources with an address."""
    found = []
    for one in citations:
        start = text.find(f"[{one['marker']}]")
        if one["url"] and start >= 0:
            place = {
                "url": one["url"],
                "title": one["title"],
                "start_index": start,
                "end_index": start + len(f"[{one['marker']}]"),
            }
            found.append({"type": "url_citation", "url_citation": place})
    return {"annotations": found} if found else {}


def _choice(delta: dict[str, Any], finish_reason: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}


def _head(kind: str, model: str) -> dict[str, Any]:
    made = int(time.time())
    name = f"chatcmpl-{secrets.token_hex(12)}"
    return {"id": name, "object": kind, "created": made, "model": model}
