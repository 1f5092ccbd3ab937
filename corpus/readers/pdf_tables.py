"""Simple tables: rows that follow each other and whose cells stand in the same columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.readers.pdf_lines import Cell, Line

# Points by which the sides or the middles of two cells of a column may differ.
_OFF = 3.0
# Rows with two cells are seen by chance (a number before an item): more of them must agree.
_ROWS_OF_TWO = 3
_ROWS_OF_MORE = 2
_LONGEST_CELL = 60
_MARKER = re.compile(r"(?:[^\w\s]|\(?\w{1,3}[.)])")


def table_runs(lines: Sequence[Line]) -> Iterator[tuple[bool, list[Line]]]:
    """Yield runs of lines, in order, each with whether it is a table."""
    others: list[Line] = []
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and _go_together(lines[end - 1], lines[end]):
            end += 1
        run = list(lines[at:end])
        if not _is_table(run):
            others += run
        else:
            if others:
                yield False, others
            others = []
            yield True, run
        at = end
    if others:
        yield False, others


def row_text(line: Line) -> str:
    """Return a row's cells with `` | `` between."""
    return " | ".join(cell.text.strip() for cell in line.cells)


def _go_together(one: Line, other: Line) -> bool:
    if one.region != other.region or min(len(one.cells), len(other.cells)) < 2:
        return False
    if other.box[1] - one.box[3] > 3 * max(one.height, other.height):
        return False
    few, many = sorted((one.cells, other.cells), key=len)
    return all(any(_in_column(cell, against) for against in many) for cell in few)


def _in_column(cell: Cell, other: Cell) -> bool:
    return (
        min(
            abs(cell.x0 - other.x0),
            abs(cell.x1 - other.x1),
            abs(cell.x0 + cell.x1 - other.x0 - other.x1) / 2,
        )
        <= _OFF
    )


def _is_table(rows: Sequence[Line]) -> bool:
    widest = max(len(row.cells) for row in rows)
    if len(rows) < (_ROWS_OF_MORE if widest > 2 else _ROWS_OF_TWO):
        return False
    markers = sum(bool(_MARKER.fullmatch(row.cells[0].text.strip())) for row in rows)
    lengths = [len(cell.text) for row in rows for cell in row.cells]
    return 2 * markers <= len(rows) and sum(lengths) <= _LONGEST_CELL * len(lengths)
