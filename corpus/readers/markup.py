"""A tree of HTML, or of trafilatura's own tags, written as canonical blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


# trafilatura names what it found in its own words; here they are HTML's again.
_HTML_NAMES = {"head": "h2", "list": "ul", "item": "li", "row": "tr", "cell": "td", "lb": "br"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _names(
    "p div article section main body html header blockquote quote dl dt dd figure figcaption "
    "address details summary fieldset center hr comments doc"
)
_DROPPED = _names(
    "script style noscript template svg canvas graphic img picture video audio object embed "
    "iframe form button select option input textarea nav footer aside dialog menu del title "
    "meta link"
)
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class _Page:
    """The blocks written so far, and the run of text that will be the next one."""

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


def blocks_of(element: Any, *, own_names: bool = False) -> list[str]:
    """Return the visible text of an lxml ``element`` as blocks.

    ``own_names`` tells that the tags are trafilatura's (``head`` is then a heading).
    """
    page = _Page()
    _write(element, page, own_names)
    page.end_block()
    return page.blocks


def tidy(run: str) -> str:
    """Return a run of text with single spaces; only ``\\n``, where a break stood, remains."""
    lines = (_SPACES.sub(" ", line).strip() for line in run.split("\n"))
    return "\n".join(line for line in lines if line)


def _write(element: Any, page: _Page, own_names: bool) -> None:
    name = _name(element, own_names)
    if name == "br":
        page.run.append("\n")
    elif name in _HEADINGS:
        page.add(_heading(element, name, own_names))
    elif name in ("ul", "ol"):
        page.add("\n".join(_items(element, name, own_names)))
    elif name == "table":
        page.add("\n".join(_rows(element, own_names)))
    elif name == "pre" or (name == "code" and "\n" in "".join(element.itertext()).strip()):
        page.add("".join(element.itertext()).strip("\n").rstrip())
    elif name in _BLOCKS:
        page.end_block()
        _write_children(element, page, own_names)
        page.end_block()
    elif name and name not in _DROPPED:
        _write_children(element, page, own_names)


def _write_children(element: Any, page: _Page, own_names: bool) -> None:
    page.run.append(_SPACES.sub(" ", element.text or ""))
    for child in element:
        _write(child, page, own_names)
        page.run.append(_SPACES.sub(" ", child.tail or ""))


def _name(element: Any, own_names: bool) -> str:
    """Return the HTML name of an element; "" for a comment or an instruction."""
    if not isinstance(element.tag, str):
        return ""
    if not own_names:
        return element.tag.lower()
    if element.tag in ("head", "list") and (stated := element.get("rend")):
        return str(stated)
    return _HTML_NAMES.get(element.tag, element.tag)


def _inner(element: Any, own_names: bool) -> list[str]:
    page = _Page()
    _write_children(element, page, own_names)
    page.end_block()
    return page.blocks


def _heading(element: Any, name: str, own_names: bool) -> str:
    words = " ".join(_inner(element, own_names)).replace("\n", " ")
    return f"{'#' * int(name[1])} {words}" if words else ""


def _items(element: Any, name: str, own_names: bool) -> list[str]:
    items: list[str] = []
    for child in element:
        lines = "\n".join(_inner(child, own_names)) if _name(child, own_names) == "li" else ""
        if lines:
            marker = f"{len(items) + 1}." if name == "ol" else "-"
            items.append(f"{marker} " + lines.replace("\n", "\n  "))
    return items


def _rows(element: Any, own_names: bool) -> list[str]:
    rows = []
    for part in element.iter():
        if _name(part, own_names) == "tr":
            cells = [c for c in part if _name(c, own_names) in ("td", "th")]
            texts = [" ".join(_inner(cell, own_names)).replace("\n", " ") for cell in cells]
            if any(texts):
                rows.append(" | ".join(texts))
    return rows
