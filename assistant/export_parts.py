"""What an exported conversation says, before it is written in a format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.contract_chats import ConversationJson, TurnJson

FORMAT_VERSION = 1
"""Raised when ``verify`` of an older release could not read what is written now."""


@dataclass(frozen=True, slots=True)
class Source:
    """A quote of an answer, and what it was taken from."""

    turn: int
    marker: int
    quote: str
    document_id: str
    sha256: str
    start: int
    end: int
    title: str
    byline: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A question with its answer; ``lines`` are remarks for people."""

    number: int
    question: str
    asked: str
    answer: str
    lines: tuple[str, ...]
    sources: tuple[Source, ...]
    recipe: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A conversation to be written, with what the indexes that answered were made with."""

    title: str
    exported: str
    program: str
    parts: tuple[Part, ...]
    recipes: Mapping[str, Mapping[str, str]]

    @property
    def quotes(self) -> int:
        """How many quotes there are."""
        return sum(len(part.sources) for part in self.parts)


def exported_parts(conversation: ConversationJson, exported: str, program: str) -> Exported:
    """Return what a file says about a conversation."""
    turns = conversation["turns"]
    return Exported(
        conversation["title"],
        exported,
        program,
        tuple(_part(number, turn) for number, turn in enumerate(turns, start=1)),
        {turn["recipe"]: turn["made_with"] for turn in turns if turn["recipe"]},
    )


def day(moment: str) -> str:
    """Return a time as people write it: ``12 March 2024, 14:05 UTC``."""
    try:
        when = dt.datetime.fromisoformat(moment).astimezone(dt.UTC)
    except ValueError:
        return moment
    return f"{when.day} {when:%B %Y, %H:%M} UTC"


def _part(number: int, turn: TurnJson) -> Part:
    answer = turn["answer"]
    if not turn["sound"]:
        answer = {"answer": "This answer was damaged on the disk it was kept on."}
    return Part(
        number,
        turn["question"],
        turn["asked"],
        str(answer.get("answer", "")),
        tuple(_lines(turn["question"], answer, turn["filters"])),
        tuple(_source(number, one) for one in answer.get("citations", ())),
        turn["recipe"],
    )


def _lines(question: str, answer: Mapping[str, Any], filters: Mapping[str, Any]) -> Iterable[str]:
    searched = str(answer.get("searched", question))
    if " ".join(searched.split()) != " ".join(question.split()):
        yield f"Searched for: {searched}"
    if filters:
        yield f"Only: {'; '.join(f'{name} {_listed(value)}' for name, value in filters.items())}"
    yield from map(str, answer.get("remarks", ()))
    if answer.get("model", "extractive") != "extractive":
        yield f"Written by {answer['model']}"
    if answer.get("note"):
        yield str(answer["note"])
    if answer.get("abstained"):
        yield "The question was declined: nothing in the documents was sure enough to quote."


def _listed(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _source(turn: int, citation: Mapping[str, Any]) -> Source:
    page = f"page {citation['page']}" if citation.get("page") else None
    about = (citation.get("author"), citation.get("source"), citation.get("date"), page)
    return Source(
        turn,
        int(citation["marker"]),
        str(citation["quote"]),
        str(citation["document_id"]),
        str(citation["sha256"]),
        int(citation["start"]),
        int(citation["end"]),
        str(citation["title"]),
        ", ".join(str(one) for one in about if one),
        citation.get("url"),
    )
