"""What a feed or a sitemap points to, and how to tell either from a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["feed", "sitemap", "other"]

_OPENING = 65_536
# Nothing is tried a second way (atomic groups), or a hostile file would take for ever.
_PROLOG = re.compile(
    rb"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?>\[.*?\]|[^>\[])*+>)*+<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL | re.IGNORECASE,
)
_ROOTS: dict[bytes, Kind] = {
    b"rss": "feed",
    b"feed": "feed",
    b"rdf": "feed",
    b"urlset": "sitemap",
    b"sitemapindex": "sitemap",
}
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a feed or a sitemap; ``date`` is as written there."""

    url: str
    title: str | None = None
    date: str | None = None


def kind_of(body: bytes) -> Kind:
    """Tell by its outermost element whether ``body`` is a feed or a sitemap."""
    opening = plain_opening(body)
    root = _PROLOG.match(opening)
    return _ROOTS.get(root[1].lower(), "other") if root else "other"


def plain_opening(body: bytes) -> bytes:
    """Return the beginning of an XML file in an encoding that keeps ASCII as it is."""
    opening = body[:_OPENING].removeprefix(b"\xef\xbb\xbf")
    if opening.startswith((b"\xff\xfe", b"\xfe\xff")):
        return opening.decode("utf-16", "replace").lstrip("\ufeff").encode("utf-8")
    return opening


def defines_entities(body: bytes) -> bool:
    """Tell whether XML defines words of its own, which may grow without end when written out."""
    return bool(_ENTITY.search(body) or _ENTITY.search(plain_opening(body)))
