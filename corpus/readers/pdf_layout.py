"""The order in which a page is read: columns from left to right, within them from the top.

A page is cut where a gutter runs between two columns of prose; what crosses the gutter (a title,
a wide figure's caption) parts it into bands. Tables have short cells, so they are never cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from corpus.readers.pdf_lines import Line, line_of, rows_of, surround
from corpus.readers.pdf_segments import Segment

# A gutter is at least so wide (points), and so far from the sides (share of the width).
_GUTTER = 7.0
_MARGIN = 0.12
_BINS = 600
# Where a gutter runs, at most this share of the lines on either side crosses it.
_CROSSING = 0.6
_TRIES = 3
# A column of prose: so many rows, so many characters in each, most of them this full.
_ROWS = 3
_CHARACTERS = 14
_FULL = 0.55
_SHARED_HEIGHT = 0.4
_DEPTH = 6
_CLOSE = 0.6
_SAME_SIZE = 0.1


def read_lines(segments: Sequence[Segment], *, page: int, region: int = 0) -> list[Line]:
    """Return the lines of a page in reading order; its regions are numbered from ``region``.

    Text that is turned another way than most of the page comes last.
    """
    lines: list[Line] = []
    for upright in _by_turn(segments):
        for part in _cut(upright, _DEPTH):
            left, _, right, _ = surround([segment.box for segment in part])
            lines += [
                line_of(row, page=page, region=region, left=left, right=right)
                for row in rows_of(part)
            ]
            region += 1
    return lines


def _by_turn(segments: Sequence[Segment]) -> list[list[Segment]]:
    turns: dict[int, list[Segment]] = {}
    for segment in segments:
        turns.setdefault(segment.style.turn, []).append(segment)
    return sorted(turns.values(), key=lambda part: -sum(len(one.text) for one in part))


def _cut(segments: list[Segment], depth: int) -> list[list[Segment]]:
    if depth:
        for gutter in _gutters(segments):
            bands = list(_bands(segments, gutter))
            if any(len(band) > 1 for band in bands):
                parts = [part for band in bands for part in band]
                return [leaf for part in parts for leaf in _cut(part, depth - 1)]
    return [segments] if segments else []


def _gutters(segments: Sequence[Segment]) -> list[float]:
    """Return the middles of the likeliest gutters, the one that fewest segments cross first."""
    if len(segments) < 2 * _ROWS:
        return []
    left, _, right, _ = surround([segment.box for segment in segments])
    step = max(1.0, (right - left) / _BINS)
    cover = _cover(segments, left, step, int((right - left) / step) + 2)
    edge = int(_MARGIN * len(cover))
    found: list[tuple[int, float, float]] = []
    for start, end in _valleys(cover, edge):
        # Half a step to both sides is lost to rounding.
        if (end - start + 1) * step >= _GUTTER:
            middle = left + (start + end) / 2 * step
            found.append((cover[start], abs(middle - (left + right) / 2), middle))
    return [middle for _, _, middle in sorted(found)[:_TRIES]]


def _cover(segments: Sequence[Segment], left: float, step: float, bins: int) -> list[int]:
    """Count, for each strip of the width, the segments that stand over it."""
    changes = [0] * (bins + 1)
    for segment in segments:
        changes[int((segment.box[0] - left) / step)] += 1
        changes[int((segment.box[2] - left) / step) + 1] -= 1
    cover, height = [], 0
    for change in changes[:bins]:
        height += change
        cover.append(height)
    return cover


def _valleys(cover: Sequence[int], edge: int) -> Iterator[tuple[int, int]]:
    """Yield first and last strip of each level stretch that lies well below both its sides."""
    highest_before = [0]
    for height in cover:
        highest_before.append(max(highest_before[-1], height))
    highest_behind = [0]
    for height in reversed(cover):
        highest_behind.append(max(highest_behind[-1], height))
    start = edge
    while start < len(cover) - edge:
        end = start
        while end + 1 < len(cover) and cover[end + 1] == cover[start]:
            end += 1
        sides = min(highest_before[start], highest_behind[len(cover) - 1 - end])
        if cover[start] <= _CROSSING * sides and end < len(cover) - edge:
            yield start, end
        start = end + 1


def _bands(segments: Sequence[Segment], gutter: float) -> Iterator[list[list[Segment]]]:
    """Yield the strips of the page from the top, each with its columns: one or two.

    Rows that cross the gutter part the page; what lies between without columns joins them.
    """
    plain: list[Segment] = []
    for crossing, part in _between_crossings(segments, gutter):
        left = [one for one in part if one.box[2] <= gutter]
        right = [one for one in part if one.box[2] > gutter]
        if crossing or not _are_columns(left, right):
            plain += part
            continue
        if plain:
            yield [plain]
        plain = []
        yield [left, right]
    if plain:
        yield [plain]


def _between_crossings(
    segments: Sequence[Segment], gutter: float
) -> Iterator[tuple[bool, list[Segment]]]:
    group: list[Segment] = []
    was = False
    for row in rows_of(segments):
        crossing = any(one.box[0] < gutter < one.box[2] for one in row)
        crossing = crossing or (was and _goes_on(group, row, gutter))
        if group and crossing != was:
            yield was, group
            group = []
        was = crossing
        group += row
    if group:
        yield was, group


def _goes_on(group: Sequence[Segment], row: Sequence[Segment], gutter: float) -> bool:
    """Tell whether a row is the short last line of wide text: alone on the left, close below it,
    and of its size."""
    before, after = group[-1], row[-1]
    size = before.style.size
    return (
        after.box[2] <= gutter
        and after.box[1] - before.box[3] <= _CLOSE * size
        and abs(after.style.size - size) <= _SAME_SIZE * size
    )


def _are_columns(left: list[Segment], right: list[Segment]) -> bool:
    if not (_is_prose(left) and _is_prose(right)):
        return False
    _, top, _, bottom = surround([one.box for one in left])
    _, other_top, _, other_bottom = surround([one.box for one in right])
    shared = min(bottom, other_bottom) - max(top, other_top)
    return shared >= _SHARED_HEIGHT * min(bottom - top, other_bottom - other_top)


def _is_prose(segments: list[Segment]) -> bool:
    rows = rows_of(segments)
    if len(rows) < _ROWS:
        return False
    characters = sum(len(segment.text) for segment in segments)
    if characters < _CHARACTERS * len(rows):
        return False
    left, _, right, _ = surround([segment.box for segment in segments])
    widths = [row[-1].box[2] - row[0].box[0] for row in rows]
    return median(widths) >= _FULL * (right - left)
