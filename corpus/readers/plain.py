"""Plain text: paragraphs found again from the way the lines break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.dates import parse_date
from corpus.readers.front_matter import split_front_matter
from corpus.readers.head_facts import take_facts
from corpus.readers.raw import RawText
from corpus.repair import joint

# Text wrapped by hand or by a mail program stays within this width; 40 and less is verse.
_WIDEST_WRAP = 100
_NARROWEST_WRAP = 40
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]?$")
_OWN_LINE = re.compile(r"(?:[-*•+–—>#|]|\d{1,3}[.)])\s")
_BULLET = re.compile(r"^[*•+]\s+(?=\S)")
_BREAKS_OFF = re.compile(r"(?:,|\b(?:a|an|and|as|at|by|for|in|of|on|or|that|the|to|with))$")
_ITEM = re.compile(r"(?:-|\d{1,3}[.)])\s")
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}")
_LONGEST_HEADING = 130


def read_plain(text: str) -> RawText:
    """Read plain text, with or without front matter or lines such as "Source: The Tide"."""
    stated, body = split_front_matter(text)
    stated, body = take_facts(stated, body)
    return RawText(lay_out(body), "text/plain", stated)


def lay_out(text: str) -> str:
    """Return ``text`` as blocks with a blank line between.

    A line is a paragraph, as captured articles have it, unless lines are wrapped: then a line
    goes on in the next one whenever the next one's first word would not have fitted into it.
    Items of a list stay together, one a line, each with the lines that go on in it: those are
    indented, or begin in the middle of a sentence. A line with a rule of its own (``=====``) below
    becomes a heading.
    """
    raw_lines = _with_headings(text.splitlines())
    lines = [_BULLET.sub("- ", line.strip(), count=1) for line in raw_lines]
    width = _wrap_width(lines)
    blocks: list[list[str]] = []
    previous, in_list = "", False
    for raw, line in zip(raw_lines, lines, strict=True):
        is_item = bool(_ITEM.match(line))
        hangs = in_list and not _OWN_LINE.match(line) and _hangs(raw, previous)
        if line and previous and (hangs or _goes_on(previous, line, width)):
            before, between = joint(blocks[-1][-1], line)
            blocks[-1][-1:] = [before, between, line]
        elif line and previous and in_list and is_item:
            blocks[-1] += ["\n", line]
        elif line:
            blocks.append([line])
            in_list = is_item
        previous = line
    return "\n\n".join("".join(block) for block in blocks)


def _hangs(raw: str, previous: str) -> bool:
    """Tell whether a line right below an item goes on in it, whatever the width of the text."""
    if raw.startswith(("  ", "\t")):
        return True
    if _SENTENCE_END.search(previous):
        return False
    return raw[:1].islower() or bool(_BREAKS_OFF.search(previous))


def _with_headings(lines: list[str]) -> list[str]:
    """Return lines with ``# `` or ``## `` before those that a rule is drawn below."""
    marked: list[str] = []
    for at, line in enumerate(lines):
        above = marked[-1] if marked else ""
        if _is_underline(line.strip(), above) and (len(marked) < 2 or not marked[-2].strip()):
            # A blank line after it: what follows is no part of the heading.
            marked[-1:] = [f"{'#' if line.strip()[0] == '=' else '##'} {above.strip()}", ""]
        elif _is_overline(line.strip(), lines[at + 1 : at + 3]):
            marked.append("")
        else:
            marked.append(line)
    return marked


def _is_underline(line: str, above: str) -> bool:
    title = above.strip()
    if not _UNDERLINE.fullmatch(line) or not title or len(title) > _LONGEST_HEADING:
        return False
    if _OWN_LINE.match(title) or not any(character.isalnum() for character in title):
        return False
    # Dashes also part sections and end mails; under a heading they are as long as it is.
    return line[0] == "=" or abs(len(line) - len(title)) <= 2


def _is_overline(line: str, following: list[str]) -> bool:
    """Tell whether a rule stands above a heading that has the same rule below it."""
    return len(following) == 2 and bool(_UNDERLINE.fullmatch(line)) and following[1].strip() == line


def _goes_on(line: str, following: str, width: int) -> bool:
    if not width or _OWN_LINE.match(following):
        return False
    first_word = following.split(maxsplit=1)[0]
    if len(line) + 1 + len(first_word) <= width and joint(line, following)[1]:
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
