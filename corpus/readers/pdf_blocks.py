"""Lines put together into what they are parts of: paragraphs, headings, list items and tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.readers.pdf_lines import Line
from corpus.readers.pdf_tables import table_runs

# Sizes that differ by less than this share are one size.
_SAME_SIZE = 0.1
_LARGER = 1.12
_LONGEST_HEADING = 160
_HEADING_LINES = 4
# A gap between lines is a paragraph's end where it is so many times the usual one.
_WIDE = 1.25
_USUAL = 1.2
_INDENT = 0.8
_FULL = 0.85
# Lines that all end before this share of the width were not wrapped there.
_NARROW = 0.6
BULLET = re.compile(r"[•▪◦‣●○■□∙·\u2043*–-]\s+(?=\S)")
NUMBER = re.compile(r"\(?(\d{1,3})[.)]\s+(?=\S)")
_LETTER = re.compile(r"\(?[a-z][.)]\s+(?=\S)")
# Dots that lead to a page number in a table of contents.
_LEADER = re.compile(r"(?:[.…] ?){4,}\s*\w{1,5}$")
ENDING = re.compile(r"[.?!:;…。!?][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Body:
    """What most of a document's text looks like; ``leading`` is the distance of its lines, in
    font sizes."""

    size: float
    bold: bool
    leading: float


@dataclass(frozen=True, slots=True)
class Block:
    """``kind`` is "paragraph", "heading", "item" or "table"; a table's lines are its rows."""

    kind: str
    lines: tuple[Line, ...]

    @property
    def size(self) -> float:
        """Its first line's font size, in points."""
        return self.lines[0].size

    @property
    def last(self) -> Line:
        """Its last line."""
        return self.lines[-1]


def body_of(lines: Sequence[Line]) -> Body:
    """Find the size, the weight and the leading that most characters have."""
    styles: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        styles[line.size, line.bold] += len(line.text)
    (size, bold), _ = styles.most_common(1)[0]
    gaps = Counter(
        round((line.box[3] - before.box[3]) / size, 1)
        for before, line in pairwise(lines)
        if before.region == line.region and before.size == line.size == size and is_full(before)
    )
    usual = [gap for gap, _ in gaps.most_common() if 0.8 <= gap <= 3]
    return Body(size, bold, usual[0] if usual else _USUAL)


def find_blocks(lines: Sequence[Line], body: Body) -> list[Block]:
    """Return the blocks of a document's lines, which are in reading order."""
    blocks: list[Block] = []
    for is_table, run in table_runs(lines):
        if is_table:
            blocks.append(Block("table", tuple(run)))
            continue
        for chunk in _chunks(run, body):
            blocks += _blocks_of(chunk, body)
    return blocks


def starts_item(text: str) -> bool:
    """Tell whether a line begins with a bullet, a number or a letter of a list."""
    return any(marker.match(text) for marker in (BULLET, NUMBER, _LETTER))


def _chunks(lines: Sequence[Line], body: Body) -> Iterator[list[Line]]:
    """Part lines where their place, size or weight changes so that no paragraph goes on."""
    chunk: list[Line] = []
    for line in lines:
        if chunk and _is_apart(chunk[-1], line, body):
            yield chunk
            chunk = []
        chunk.append(line)
    if chunk:
        yield chunk


def _is_apart(before: Line, line: Line, body: Body) -> bool:
    if before.region != line.region or not is_same_size(before, line):
        return True
    gap = line.box[3] - before.box[3]
    if gap <= 0 or gap > _WIDE * body.leading * max(before.size, line.size):
        return True
    return before.bold != line.bold and not is_full(before)


def is_same_size(one: Line, other: Line) -> bool:
    """Tell whether two lines have one font size; estimates count as equal."""
    if one.recognised and other.recognised:
        return True
    return abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def is_full(line: Line) -> bool:
    """Tell whether a line goes nearly to the right side of its column."""
    return line.box[2] >= line.left + _FULL * (line.right - line.left)


def _blocks_of(chunk: list[Line], body: Body) -> Iterator[Block]:
    if _is_heading(chunk, body):
        yield Block("heading", tuple(chunk))
        return
    right = max(line.box[2] for line in chunk)
    if right - chunk[0].left < _NARROW * (chunk[0].right - chunk[0].left):
        right = chunk[0].right
    lines: list[Line] = []
    for line in chunk:
        if lines and _begins(lines, line, right):
            yield _block(lines)
            lines = []
        lines.append(line)
    yield _block(lines)


def _block(lines: list[Line]) -> Block:
    return Block("item" if starts_item(lines[0].text) else "paragraph", tuple(lines))


def _is_heading(chunk: Sequence[Line], body: Body) -> bool:
    length = sum(len(line.text) + 1 for line in chunk)
    text = chunk[-1].text.rstrip()
    if length > _LONGEST_HEADING or len(chunk) > _HEADING_LINES or _LEADER.search(text):
        return False
    if chunk[0].recognised or BULLET.match(chunk[0].text):
        return False
    if not any(char.isalpha() for line in chunk for char in line.text):
        return False
    if all(line.size >= _LARGER * body.size for line in chunk):
        return True
    bold = not body.bold and all(line.bold for line in chunk)
    return bold and chunk[0].size >= 0.9 * body.size and text[-1] not in ".,;"


def _begins(lines: Sequence[Line], line: Line, right: float) -> bool:
    """Tell whether a line begins a block of its own rather than going on with ``lines``."""
    before = lines[-1]
    if _LEADER.search(before.text):
        return True
    ended = _is_forced(before, line, right)
    if BULLET.match(line.text) and (
        line.text[0] not in "*–-" or ended or starts_item(lines[0].text)
    ):
        return True
    if starts_item(line.text) and (ended or _follows(lines[0].text, line.text)):
        return True
    indent = line.box[0] - before.box[0]
    if indent > _INDENT * line.size and not starts_item(lines[0].text):
        return ended or bool(ENDING.search(before.text))
    if indent < -_INDENT * line.size and (len(lines) > 1 or starts_item(lines[0].text)):
        return ended or bool(ENDING.search(before.text))
    return ended and (bool(ENDING.search(before.text)) or not line.text[0].islower())


def _is_forced(before: Line, line: Line, right: float) -> bool:
    """Tell whether the line's first word would have fitted on the line before."""
    word = line.text.split(" ", 1)[0]
    width = (line.box[2] - line.box[0]) * (len(word) + 1.5) / max(1, len(line.text))
    return before.box[2] + width + 0.5 * line.size < right


def _follows(item: str, line: str) -> bool:
    before, after = NUMBER.match(item), NUMBER.match(line)
    return bool(before and after and int(after[1]) == int(before[1]) + 1)
