"""A web page parsed into a tree that is safe to walk: not deep, its layout tables opened up."""

from __future__ import annotations

import re
from typing import Any

from corpus.readers.markup import HEADINGS, name_of

# Real pages stay far below; each level is a level of our own recursion and of the parser's.
DEEPEST = 150
_WRAPPERS = re.compile(
    r"(?:</?(?:div|span|section|font|center|b|i|em|strong|a|small|big|u|tt|blockquote|article|main"
    r"|form|fieldset|label|ins|sub|sup)(?:[\s/][^<>]*)?>\s*)+",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(
    r"(?:<(?!/?(?:html|head|body|title|meta|script|style)\b)/?[a-z][^<>]*>\s*)+", re.IGNORECASE
)
LAID_OUT = "laid-out"
"""The attribute in which a part of a table that only laid out the page keeps its old name."""

_LONGEST_ATTRIBUTE = 4000
# The parser reads nothing after these, and broken pages go on.
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
# A table that lays out a page holds whole sections in a cell; one of data holds values.
_LONG_CELL = 600


def parse(text: str, *, is_mail: bool = False) -> Any:
    """Return the root element of a page; tags nested deeper than DEEPEST are taken out first.

    In a mail, a table of one row is layout too: its cells stand side by side, and that is all.
    """
    text = _ENDS.sub("", text)
    tree = _parse(text)
    for tags in (_WRAPPERS, _ANY_TAG):
        if not _is_deep(tree):
            break
        text = tags.sub("<br>", text)
        tree = _parse(text)
    _shorten_attributes(tree)
    _open_layout_tables(tree, single_rows=is_mail)
    return tree


def _shorten_attributes(tree: Any) -> None:
    """Cut names and styles of absurd length, over which pattern matching would take its time."""
    for element in tree.iter():
        for name in ("class", "id", "style"):
            if len(value := element.get(name) or "") > _LONGEST_ATTRIBUTE:
                element.set(name, value[:_LONGEST_ATTRIBUTE])


def _parse(text: str) -> Any:
    from lxml import html  # type: ignore[import-untyped]

    # Bytes with a named encoding: lxml refuses text that declares an encoding of its own. Without
    # huge_tree the parser stops at the 256th level and loses the rest of the page.
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    return html.document_fromstring(text.encode("utf-8"), parser=parser, ensure_head_body=True)


def _is_deep(tree: Any) -> bool:
    from lxml import etree

    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            return True
    return False


def _open_layout_tables(tree: Any, *, single_rows: bool) -> None:
    """Rename the parts of tables that only lay out a page, so that their text stays in blocks."""
    tables = list(tree.iter("table"))
    for table in [one for one in tables if _is_layout(one) or (single_rows and _is_row(one))]:
        for part in list(table.iter("tbody", "thead", "tfoot", "tr", "td", "th", "caption")):
            if next(part.iterancestors("table"), None) is table:
                part.set(LAID_OUT, part.tag)
                part.tag = "div"
        table.tag = "div"


def _is_layout(table: Any) -> bool:
    if table.get("role", "").lower() in ("presentation", "none"):
        return True
    headers = False
    for part in table.iterdescendants():
        name = name_of(part)
        if name == "table":
            return True
        if name in HEADINGS and not headers:
            return True
        headers = headers or name == "th"
        if name == "td" and not headers and _is_long(part):
            return True
    return False


def _is_row(table: Any) -> bool:
    return sum(1 for _ in table.iter("tr")) == 1 and next(table.iter("th"), None) is None


def _is_long(cell: Any) -> bool:
    length = 0
    for piece in cell.itertext():
        length += len(piece.strip())
        if length > _LONG_CELL:
            return True
    return False
