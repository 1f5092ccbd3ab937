"""Sitemaps: the links of one, or the sitemaps that an index lists (sitemaps.org)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from corpus.errors import FetchRefused
from corpus.readers.front_matter import one_line
from corpus.web.address import is_url, shorten
from corpus.web.links import Link, defines_entities

MOST_LINKS = 50_000  # the protocol's own limit


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The links of a sitemap; those of an index lead to sitemaps."""

    links: tuple[Link, ...]
    is_index: bool


def read_sitemap(body: bytes, *, url: str) -> Sitemap:
    """Read the sitemap, already unpacked, that ``url`` gave.

    Raises FetchRefused where it is broken, defines entities, or holds no link.
    """
    shown = shorten(url)
    if defines_entities(body):
        raise FetchRefused(
            f"{shown} is a sitemap that defines XML entities. Add its pages instead."
        )
    root = _parse(body, shown)
    entries = [part for part in root if _name(part) in ("url", "sitemap")]
    links = [link for entry in entries[:MOST_LINKS] if (link := _link(entry, url))]
    if not links:
        raise FetchRefused(f"{shown} is a sitemap without links. Add pages by their addresses.")
    return Sitemap(tuple(links), _name(root) == "sitemapindex")


def _parse(body: bytes, shown: str) -> Any:
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        return etree.fromstring(body, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FetchRefused(
            f"{shown} is a broken sitemap. Add its pages by their addresses."
        ) from error


def _name(element: Any) -> str:
    # Comments and instructions have a function where elements have a name.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _link(entry: Any, base: str) -> Link | None:
    fields = {_name(part): (part.text or "").strip() for part in entry}
    if not fields.get("loc"):
        return None
    url = fields["loc"]
    if not is_url(url):
        # It breaks the protocol and is common; one that is no address is refused in its turn.
        with suppress(ValueError):
            url = urljoin(base, url)
    # A lastmod is the day of a change, which is not the day of publication: it is left.
    return Link(url, one_line(fields.get("title", "")) or None)
