"""The chips above the question: which dates, sources, tags or document a question looks at.

The browser keeps what was chosen and sends it along with every question as JSON. It is checked here
like anything that comes from a browser.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, TypedDict

from assistant.web.wording import day, say
from corpus.errors import BadFilter
from index.passages import Filters

if TYPE_CHECKING:
    from assistant.archive import Archive

_MOST = 50
"""Sources, or tags, that can be chosen at once."""
_LONGEST = 500
_MOST_DOCUMENTS = 2_000
"""Documents that the list names; any other one can be searched with ``--document``."""


class DocumentChoice(TypedDict):
    """A document to choose."""

    id: str
    title: str


class Choices(TypedDict):
    """What there is to choose from; ``first`` and ``last`` are the dates of documents."""

    sources: list[str]
    tags: list[str]
    documents: list[DocumentChoice]
    first: str | None
    last: str | None


def choices(archive: Archive, chosen: str = "") -> Choices:
    """Return what the documents of now can be filtered by; sources and tags in their order.

    The document that is chosen is among them also where there are too many to name."""
    entries = archive.entries()
    dates = [entry.date.isoformat() for entry in entries if entry.date]
    every = sorted(entries, key=lambda entry: entry.title.casefold())
    named = every[:_MOST_DOCUMENTS] + [one for one in every[_MOST_DOCUMENTS:] if one.id == chosen]
    return {
        "sources": _ordered({entry.source for entry in entries if entry.source}),
        "tags": _ordered({tag for entry in entries for tag in entry.tags}),
        "documents": [{"id": entry.id, "title": entry.title} for entry in named],
        "first": min(dates, default=None),
        "last": max(dates, default=None),
    }


def filters_from(sent: object) -> Filters:
    """Read what the browser sent; nothing chosen is an empty text. Raises BadFilter."""
    if not sent:
        return Filters()
    try:
        raw = json.loads(str(sent))
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        raise BadFilter(say("filters.unreadable"))
    since, until = _date(raw, "since"), _date(raw, "until")
    if since and until and since > until:
        raise BadFilter(say("filters.crossed", until=day(until), since=day(since)))
    document = raw.get("document")
    return Filters(
        since=since,
        until=until,
        sources=_texts(raw, "sources"),
        tags=_texts(raw, "tags"),
        documents=(_text(document),) if document else (),
    )


def only(archive: Archive, filters: Filters) -> str:
    """Say for people what is looked at; empty without filters."""
    if not filters:
        return ""
    parts = []
    if filters.since and filters.until:
        parts.append(say("filters.dated", since=day(filters.since), until=day(filters.until)))
    elif filters.since:
        parts.append(say("filters.dated_since", since=day(filters.since)))
    elif filters.until:
        parts.append(say("filters.dated_until", until=day(filters.until)))
    either = f" {say('filters.or')} "
    parts += [either.join(filters.sources)] if filters.sources else []
    parts += [say("filters.tagged", tags=either.join(filters.tags))] if filters.tags else []
    if filters.documents:
        about = archive.index.catalogue.about(set(filters.documents))
        names = [about.get(one, (one, None))[0] for one in filters.documents]
        parts.append(either.join(say("filters.quoted", title=name) for name in names))
    return say("filters.only", what=", ".join(parts))


def _ordered(texts: set[str]) -> list[str]:
    return sorted(texts, key=str.casefold)


def _date(raw: dict[str, Any], key: str) -> dt.date | None:
    text = raw.get(key)
    if not text:
        return None
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        said = _text(text)[:40]
        raise BadFilter(say("filters.no_date", said=said)) from None


def _texts(raw: dict[str, Any], key: str) -> tuple[str, ...]:
    texts = raw.get(key) or []
    if not isinstance(texts, list) or len(texts) > _MOST:
        raise BadFilter(say(f"filters.too_many_{key}", most=_MOST))
    return tuple(_text(one) for one in texts)


def _text(value: object) -> str:
    text = str(value)
    if len(text) > _LONGEST or not text.isprintable():
        raise BadFilter(say("filters.odd"))
    return text
