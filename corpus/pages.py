"""Which page a character of a document is on, carried through cleaning and describing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence


def page_starts(
    text: str,
    *,
    cleaned: str,
    line_numbers: Sequence[int],
    line_pages: Sequence[int],
    page_breaks: Sequence[tuple[int, int, int]] = (),
) -> tuple[int, ...]:
    """Return the offset in ``text`` at which each page begins; empty where there are no pages.

    ``cleaned`` is the text before its head lines (title, date) were taken out, ``line_numbers``
    the number in the raw text of each of its lines (0 for a line that was put back), and
    ``line_pages`` the page that each raw line begins on; ``page_breaks`` are the line, column and
    page of each break inside a line. A page without text begins where the next one does.
    """
    if not line_pages:
        return ()
    breaks: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, column, page in page_breaks:
        breaks[number].append((column, page))
    starts: list[int] = []
    offset = 0
    lines = text.split("\n")
    for line, number in zip(lines, _raw_numbers(lines, cleaned, line_numbers), strict=True):
        if 0 < number <= len(line_pages):
            starts += [offset] * (line_pages[number - 1] - len(starts))
        for column, page in breaks[number]:
            # Cleaning may have shortened the line.
            starts += [offset + min(column, len(line))] * (page - len(starts))
        offset += len(line) + 1
    last = max([*line_pages, *(page for _, _, page in page_breaks)])
    starts += [len(text)] * (last - len(starts))
    return tuple(starts)


def _raw_numbers(lines: Sequence[str], cleaned: str, line_numbers: Sequence[int]) -> list[int]:
    """Return the raw number of each line. Lines only ever went, so matching from the end, where
    nothing is taken out, finds each line's own."""
    numbers = [0] * len(lines)
    place = len(lines) - 1
    for line, number in zip(reversed(cleaned.split("\n")), reversed(line_numbers), strict=True):
        if place >= 0 and lines[place] == line:
            numbers[place] = number
            place -= 1
    return numbers
