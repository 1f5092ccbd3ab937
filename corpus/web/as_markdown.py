"""Canonical blocks written as Markdown that reads back as the very same blocks."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.readers.markdown import plain_text

_HEADING = re.compile(r"(#{1,6}) (.+)")
_ITEM = re.compile(r"(\s*)(- |\d{1,9}\. )(.*)")
_SPECIAL = re.compile(r"([\\`*_\[\]<>&~|!#])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d{1,9}(?=[.)]))")
_BETWEEN_LISTS = "<!-- -->"  # two lists with nothing between them would become one


def as_markdown(text: str) -> str:
    """Return Markdown whose ``plain_text`` is ``text``, which consists of canonical blocks.

    It stays as readable as can be: signs are escaped only where they would be read as markup, and
    a block that Markdown has no words for is fenced like code.
    """
    blocks = [block for block in text.split("\n\n") if block.strip()]
    pieces: list[str] = []
    for block in blocks:
        piece = _piece(block)
        if pieces and _is_list(pieces[-1]) and _is_list(piece):
            pieces.append(_BETWEEN_LISTS)
        pieces.append(piece)
    markdown = "\n\n".join(pieces)
    if plain_text(markdown) == "\n\n".join(blocks):
        return markdown
    # Blocks that stand alone and not side by side, such as a link's definition.
    return "\n\n".join(_fenced(block) for block in blocks)


def _piece(block: str) -> str:
    for candidate in (_table(block), _hard_lines(block), _escaped(block)):
        if candidate and plain_text(candidate) == block:
            return candidate
    return _fenced(block)


def _is_list(piece: str) -> bool:
    return _ITEM.match(piece) is not None


def _hard_lines(block: str) -> str:
    """Mark line breaks that are not between items; Markdown would make spaces of them."""
    lines = block.split("\n")
    ends = [
        "" if _ITEM.match(following) or _HEADING.match(line) else "\\"
        for line, following in pairwise(lines)
    ]
    return "\n".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))


def _table(block: str) -> str | None:
    if _ITEM.match(block) or _HEADING.match(block):
        return None
    rows = [line.split(" | ") for line in block.split("\n")]
    if len(rows) < 2 or len(rows[0]) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return None
    lines = ["| " + " | ".join(_SPECIAL.sub(r"\\\1", cell) for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def _escaped(block: str) -> str:
    return _hard_lines("\n".join(_escaped_line(line) for line in block.split("\n")))


def _escaped_line(line: str) -> str:
    if heading := _HEADING.fullmatch(line):
        return heading[1] + " " + _SPECIAL.sub(r"\\\1", heading[2])
    if item := _ITEM.fullmatch(line):
        return item[1] + item[2] + _escaped_start(item[3])
    return _escaped_start(line)


def _escaped_start(line: str) -> str:
    found = _LINE_START.match(line)
    if found is None:
        return _SPECIAL.sub(r"\\\1", line)
    rest = _SPECIAL.sub(r"\\\1", line[found.end() :])
    if found[2].isdigit():
        return f"{found[1]}{found[2]}\\{rest}"
    return f"{found[1]}\\{found[2]}{rest}"


def _fenced(block: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", block)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{block}\n{fence}"
