"""The inbox as people and programs read it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, TypedDict

from assistant.contract_chats import FeedbackJson, HistoryJson
from evals.inbox import Accepted, Entry
from evals.suite_file import case_json, case_line

_QUESTION = 70


class EntryJson(TypedDict):
    """A row of ``evals inbox list --json``, and what ``show`` and ``dismiss`` print.

    ``answer`` is the object of ``ask --json``, empty where ``sound`` is false. ``decision`` is null
    while the entry is ``open``.
    """

    id: str
    state: str
    asked: str
    question: str
    history: list[HistoryJson]
    filters: dict[str, Any]
    answer: dict[str, Any]
    sound: bool
    feedback: list[FeedbackJson]
    decision: dict[str, str] | None


class AcceptedJson(TypedDict):
    """What ``evals inbox accept --json`` prints; ``case`` is the line of the suite."""

    suite: str
    case: dict[str, Any]
    added: bool
    removed: dict[str, int]
    remarks: list[str]


def entry_json(entry: Entry) -> EntryJson:
    """Return an entry as the contract's object."""
    turn = entry.turn
    return {
        "id": entry.id,
        "state": entry.state,
        "asked": turn["asked"],
        "question": turn["question"],
        "history": turn["history"],
        "filters": turn["filters"],
        "answer": turn["answer"],
        "sound": turn["sound"],
        "feedback": entry.reports,
        "decision": asdict(entry.decision) if entry.decision else None,
    }


def accepted_json(done: Accepted) -> AcceptedJson:
    """Return what came of accepting as the contract's object."""
    return {
        "suite": str(done.suite),
        "case": case_json(done.case),
        "added": done.added,
        "removed": dict(done.removed),
        "remarks": list(done.remarks),
    }


def listed(entries: Sequence[Entry]) -> str:
    """Return entries as lines for a terminal."""
    if not entries:
        return "The inbox is empty: a thumb down or a reported quote in the chat brings an entry."
    return "\n".join(_plain(_line(one)) for one in entries)


def shown(entry: Entry) -> str:
    """Return one entry for a terminal."""
    return "\n".join(map(_plain, _parts(entry)))


def accepted(done: Accepted) -> str:
    """Return what came of accepting for a terminal."""
    verb = "Added to" if done.added else "It was there already:"
    lines = [f"{verb} {done.suite}:", case_line(done.case).rstrip()]
    if done.removed:
        taken = ", ".join(f"{count} {kind}" for kind, count in sorted(done.removed.items()))
        lines.append(f"Taken out as personal data: {taken}.")
    return "\n".join(map(_plain, [*lines, *done.remarks]))


def _line(entry: Entry) -> str:
    said = ", ".join(_verdict(one) for one in entry.reports)
    question = textwrap.shorten(entry.turn["question"], _QUESTION, placeholder=" …")
    state = "" if entry.decision is None else f"  ({entry.state})"
    return f"{entry.id}  {said}  {question}{state}"


def _parts(entry: Entry) -> Iterator[str]:
    turn = entry.turn
    answer = turn["answer"]
    yield f"{entry.id} ({entry.state}), asked {turn['asked'][:16]}"
    for before in turn["history"]:
        yield f"  before: {before['question']}"
    yield f"question: {turn['question']}"
    yield f"answer: {answer.get('answer', '(damaged on its disk)')}"
    for one in answer.get("citations", ()):
        yield f"  [{one['marker']}] {one['document_id']}: {one['quote']}"
    for said in entry.reports:
        yield f"{_verdict(said)}{': ' if said['comment'] else ''}{said['comment']}"
    if entry.decision and entry.decision.case:
        yield f"the case {entry.decision.case} in {entry.decision.suite}"


def _verdict(said: FeedbackJson) -> str:
    return said["verdict"] + (f" [{said['marker']}]" if said["marker"] is not None else "")


def _plain(text: str) -> str:
    """Return a text without what a terminal would obey."""
    return "".join(
        one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in text
    )
