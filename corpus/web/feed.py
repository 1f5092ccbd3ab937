"""RSS and Atom: the links of a feed, from its bytes alone."""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Mapping
from typing import Any

from corpus.errors import FetchRefused
from corpus.readers.front_matter import one_line
from corpus.web.address import join, parse, shorten
from corpus.web.links import Link, defines_entities

MOST_BYTES = 3_000_000  # its parser takes some seconds for that
_MOST_LINKS = 5_000
_TAG = re.compile(r"<script\b.{0,2000}?</script\s*>|<[^<>]{0,500}>", re.IGNORECASE | re.DOTALL)


def read_feed(body: bytes, *, url: str, media_type: str, charset: str | None = None) -> list[Link]:
    """Return the links of the feed that ``url`` gave, in its order.

    Raises FetchRefused where it is too large, defines entities, or holds no link.
    """
    shown = shorten(url)
    if len(body) > MOST_BYTES:
        raise FetchRefused(
            f"{shown} is a feed of over {MOST_BYTES / 1e6:g} MB. Add its pages by their addresses."
        )
    if defines_entities(body):
        raise FetchRefused(f"{shown} is a feed that defines XML entities. Add its pages instead.")
    links = [link for entry in _entries(body, media_type, charset) if (link := _link(entry, url))]
    if not links:
        raise FetchRefused(f"{shown} is a feed without links. Add its pages by their addresses.")
    return links


def _entries(body: bytes, media_type: str, charset: str | None) -> list[Any]:
    import feedparser

    content_type = f"{media_type}; charset={charset}" if charset else media_type
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # An open file is read and nothing else; a text might be taken for an address or a path.
        found = feedparser.parse(
            io.BytesIO(body),
            response_headers={"content-type": content_type} if media_type else {},
            resolve_relative_uris=False,
            # Of an entry only plain text is kept (see _plain), so that cleaning its HTML is waste.
            sanitize_html=False,
        )
    return list(found.entries[:_MOST_LINKS])


def _link(entry: Mapping[str, Any], base: str) -> Link | None:
    address = entry.get("link")
    if not isinstance(address, str) or not address.strip():
        return None
    try:
        url = join(parse(base), address).url
    except FetchRefused:
        # It is refused by name when its turn comes, so that nothing is passed over in silence.
        url = address.strip()
    return Link(url, _plain(entry.get("title")), _plain(entry.get("published")))


def _plain(value: object) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    return one_line(html.unescape(_TAG.sub("", value))) or None
