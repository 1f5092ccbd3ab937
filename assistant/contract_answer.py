"""The JSON of what an answer is made of: citations, the short answer, sources that disagree."""

from __future__ import annotations

import datetime as dt
from typing import NotRequired

from typing_extensions import TypedDict

from assistant.answers import Citation, Context, Disagreement, Short


class ContextJson(TypedDict):
    """What a quote leans on: ``quote`` is ``text[start:end]`` of the same document."""

    start: int
    end: int
    quote: str


class ShortValueJson(TypedDict):
    """A value in a quote; ``text`` is ``text[start:end]`` of the document cited by ``marker``."""

    text: str
    marker: int
    start: int
    end: int


class ShortJson(TypedDict):
    """The short answer; ``text`` is ``text[start:end]`` of the document cited by ``marker``.

    Where ``kind`` is "comparison", it is what ``values`` come to, of which the first stands there;
    else there are none.
    """

    text: str
    kind: str
    marker: int
    start: int
    end: int
    values: list[ShortValueJson]


class StatedValueJson(TypedDict):
    """A value that ``documents``, ``independent`` sources, give; the one cited is of ``date``."""

    text: str
    marker: int
    start: int
    end: int
    date: str | None
    documents: list[str]
    independent: int


class DisagreementJson(TypedDict):
    """Different values for the same thing, the newest document's first; ``changed`` where they are
    of different times and the question is about the present."""

    kind: str
    values: list[StatedValueJson]
    changed: bool


class PagePlaceJson(TypedDict):
    """The part of a quote that stands on one page of a PDF, counted from 1.

    ``boxes`` (x0, y0, x1, y1, one for each line of the quote) are in points, from the top left
    corner of the page, which is ``width`` by ``height``. A scan has no boxes.
    """

    page: int
    width: float
    height: float
    boxes: list[list[float]]


class CitationJson(TypedDict):
    """One citation; ``quote`` is ``text[start:end]`` of the document.

    ``context`` is what it leans on, null where it stands alone. ``also`` are other documents found
    to say the same; all together are ``independent`` sources. ``places`` is given by
    ``ask --places``, for a quote of a PDF.
    """

    marker: int
    document_id: str
    sha256: str
    title: str
    source: str | None
    date: str | None
    url: str | None
    quote: str
    start: int
    end: int
    author: str | None
    page: int | None
    context: ContextJson | None
    also: list[str]
    independent: int
    places: NotRequired[list[PagePlaceJson]]


def citation_json(citation: Citation) -> CitationJson:
    """Return a citation as the contract's object."""
    return {
        "marker": citation.marker,
        "document_id": citation.document_id,
        "sha256": citation.sha256,
        "title": citation.title,
        "source": citation.source,
        "date": iso(citation.date),
        "url": citation.url,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "author": citation.author,
        "page": citation.page,
        "context": None if citation.context is None else _context(citation.context),
        "also": list(citation.also),
        "independent": citation.independent,
    }


def _context(context: Context) -> ContextJson:
    return {"start": context.start, "end": context.end, "quote": context.quote}


def short_json(short: Short | None) -> ShortJson | None:
    """Return a short answer as the contract's object."""
    if short is None:
        return None
    return {
        "text": short.text,
        "kind": short.kind,
        "marker": short.marker,
        "start": short.start,
        "end": short.end,
        "values": [
            {"text": one.text, "marker": one.marker, "start": one.start, "end": one.end}
            for one in short.values
        ],
    }


def disagreement_json(found: Disagreement | None) -> DisagreementJson | None:
    """Return what sources tell otherwise as the contract's object."""
    if found is None:
        return None
    return {
        "kind": found.kind,
        "values": [
            {
                "text": one.text,
                "marker": one.marker,
                "start": one.start,
                "end": one.end,
                "date": iso(one.date),
                "documents": list(one.documents),
                "independent": one.independent,
            }
            for one in found.values
        ],
        "changed": found.changed,
    }


def iso(date: dt.date | None) -> str | None:
    """Return a date as ISO 8601 writes it."""
    return date.isoformat() if date else None
