"""CSV and TSV tables: each row a line that names its columns.

A row such as ``Marsh | 2019 | 12`` means nothing to a search that finds it without its header, and
nothing to the reader of a quote. So a row is written ``Name: Marsh; Year: 2019; Boats: 12``, and
rows stand together in blocks of 20. A table without a header keeps ``Marsh | 2019 | 12``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from corpus.readers.raw import RawText, Stated
from corpus.readers.trees import reading_as

MOST_ROWS = 100_000
_SEPARATORS = ",;\t|"
_SNIFFED_LINES = 20
_BLOCK_ROWS = 20
_LONGEST_NAME = 80
_MOST_COLUMNS = 512
_LONGEST_CELL = 1_000_000
_VALUE = re.compile(r"[€$£%+\-()\s.,:/\d]*\d[€$£%+\-()\s.,:/\d]*")
_YEAR = re.compile(r"(?:19|20)\d\d")


def read_csv(text: str, *, name: str, tabs: bool = False, most_rows: int = MOST_ROWS) -> RawText:
    """Read a table; ``name`` is the file's, for messages; ``tabs`` tells that tabs part its cells.

    Of more than ``most_rows`` rows the first are read, and ``problems`` says so. Raises
    UnreadableFile.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    with reading_as("a table", name=name):
        separator = "\t" if tabs else _separator(text)
        rows = _rows(text, separator)
        first = next(rows, [])
        named = is_header(first)
        body = rows if named else chain([first], rows)
        lines = list(islice(named_lines(body, first if named else []), most_rows))
        more = next(rows, None) is not None
    media_type = "text/tab-separated-values" if separator == "\t" else "text/csv"
    problem = f"only the first {most_rows:,} rows were read: split the table"
    # A table that is nothing but a header still has its words.
    lines = lines or ([" | ".join(first)] if any(first) else [])
    blocks = ("\n".join(lines[at : at + _BLOCK_ROWS]) for at in range(0, len(lines), _BLOCK_ROWS))
    return RawText("\n\n".join(blocks), media_type, Stated(problems=(problem,) if more else ()))


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    # A quote that is never closed makes one cell of the rest, which has to fit.
    csv.field_size_limit(max(_LONGEST_CELL, len(text)))
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False):
        cells = [" ".join(cell.split()) for cell in row[:_MOST_COLUMNS]]
        if any(cells):
            yield cells


def named_lines(rows: Iterable[list[str]], header: Sequence[str]) -> Iterator[str]:
    """Yield rows as lines in which each value has the name of its column, if ``header`` has any."""
    for row in rows:
        names = [*header, *[""] * (len(row) - len(header))]
        pairs = zip(names, row, strict=False)
        cells = [f"{name}: {cell}" if name else cell for name, cell in pairs if cell]
        yield "; ".join(cells) if header else " | ".join(row).rstrip(" |")


def _separator(text: str) -> str:
    """Return the sign that parts the cells: the one that cuts the first lines most evenly."""
    lines = [line for line in islice(io.StringIO(text), _SNIFFED_LINES * 2) if line.strip()]
    sample = "".join(lines[:_SNIFFED_LINES])
    best, most = ",", (False, 1)
    for sign in _SEPARATORS:
        widths = [len(row) for row in csv.reader(io.StringIO(sample[:65_536]), delimiter=sign)]
        whole = widths[:-1] if len(sample) > 65_536 else widths
        even = (len(set(whole)) == 1, min(whole, default=1))
        if even[1] > 1 and even > most:
            best, most = sign, even
    return best


def is_header(row: Sequence[str]) -> bool:
    """Tell whether a first row names columns: each cell short, no two alike, none a number."""
    names = [cell for cell in row if cell]
    short = all(len(cell) <= _LONGEST_NAME for cell in names)
    return (
        bool(names) and short and len(set(names)) == len(names) and not any(map(_is_value, names))
    )


def _is_value(cell: str) -> bool:
    # A year may well be the name of a column.
    return bool(_VALUE.fullmatch(cell)) and not _YEAR.fullmatch(cell)
