"""Segments that stand beside each other, put together into rows and lines of text."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.pdf_frame import Box
from corpus.readers.pdf_segments import Segment

# Segments are on one row if they share this much of the lower one's height.
_SAME_ROW = 0.5
# In font sizes: a narrower gap is none (kerning), a wider one may part the cells of a table.
_WORD_GAP = 0.12
_CELL_GAP = 1.0
_BOLD_SHARE = 0.9
_RIGHT_TO_LEFT = ("R", "AL")


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line, with a wide gap before and behind it."""

    text: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page.

    ``left`` and ``right`` are the sides of the region (a column) that it stands in, ``region``
    numbers it through the document. ``boxes`` has a box for each character, where asked for.
    The size of text that was ``recognised`` on a scan is an estimate.
    """

    text: str
    box: Box
    size: float
    bold: bool
    cells: tuple[Cell, ...]
    page: int
    region: int = 0
    left: float = 0.0
    right: float = 0.0
    boxes: tuple[Box, ...] = ()
    recognised: bool = False

    @property
    def height(self) -> float:
        """Its height in points."""
        return self.box[3] - self.box[1]


def surround(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around all of ``boxes``, of which there is at least one."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def rows_of(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Group segments into rows from top to bottom; each row's segments run from left to right."""
    rows: list[list[Segment]] = []
    top = bottom = 0.0
    for segment in sorted(segments, key=lambda one: one.box[1] + one.box[3]):
        _, y0, _, y1 = segment.box
        shared = min(bottom, y1) - max(top, y0)
        if rows and shared >= _SAME_ROW * min(bottom - top, y1 - y0):
            rows[-1].append(segment)
            if y1 - y0 > bottom - top:
                top, bottom = y0, y1
        else:
            rows.append([segment])
            top, bottom = y0, y1
    for row in rows:
        row.sort(key=lambda one: one.box[0])
    return rows


def line_of(row: Sequence[Segment], *, page: int, region: int, left: float, right: float) -> Line:
    """Put a row's segments together, in the direction in which their script runs."""
    sizes: Counter[float] = Counter()
    for segment in row:
        sizes[segment.style.size] += len(segment.text)
    size = sizes.most_common(1)[0][0]
    bold = sum(len(segment.text) for segment in row if segment.style.bold)
    runs_left = _runs_left(row)
    ordered = list(reversed(row)) if runs_left else list(row)
    text, boxes, cells = _joined(ordered, size, runs_left=runs_left)
    return Line(
        text,
        surround([segment.box for segment in row]),
        size,
        bold >= _BOLD_SHARE * sum(sizes.values()),
        cells,
        page,
        region,
        left,
        right,
        boxes,
        any(segment.style.invisible for segment in row),
    )


def _joined(
    row: Sequence[Segment], size: float, *, runs_left: bool
) -> tuple[str, tuple[Box, ...], tuple[Cell, ...]]:
    text = ""
    boxes: list[Box] = []
    cells: list[Cell] = []
    before: Segment | None = None
    for segment in row:
        gap = _gap(before, segment, runs_left) if before else 0.0
        if before and gap > _WORD_GAP * size:
            text += " "
            if segment.boxes:
                boxes.append((segment.box[0], segment.box[1], segment.box[0], segment.box[3]))
        if before and gap <= _CELL_GAP * size:
            last = cells[-1]
            space = " " if text.endswith(" ") else ""
            cells[-1] = Cell(
                last.text + space + segment.text,
                min(last.x0, segment.box[0]),
                max(last.x1, segment.box[2]),
            )
        else:
            cells.append(Cell(segment.text, segment.box[0], segment.box[2]))
        text += segment.text
        boxes += segment.boxes
        before = segment
    return text, tuple(boxes), tuple(cells)


def _gap(before: Segment, segment: Segment, runs_left: bool) -> float:
    if runs_left:
        return before.box[0] - segment.box[2]
    return segment.box[0] - before.box[2]


def _runs_left(row: Sequence[Segment]) -> bool:
    """Tell whether most letters are of a script that is written from right to left."""
    text = "".join(segment.text for segment in row)
    if text.isascii():
        return False
    kinds = Counter(unicodedata.bidirectional(char) for char in text)
    return sum(kinds[kind] for kind in _RIGHT_TO_LEFT) > kinds["L"]
