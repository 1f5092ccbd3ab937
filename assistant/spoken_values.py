"""How it is said that sources disagree, in the terminal and in the chat alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.contract_answer import CitationJson, DisagreementJson


@dataclass(frozen=True, slots=True)
class Telling:
    """A value, who tells it and when (ISO 8601), how many documents do, how many independent
    sources they are, and the marker of the quote."""

    text: str
    teller: str
    date: str | None
    documents: int
    independent: int
    marker: int


def tellings(found: DisagreementJson, citations: Sequence[CitationJson]) -> list[Telling]:
    """Return who tells each of the values; the citations have all of their markers."""
    tellers = {one["marker"]: one["source"] or one["title"] for one in citations}
    return [
        Telling(
            one["text"],
            tellers[one["marker"]],
            one["date"],
            len(one["documents"]),
            one["independent"],
            one["marker"],
        )
        for one in found["values"]
    ]


def differing(found: DisagreementJson, citations: Sequence[CitationJson]) -> str:
    """Return a sentence that names each value with its source, in their order.

    "Sources disagree: 21 million euros [2] (Council Gazette, 2 June 2024); 18 million ..."
    """
    # An answer that was kept by an earlier release does not tell.
    opening = "Told differently over time" if found.get("changed") else "Sources disagree"
    values = tellings(found, citations)
    return f"{opening}: {'; '.join(_said(value) for value in values)}."


def sources(documents: int, independent: int) -> str:
    """Return "3 documents, 1 independent source"; nothing for a single document."""
    if documents == 1:
        return ""
    plural = "" if independent == 1 else "s"
    return f"{documents} documents, {independent} independent source{plural}"


def _said(value: Telling) -> str:
    about = [value.teller, _day(value.date), sources(value.documents, value.independent)]
    return f"{value.text} [{value.marker}] ({', '.join(part for part in about if part)})"


def _day(date: str | None) -> str:
    if date is None:
        return "undated"
    day = dt.date.fromisoformat(date)
    return f"{day.day} {day:%B %Y}"
