"""Markdown: its structure kept as plain lines, its markup reduced to what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from corpus.readers.front_matter import split_front_matter
from corpus.readers.raw import RawText

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_HIDDEN_HTML = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
_SHOWN_HTML = re.compile(r"</(?:script|style)\b", re.IGNORECASE)
_BREAK_HTML = re.compile(r"<br\b", re.IGNORECASE)


def read_markdown(text: str) -> RawText:
    """Read Markdown with or without front matter."""
    stated, body = split_front_matter(text)
    return RawText(plain_text(body), "text/markdown", stated)


def plain_text(markdown: str) -> str:
    """Return Markdown as canonical blocks: headings, lists, tables and code keep their lines."""
    from markdown_it.tree import SyntaxTreeNode

    tree = SyntaxTreeNode(_parser().parse(markdown))
    return "\n\n".join(_blocks(tree.children))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _blocks(nodes: Iterable[SyntaxTreeNode]) -> list[str]:
    return [block for node in nodes for block in _node_blocks(node) if block.strip()]


def _node_blocks(node: SyntaxTreeNode) -> list[str]:
    match node.type:
        case "heading":
            return [f"{'#' * int(node.tag[1])} {_inline(node)}"] if _inline(node) else []
        case "paragraph":
            return [_inline(node)]
        case "bullet_list" | "ordered_list":
            return ["\n".join(_items(node))]
        case "blockquote":
            return _blocks(node.children)
        case "fence" | "code_block":
            return [node.content.rstrip()]
        case "table":
            return ["\n".join(_rows(node))]
        case _:
            return []  # rules, raw HTML


def _items(node: SyntaxTreeNode) -> list[str]:
    first = int(node.attrs.get("start", 1) or 0) if node.type == "ordered_list" else None
    items = []
    for number, item in enumerate(node.children):
        marker = "-" if first is None else f"{first + number}."
        lines = "\n".join(_blocks(item.children)).split("\n")
        if any(lines):
            items.append(f"{marker} " + "\n  ".join(lines))
    return items


def _rows(node: SyntaxTreeNode) -> list[str]:
    rows = (row for part in node.children for row in part.children)
    return [" | ".join(_inline(cell) for cell in row.children) for row in rows]


def _inline(node: SyntaxTreeNode) -> str:
    """Return the visible text of a block that holds one run of inline markup."""
    parts: list[str] = []
    hidden = False
    for leaf in _leaves(node):
        if leaf.type == "html_inline":
            hidden = bool(_HIDDEN_HTML.match(leaf.content)) or (
                hidden and not _SHOWN_HTML.match(leaf.content)
            )
            parts.append("\n" if _BREAK_HTML.match(leaf.content) else "")
        elif not hidden:
            parts.append(_visible(leaf))
    # Where an image or a tag stood, two spaces would remain.
    return re.sub(r" *\n *", "\n", re.sub(r"[ \t]+", " ", "".join(parts))).strip()


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
