"""Page headers, footers and page numbers: what comes back near the edge of page after page.

Rows are compared with their numbers masked. One is furniture where the same words stand on
several pages, or where one of its numbers counts the pages.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.readers.pdf_file import PageText
from corpus.readers.pdf_lines import line_of, rows_of
from corpus.readers.pdf_segments import Segment

# Furniture stands in this share of the height at both ends, among the outermost rows.
_MARGIN = 0.15
_ROWS = 3
# On so many pages; in a document of up to four pages two are enough.
_FEW_PAGES = 4
_SAME_HEIGHT = 3.0
# A chapter's heading may look like a header that counts; headers are not so large.
_LARGEST = 1.2
_PROSE_WORDS = 6
# The space between two lines of one text, in heights of a line.
_TIGHT = 0.7
_NUMBER = re.compile(r"\d{1,6}")
_ROMAN = re.compile(r"(?=[ivxlc])(?:xc|xl|l?x{0,3}|c{1,3}(?:xc|xl|l?x{0,3}))(?:ix|iv|v?i{0,3})")
_ONLY_NUMBER = re.compile(
    r"(?:page|p\.|seite|pag\.?|pagina|página|side|sida)?\W*#\W*(?:(?:of|/|von|de|av)\W*#)?\W*"
)
_PAGE_OF = re.compile(r"(?:page|seite|pagina|página|side|sida)\s+#(?:\s*(?:of|/|von|de|av)\s*#)?")
_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page that is no part of its text; ``y`` is where it stands, from the top."""

    page: int
    y: float
    text: str
    reason: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    page: int
    zone: str
    y: float
    text: str
    masked: str
    numbers: tuple[int, ...]
    segments: tuple[Segment, ...]
    is_prose: bool = False


def find_furniture(pages: Sequence[PageText], *, body_size: float) -> list[Part]:
    """Return the headers, footers and page numbers of all pages, page by page."""
    rows = [row for page in pages for row in _edge_rows(page, body_size)]
    groups: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in rows:
        groups[row.zone, row.masked].append(row)
    least = 2 if len(pages) <= _FEW_PAGES else 3
    found: list[_Row] = []
    shifts: dict[int, list[float]] = defaultdict(list)
    for group in groups.values():
        repeated, shift = _repeated(group, least)
        found += repeated
        if shift is not None:
            shifts[shift] += {round(row.y, 1) for row in repeated}
    taken = set(map(id, found))
    found += [row for row in rows if id(row) not in taken and _is_counted(row, shifts)]
    return [_part(row) for row in sorted(found, key=lambda row: (row.page, row.y))]


def _edge_rows(page: PageText, body_size: float) -> Iterator[_Row]:
    shown = [one for one in page.segments if not one.hidden]
    if not shown:
        return
    turns = Counter(one.style.turn for one in shown)
    turn = turns.most_common(1)[0][0]
    height = page.width if turn % 2 else page.height
    high = [one for one in shown if one.style.turn == turn and one.box[3] <= _MARGIN * height]
    low = [one for one in shown if one.style.turn == turn and one.box[1] >= (1 - _MARGIN) * height]
    aside = [one for one in shown if one.style.turn != turn]
    for zone, rows in (
        ("header", rows_of(high)[:_ROWS]),
        ("footer", rows_of(low)[-_ROWS:]),
        ("aside", [[one] for one in aside]),
    ):
        for row in rows:
            made = _row(page.number, zone, row)
            made = replace(made, is_prose=_is_prose(made, shown))
            if row[0].style.size <= _LARGEST * body_size or _ONLY_NUMBER.fullmatch(made.masked):
                yield made


def _is_prose(row: _Row, shown: Sequence[Segment]) -> bool:
    """Tell whether a row runs on into its neighbour as text does: it breaks a word, or it is long
    and no further from the next row than lines are."""
    if len(row.text.split()) < _PROSE_WORDS:
        return False
    if row.text.rstrip().endswith(("-", "\u2010", "\u00ad")):
        return True
    top = min(one.box[1] for one in row.segments)
    bottom = max(one.box[3] for one in row.segments)
    gaps = [top - one.box[3] for one in shown if one.box[3] <= top]
    gaps += [one.box[1] - bottom for one in shown if one.box[1] >= bottom]
    return min(gaps, default=bottom) < _TIGHT * (bottom - top)


def _row(page: int, zone: str, segments: Sequence[Segment]) -> _Row:
    text = line_of(segments, page=page, region=0, left=0, right=0).text
    top = segments[0].box[1]
    plain = " ".join(text.casefold().split())
    roman = plain.strip("-–—.[]() ")
    if roman and _ROMAN.fullmatch(roman):
        return _Row(page, zone, top, text, "#", (_roman(roman),), tuple(segments))
    numbers = tuple(int(number) for number in _NUMBER.findall(plain))
    return _Row(page, zone, top, text, _NUMBER.sub("#", plain), numbers, tuple(segments))


def _roman(text: str) -> int:
    values = [_DIGITS[char] for char in text]
    return sum(
        -value if value < after else value
        for value, after in zip(values, [*values[1:], 0], strict=True)
    )


def _repeated(group: Sequence[_Row], least: int) -> tuple[list[_Row], int | None]:
    """Return the rows of a group that are furniture, and by how much its numbers differ from the
    pages' own where they count the pages."""
    if len({row.page for row in group}) < least:
        return [], None
    # What counts the pages may be an entry of a form; what says the same everywhere is no text.
    free = [row for row in group if not row.is_prose]
    shift, counting = _counting(free)
    if len({row.page for row in counting}) >= least:
        # Rows of the same form that miss the count by a page (a plate, a blank) go as well.
        enough = 2 * len(counting) >= len(free)
        return (free if enough else counting), shift
    same = Counter(row.text.casefold() for row in group)
    bare = _ONLY_NUMBER.fullmatch(group[0].masked) or not any(map(str.isalnum, group[0].masked))
    if bare:
        return [], None
    return [
        row
        for row in group
        # A form says the same in the middle of its sentences, too.
        if same[row.text.casefold()] >= least and not (row.is_prose and row.text[:1].islower())
    ], None


def _counting(group: Sequence[_Row]) -> tuple[int | None, list[_Row]]:
    places = min((len(row.numbers) for row in group), default=0)
    votes = Counter((at, row.numbers[at] - row.page) for row in group for at in range(places))
    if not votes:
        return None, []
    (at, shift), _ = votes.most_common(1)[0]
    return shift, [row for row in group if row.numbers[at] - row.page == shift]


def _is_counted(row: _Row, shifts: Mapping[int, Sequence[float]]) -> bool:
    """Tell whether a row that came back too seldom has a number that counts the pages: it stands
    alone, or at the height of other rows that do."""
    if row.is_prose:
        return False
    if _PAGE_OF.fullmatch(row.masked) and not shifts:
        return True
    heights = [at for number in row.numbers for at in shifts.get(number - row.page, ())]
    if _ONLY_NUMBER.fullmatch(row.masked):
        return bool(heights)
    return any(abs(height - row.y) <= _SAME_HEIGHT for height in heights)


def _part(row: _Row) -> Part:
    number = _ONLY_NUMBER.fullmatch(row.masked)
    reason = "page number" if number else "page footer" if row.zone == "footer" else "page header"
    return Part(row.page, row.y, row.text, reason, row.segments)
