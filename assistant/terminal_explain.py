"""Explanations on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.contract import AskJson, HitJson, SearchJson
from assistant.contract_search import (
    ExplainedJson,
    ExplanationJson,
    ListPlaceJson,
    WhyNotJson,
    WordJson,
)
from assistant.spoken import with_home


def search_notes(found: AskJson | SearchJson) -> list[str]:
    """Return what was searched for besides the question as it stands, and what filters name that is
    not there."""
    lines = list(found["remarks"])
    if found["sides"]:
        lines.append(f"Searched for each side: {'; '.join(found['sides'])}")
    if found["steered"]:
        lines.append(found["steered"]["text"])
    return lines


def same_in(hit: HitJson) -> str:
    """Return which other documents say the same as a passage; empty where none does."""
    others = dict.fromkeys(copy["document_id"] for copy in hit["copies"])
    return f"The same in {', '.join(others)}." if others else ""


def print_search_notes(found: AskJson | SearchJson) -> None:
    """Print ``search_notes`` in front of what was found."""
    lines = search_notes(found)
    if lines:
        print(with_home("\n".join([*lines, ""])))


def print_explanation(explanation: ExplanationJson) -> None:
    """Print why each passage stands where it does, and why a document is not there."""
    if explanation["passages"]:
        print(f"\nWhy these passages (ranks are among {explanation['compared']:,} compared):")
    for passage in explanation["passages"]:
        print("\n".join(["", *_lines(passage)]))
    if explanation["why_not"]:
        _print_why_not(explanation["why_not"])


def _print_why_not(why_not: WhyNotJson) -> None:
    print(f"\nWhy not {why_not['document']}: {why_not['reason']}")
    if why_not["best"] and why_not["kind"] not in ("shown", "copy"):
        print("\n".join(["", "Its best passage:", *_lines(why_not["best"])]))


def _lines(passage: ExplainedJson) -> Iterator[str]:
    place = f"{passage['rank']:2}." if passage["rank"] else "  -"
    yield f"{place} {passage['score']:.2f}  {passage['passage_id']}"
    yield f"    {passage['title']}"
    for part in passage["parts"].values():
        yield f"    {part['label']:<30}{_value(part)}"
    if passage["matched"]:
        yield f"    has      {_words(passage['matched'])}"
    if passage["missing"]:
        yield f"    lacks    {_words(passage['missing'])}"
    for reason in passage["reasons"]:
        yield f"    {reason}"


def _value(part: ListPlaceJson) -> str:
    rank = f"  number {part['rank']}" if part["rank"] else ""
    share = f"  adds {part['share']:.3f}" if part["share"] is not None else ""
    return f"{part['value']:6.3f}{share}{rank}"


def _words(words: list[WordJson]) -> str:
    return ", ".join(f"{word['word']} ({word['rarity']:.1f})" for word in words)
