"""Plain text: paragraphs found again from the way the lines break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.dates import parse_date
from corpus.readers.front_matter import split_front_matter
from corpus.readers.raw import RawText

# Text wrapped by hand or by a mail program stays within this width; 40 and less is verse.
_WIDEST_WRAP = 100
_NARROWEST_WRAP = 40
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]?$")
_OWN_LINE = re.compile(r"(?:[-*•+–—>#|]|\d{1,3}[.)])\s")
_BULLET = re.compile(r"^[*•+]\s+(?=\S)")
_ITEM = re.compile(r"(?:-|\d{1,3}[.)])\s")


def read_plain(text: str) -> RawText:
    """Read plain text, with or without front matter."""
    stated, body = split_front_matter(text)
    return RawText(lay_out(body), "text/plain", stated)


def lay_out(text: str) -> str:
    """Return ``text`` as blocks with a blank line between.

    A line is a paragraph, as captured articles have it, unless lines are wrapped: then a line
    goes on in the next one whenever the next one's first word would not have fitted into it.
    Items of a list stay together, one a line.
    """
    lines = [line.strip() for line in text.splitlines()]
    width = _wrap_width(lines)
    blocks: list[list[str]] = []
    previous = ""
    for line in (_with_dash(line) for line in lines):
        if line and previous and _goes_on(previous, line, width):
            blocks[-1] += [" ", line]
        elif line and previous and _ITEM.match(previous) and _ITEM.match(line):
            blocks[-1] += ["\n", line]
        elif line:
            blocks.append([line])
        previous = line
    return "\n\n".join("".join(block) for block in blocks)


def _with_dash(line: str) -> str:
    return _BULLET.sub("- ", line, count=1)


def _goes_on(line: str, following: str, width: int) -> bool:
    if not width or _OWN_LINE.match(following):
        return False
    first_word = following.split(maxsplit=1)[0]
    if len(line) + 1 + len(first_word) <= width:
        return False
    return not (parse_date(line) or parse_date(following))


def _wrap_width(lines: list[str]) -> int:
    """Return the width that a text is wrapped at, in characters; 0 where it is not wrapped."""
    # A long address has no place to break at, and says nothing about the width.
    width = max((len(line) for line in lines if " " in line), default=0)
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return 0
    return width if any(_breaks_a_sentence(*pair, width) for pair in _pairs(lines)) else 0


def _pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    return ((a, b) for a, b in pairwise(lines) if a and b)


def _breaks_a_sentence(line: str, following: str, width: int) -> bool:
    return not _SENTENCE_END.search(line) and _goes_on(line, following, width)
