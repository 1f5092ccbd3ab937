"""Markdown: its structure kept as plain lines, its markup reduced to what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from corpus.documents import Removed
from corpus.readers.front_matter import split_front_matter
from corpus.readers.html_hidden import hides
from corpus.readers.raw import RawText

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_TAG = re.compile(r"</?([a-z][a-z0-9]{0,20})", re.IGNORECASE)
_STYLE = re.compile(r"\sstyle\s{0,3}=\s{0,3}(?:\"([^\"]{0,2000})|'([^']{0,2000}))", re.IGNORECASE)
_HIDDEN_WORD = re.compile(r"\shidden(?=[\s=>/])", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(.*?)(?:-->|$)", re.DOTALL)
_HIDDEN = "hidden text"

_Parts = list[tuple[str, str]]
"""Lines left out, each with the reason."""


def read_markdown(text: str) -> RawText:
    """Read Markdown with or without front matter; HTML in it is read as a page's is."""
    stated, body = split_front_matter(text)
    shown, dropped = _lay_out(body)
    return RawText(shown, "text/markdown", stated, dropped)


def plain_text(markdown: str) -> str:
    """Return Markdown as canonical blocks: headings, lists, tables and code keep their lines."""
    return _lay_out(markdown)[0]


def _lay_out(markdown: str) -> tuple[str, tuple[Removed, ...]]:
    from markdown_it.tree import SyntaxTreeNode

    blocks: list[str] = []
    dropped: list[Removed] = []
    line = 1
    for node in SyntaxTreeNode(_parser().parse(markdown)).children:
        parts: _Parts = []
        found = _blocks([node], parts)
        dropped += [Removed(line, part, reason) for part, reason in parts]
        line += sum(block.count("\n") + 2 for block in found)
        blocks += found
    return "\n\n".join(blocks), tuple(dropped)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _blocks(nodes: Iterable[SyntaxTreeNode], parts: _Parts) -> list[str]:
    return [block for node in nodes for block in _node_blocks(node, parts) if block.strip()]


def _node_blocks(node: SyntaxTreeNode, parts: _Parts) -> list[str]:
    match node.type:
        case "heading":
            words = _inline(node, parts)
            return [f"{'#' * int(node.tag[1])} {words}"] if words else []
        case "paragraph":
            return [_inline(node, parts)]
        case "bullet_list" | "ordered_list":
            return ["\n".join(_items(node, parts))]
        case "blockquote":
            return _blocks(node.children, parts)
        case "fence" | "code_block":
            return [node.content.rstrip()]
        case "table":
            return ["\n".join(_rows(node, parts))]
        case "html_block":
            return _html_blocks(node.content, parts)
        case _:
            return []  # rules


def _html_blocks(source: str, parts: _Parts) -> list[str]:
    from corpus.readers.html import read_fragment

    comments = (" ".join(found.split()) for found in _COMMENT.findall(source))
    parts += [(comment, _HIDDEN) for comment in comments if comment]
    blocks, dropped = read_fragment(_COMMENT.sub("", source))
    parts += dropped
    return blocks


def _items(node: SyntaxTreeNode, parts: _Parts) -> list[str]:
    first = int(node.attrs.get("start", 1) or 0) if node.type == "ordered_list" else None
    items = []
    for number, item in enumerate(node.children):
        marker = "-" if first is None else f"{first + number}."
        lines = "\n".join(_blocks(item.children, parts)).split("\n")
        if any(lines):
            items.append(f"{marker} " + "\n  ".join(lines))
    return items


def _rows(node: SyntaxTreeNode, parts: _Parts) -> list[str]:
    rows = (row for part in node.children for row in part.children)
    return [" | ".join(_inline(cell, parts) for cell in row.children) for row in rows]


def _inline(node: SyntaxTreeNode, parts: _Parts) -> str:
    """Return the visible text of a block that holds one run of inline markup."""
    shown: list[str] = []
    hidden: list[str] = []
    until = ""
    for leaf in _leaves(node):
        if leaf.type == "html_inline":
            opening = _TAG.match(leaf.content)
            name = opening.group(1).lower() if opening else ""
            if not until and _opens_hidden(leaf.content, name):
                until = name
            elif until == name and leaf.content.startswith("</"):
                until = ""
            shown.append("\n" if name == "br" else "")
        elif until:
            hidden += [_visible(leaf)] if until not in ("script", "style") else []
        else:
            shown.append(_visible(leaf))
    if words := " ".join("".join(hidden).split()):
        parts.append((words, _HIDDEN))
    # Where an image or a tag stood, two spaces would remain.
    return re.sub(r" *\n *", "\n", re.sub(r"[ \t]+", " ", "".join(shown))).strip()


def _opens_hidden(tag: str, name: str) -> bool:
    if not name or tag.startswith("</") or tag.endswith("/>"):
        return False
    style = _STYLE.search(tag)
    hiding = style is not None and hides("".join((style[1] or style[2] or "").lower().split()))
    return name in ("script", "style") or hiding or bool(_HIDDEN_WORD.search(tag))


def _leaves(node: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    if node.type == "image":
        return []
    if not node.children:
        return [node]
    return [leaf for child in node.children for leaf in _leaves(child)]


def _visible(leaf: SyntaxTreeNode) -> str:
    match leaf.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "text" | "text_special" | "code_inline":
            return leaf.content
        case _:
            return ""
