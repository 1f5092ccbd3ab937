"""Excel workbooks: the values of each sheet, a row a line, under the sheet's name.

As in ``csv_table``, a row of a table with a header names its columns: ``Boat: Gull; Fee: 12.5``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from corpus.readers.csv_table import is_header, named_lines
from corpus.readers.opc import office_facts, office_parts, packed
from corpus.readers.raw import RawText
from corpus.readers.trees import reading_as

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_CELLS = 200_000
"""Filled cells that are read of one workbook; a curated table is far smaller."""

# A file may claim a row number of a billion, and every row up to it would be counted out.
_MOST_ROWS = 1_048_576
# A row of one cell in the last column is as wide, and costs as much, as a full one.
_GAPS_A_CELL = 64
_TABLE_WIDTH = 3


def read_xlsx(data: bytes, *, name: str, most_cells: int = MOST_CELLS) -> RawText:
    """Read a workbook; ``name`` is the file's, for messages.

    Formulas give the value that was last computed. Hidden sheets and what is past ``most_cells``
    filled cells are not read, and ``problems`` say so. Raises UnreadableFile.
    """
    parts = office_parts(data, name=name)
    problems: list[str] = []
    blocks: list[str] = []
    left = most_cells
    with reading_as("a workbook", name=name):
        for sheet in _sheets(parts, problems):
            rows, left = _read_rows(sheet, left)
            if rows:
                blocks += [f"## {' '.join(sheet.title.split())}", "\n".join(_lines(rows))]
            if left <= 0:
                problems.append(
                    f"only the first {most_cells:,} cells were read, up to row {len(rows):,} of "
                    f"sheet '{sheet.title}': split the workbook"
                )
                break
        stated = office_facts(parts, name=name)
    stated = dataclasses.replace(stated, problems=tuple(problems))
    return RawText("\n\n".join(blocks), MEDIA_TYPE, stated)


def _sheets(parts: dict[str, bytes], problems: list[str]) -> Iterator[Any]:
    import openpyxl

    book = openpyxl.load_workbook(packed(parts), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            # The stated size may be a lie of 16,384 columns.
            sheet.reset_dimensions()
            yield sheet
        else:
            problems.append(f"sheet '{sheet.title}' is hidden: not read")


def _read_rows(sheet: Any, left: int) -> tuple[list[list[str]], int]:
    """Return the values of a sheet's rows, and how many cells may still be read."""
    rows: list[list[str]] = []
    for _, cells in zip(range(_MOST_ROWS), sheet.iter_rows(), strict=False):
        values = _values(cells)
        filled = sum(map(bool, values))
        if filled:
            rows.append(values)
        left -= max(filled, len(cells) // _GAPS_A_CELL)
        if left <= 0:
            break
    return rows, left


def _lines(rows: list[list[str]]) -> Iterator[str]:
    """Yield rows as lines; those below the header name their columns.

    The first row as wide as a table may be its header. Two columns are often a form, which has
    none ("Phone | 123"), and a pair is clear without.
    """
    wide = next((at for at, row in enumerate(rows) if sum(map(bool, row)) >= _TABLE_WIDTH), None)
    if wide is None or wide == len(rows) - 1 or not is_header(rows[wide]):
        yield from named_lines(rows, [])
        return
    yield from named_lines(rows[:wide], [])
    yield from named_lines(rows[wide + 1 :], rows[wide])


def _values(cells: Iterable[Any]) -> list[str]:
    values = [_shown(cell.value, str(cell.number_format or "")) for cell in cells]
    while values and not values[-1]:
        values.pop()
    return values


def _shown(value: object, looks: str) -> str:
    """Return a value as text; ``looks`` is the cell's number format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) and looks.endswith("%"):
        return f"{value * 100:.12g}%"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    return " ".join(str(value).split())
