"""Plain tables for a terminal, and numbers as reports show them."""

from __future__ import annotations

from collections.abc import Sequence

UNDEFINED = "n/a"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines: the first column aligned left, the others right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def number(metric: str, value: float | None) -> str:
    """Return a metric's value as text: whole or tenths of milliseconds, else three decimals."""
    if value is None:
        return UNDEFINED
    return f"{value:.1f}" if metric.endswith("_ms") else f"{value:.3f}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [row[0].ljust(widths[0])]
    cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
    return "  ".join(cells).rstrip()
