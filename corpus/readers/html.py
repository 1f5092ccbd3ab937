"""Web pages: trafilatura finds the article and its facts; nothing is ever fetched."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from corpus.errors import UnreadableFile
from corpus.readers.front_matter import one_line
from corpus.readers.markup import blocks_of
from corpus.readers.raw import RawText, Stated

if TYPE_CHECKING:
    from collections.abc import Iterator

# Below this many characters trafilatura glues the parts of a page together ("Title Text") or
# misses them, so a small page is read whole, unless that brings far more: a page of menus.
_SMALL = 600
_FAR_MORE = 3
_SLACK = 200
# Only what a page states counts as its date; searching its text over-reads.
_DATES = {"extensive_search": False, "original_date": True, "max_date": "2999-12-31"}


def read_html(text: str, *, name: str) -> RawText:
    """Read a web page; ``name`` is the file's, for messages.

    Raises UnreadableFile where the page cannot be parsed at all.
    """
    with _foreign_errors(name):
        tree = _parse(text)
        article = _article(text)
        whole = blocks_of(tree.find("body"))
        blocks = whole if _prefer_whole(whole, article) else article
        return RawText("\n\n".join(blocks), "text/html", _stated(text, tree))


@contextmanager
def _foreign_errors(name: str) -> Iterator[None]:
    # The parsers raise many kinds on broken pages; logging is theirs and says nothing to people.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, LookupError) as error:
        raise UnreadableFile(
            f"{name} could not be read as a web page. Save its text as .txt or .md."
        ) from error


def _parse(text: str) -> Any:
    from lxml import html  # type: ignore[import-untyped]

    # Bytes with a named encoding: lxml refuses text that declares an encoding of its own.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    return html.document_fromstring(text.encode("utf-8"), parser=parser, ensure_head_body=True)


def _article(text: str) -> list[str]:
    from lxml import etree
    from trafilatura import extract

    found = extract(
        text,
        output_format="xml",
        include_comments=False,
        include_formatting=True,
        include_tables=True,
        include_links=False,
        include_images=False,
        date_extraction_params=_DATES,
    )
    if not found:
        return []
    parser = etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=True)
    main = etree.fromstring(found.encode("utf-8"), parser=parser).find("main")
    return [] if main is None else blocks_of(main, own_names=True)


def _prefer_whole(whole: list[str], article: list[str]) -> bool:
    found = sum(map(len, article))
    return not found or (found < _SMALL and sum(map(len, whole)) <= _FAR_MORE * found + _SLACK)


def _stated(text: str, tree: Any) -> Stated:
    from trafilatura import extract_metadata

    facts = extract_metadata(text, date_config=_DATES)
    return Stated(
        title=_line(facts.title),
        date=_line(facts.date),
        source=_line(facts.sitename),
        url=_web_address(facts.url),
        language=_line(tree.get("lang")),
        author=_line(facts.author),
        tags=_tags(facts.tags),
    )


def _line(value: str | None) -> str | None:
    return (one_line(value) or None) if value else None


def _web_address(value: str | None) -> str | None:
    line = _line(value)
    return line if line and line.startswith(("http://", "https://")) else None


def _tags(values: list[str] | None) -> tuple[str, ...]:
    parts = (one_line(part) for value in values or () for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))
