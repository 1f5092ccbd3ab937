"""A tree of HTML written as canonical blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MARKER = "left-out"
"""The tag of an empty element where a part was left out; ``n`` is its number, if it had text."""


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = _names(
    "p div article section main body html header blockquote quote dl dt dd figure figcaption "
    "address details summary fieldset legend center hr li caption nav footer aside dialog menu "
    "form"
)
NEVER_TEXT = _names(
    "script style noscript template svg math canvas img picture video audio object embed iframe "
    "select option input textarea title meta link head del"
)
_PAGE_FURNITURE = _names("form button nav footer aside dialog menu")
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class _Page:
    """The blocks written so far, and the run of text that will be the next one.

    ``marks`` tells before which block each left-out part stood; the parts inside a list or a
    table count from ``base``, the number of blocks before it.
    """

    everything: bool
    marks: dict[int, int] = field(default_factory=dict)
    base: int = 0
    blocks: list[str] = field(default_factory=list)
    run: list[str] = field(default_factory=list)

    def end_block(self) -> None:
        if block := tidy("".join(self.run)):
            self.blocks.append(block)
        self.run.clear()

    def add(self, block: str) -> None:
        self.end_block()
        if block.strip():
            self.blocks.append(block)

    def mark(self, element: Any) -> None:
        if element.get("block"):
            self.end_block()
        if number := element.get("n"):
            self.marks.setdefault(int(number), self.base + len(self.blocks))

    def inner(self) -> _Page:
        return _Page(self.everything, self.marks, self.base + len(self.blocks))


def blocks_of(element: Any, *, everything: bool = False) -> list[str]:
    """Return the visible text of an lxml ``element`` as blocks.

    Menus, page footers, asides and forms are left out, unless ``everything`` is asked for.
    """
    return blocks_and_marks(element, everything=everything)[0]


def blocks_and_marks(element: Any, *, everything: bool) -> tuple[list[str], dict[int, int]]:
    """Return the blocks, and for the number of each MARKER the block that it stood before."""
    page = _Page(everything)
    _write(element, page)
    page.end_block()
    return page.blocks, page.marks


def tidy(run: str) -> str:
    """Return a run of text with single spaces; only ``\\n``, where a break stood, remains."""
    lines = (_SPACES.sub(" ", line).strip() for line in run.split("\n"))
    return "\n".join(line for line in lines if line)


def name_of(element: Any) -> str:
    """Return the HTML name of an element; "" for a comment or an instruction."""
    return element.tag.lower() if isinstance(element.tag, str) else ""


def _write(element: Any, page: _Page) -> None:
    name = name_of(element)
    if name == MARKER:
        page.mark(element)
    elif name == "br":
        page.run.append("\n")
    elif name in HEADINGS:
        page.end_block()
        page.add(_heading(element, name, page))
    elif name in ("ul", "ol"):
        page.end_block()
        page.add("\n".join(_items(element, name, page)))
    elif name == "table":
        page.end_block()
        _write_captions(element, page)
        page.add("\n".join(_rows(element, page)))
    elif name == "pre" or (name == "code" and "\n" in "".join(element.itertext()).strip()):
        page.add("".join(element.itertext()).strip("\n").rstrip())
    elif not name or name in NEVER_TEXT or (name in _PAGE_FURNITURE and not page.everything):
        pass
    elif name in BLOCKS:
        page.end_block()
        _write_children(element, page)
        page.end_block()
    else:
        _write_children(element, page)


def _write_children(element: Any, page: _Page) -> None:
    page.run.append(_SPACES.sub(" ", element.text or ""))
    for child in element:
        _write(child, page)
        page.run.append(_SPACES.sub(" ", child.tail or ""))


def _inner(element: Any, page: _Page) -> list[str]:
    inner = page.inner()
    _write_children(element, inner)
    inner.end_block()
    return inner.blocks


def _heading(element: Any, name: str, page: _Page) -> str:
    words = " ".join(_inner(element, page)).replace("\n", " ")
    return f"{'#' * int(name[1])} {words}" if words else ""


def _items(element: Any, name: str, page: _Page) -> list[str]:
    items: list[str] = []
    for child in element:
        if name_of(child) == MARKER:
            page.mark(child)
            continue
        # Broken pages hold lists, links or bare blocks right inside a list.
        lines = "\n".join(_inner(child, page) if name_of(child) == "li" else _loose(child, page))
        if lines:
            marker = f"{len(items) + 1}." if name == "ol" else "-"
            items.append(f"{marker} " + lines.replace("\n", "\n  "))
    return items


def _loose(child: Any, page: _Page) -> list[str]:
    inner = page.inner()
    _write(child, inner)
    inner.end_block()
    return inner.blocks


def _write_captions(table: Any, page: _Page) -> None:
    for child in table:
        if name_of(child) == "caption":
            for block in _inner(child, page):
                page.add(block)


def _rows(table: Any, page: _Page) -> list[str]:
    rows = []
    for row in _own_rows(table, page):
        cells = [cell for cell in row if name_of(cell) in ("td", "th")]
        texts = [" ".join(_inner(cell, page)).replace("\n", " ") for cell in cells]
        if any(texts):
            rows.append(" | ".join(texts))
        _mark_all(row, page)
    return rows


def _own_rows(table: Any, page: _Page) -> Iterator[Any]:
    """Yield the rows of ``table``, without those of a table that stands in one of its cells."""
    for part in table:
        if name_of(part) == "tr":
            yield part
        elif name_of(part) in ("thead", "tbody", "tfoot"):
            yield from (row for row in part if name_of(row) == "tr")
            _mark_all(part, page)
    _mark_all(table, page)


def _mark_all(element: Any, page: _Page) -> None:
    for child in element:
        if name_of(child) == MARKER:
            page.mark(child)
