"""Whether the quotes of an answer that somebody kept still stand in the documents of now."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.contract_chats import CheckedJson, QuoteJson, SpanJson, StandingJson, VerifyJson
from assistant.export_read import Quotes
from corpus.documents import Document
from corpus.errors import UnknownDocument

if TYPE_CHECKING:
    from index.catalogue import Catalogue

STANDS, ELSEWHERE, GONE = "stands", "elsewhere", "gone"

_TELLING = 20
"""Characters of a quote that is looked for in other documents; a shorter one says too little."""


def standings(catalogue: Catalogue, quotes: Sequence[QuoteJson]) -> list[StandingJson]:
    """Say of each quote whether it stands, in the order given."""
    return [_standing(catalogue, one) for one in quotes]


def verified(file: str, read: Quotes, found: Sequence[StandingJson]) -> VerifyJson:
    """Return what there is to say about a file whose quotes have been looked for."""
    checked: list[CheckedJson] = [
        {
            "turn": one.turn,
            "marker": one.marker,
            "document_id": one.document_id,
            "sha256": one.sha256,
            "start": one.start,
            "end": one.end,
            "quote": one.quote,
            "status": standing["status"],
            "now": standing["now"],
        }
        for one, standing in zip(read.quotes, found, strict=True)
    ]
    counts = {kind: sum(one["status"] == kind for one in checked) for kind in (ELSEWHERE, GONE)}
    return {
        "file": file,
        "format": read.form,
        "title": read.title,
        "exported": read.exported,
        "quotes": checked,
        "stands": len(checked) - sum(counts.values()),
        "elsewhere": counts[ELSEWHERE],
        "gone": counts[GONE],
        "missing": read.missing,
        "passed": not any(counts.values()) and not read.missing,
    }


def asked_for(read: Quotes) -> list[QuoteJson]:
    """Return what to look for of a file's quotes."""
    return [
        {
            "document_id": one.document_id,
            "sha256": one.sha256,
            "start": one.start,
            "end": one.end,
            "quote": one.quote,
        }
        for one in read.quotes
    ]


def _standing(catalogue: Catalogue, quote: QuoteJson) -> StandingJson:
    same = catalogue.version(quote["sha256"])
    if same is not None and _is_at(same, quote["start"], quote["end"], quote["quote"]):
        return {"status": STANDS, "now": _place(same, quote["start"], quote["quote"])}
    for document in _candidates(catalogue, quote, same):
        start = _nearest(document.text, quote["quote"], quote["start"])
        if start is not None:
            return {"status": ELSEWHERE, "now": _place(document, start, quote["quote"])}
    return {"status": GONE, "now": None}


def _candidates(
    catalogue: Catalogue, quote: QuoteJson, same: Document | None
) -> Iterator[Document]:
    """Yield where a quote may stand now: its document first, then whichever has its words."""
    if same is not None:
        yield same
    with contextlib.suppress(UnknownDocument):
        yield catalogue.document(quote["document_id"])
    if len(quote["quote"]) >= _TELLING:
        for document_id in catalogue.containing(quote["quote"]):
            yield catalogue.document(document_id)


def _is_at(document: Document, start: int, end: int, quote: str) -> bool:
    inside = 0 <= start < end <= len(document.text)
    return inside and bool(quote.strip()) and document.text[start:end] == quote


def _nearest(text: str, quote: str, start: int) -> int | None:
    """Return where a quote stands in a text, as near as can be to where it stood."""
    if not quote.strip():
        return None
    places, at = [], text.find(quote)
    while at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    return min(places, key=lambda place: abs(place - start), default=None)


def _place(document: Document, start: int, quote: str) -> SpanJson:
    return {
        "document_id": document.id,
        "sha256": document.sha256,
        "start": start,
        "end": start + len(quote),
    }
