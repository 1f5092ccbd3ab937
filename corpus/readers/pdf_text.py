"""Blocks written out as text, each line with its page, and what was left out with its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.documents import Removed
from corpus.readers.pdf_blocks import BULLET, NUMBER, Block, Body
from corpus.readers.pdf_furniture import Part
from corpus.readers.pdf_tables import row_text
from corpus.readers.pdf_words import Vocabulary, join_lines, plain

# The title is so much larger than the text, on one of the first pages.
_TITLE = 1.3
_TITLE_PAGES = 2


@dataclass(slots=True)
class _Page:
    """Text being written: its lines, the page each begins on, and how far down it stands."""

    lines: list[str] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    tops: list[float] = field(default_factory=list)

    def add(self, text: str, page: int, top: float) -> None:
        self.lines.append(text)
        self.pages.append(page)
        self.tops.append(top)


def write_text(
    blocks: Sequence[Block], body: Body, words: Vocabulary, parts: Sequence[Part]
) -> tuple[str, tuple[int, ...], tuple[tuple[int, int, int], ...], tuple[Removed, ...]]:
    """Return the text, the page that each of its lines begins on, the breaks of pages inside lines
    (line, column, page), and ``parts`` as removed from it."""
    out = _Page()
    title = _title(blocks, body)
    before: Block | None = None
    breaks: list[tuple[int, int, int]] = []
    for block in blocks:
        if before and not (before.kind == block.kind == "item"):
            out.add("", out.pages[-1], out.tops[-1])
        for text, page, top in _written(block, words, is_title=block is title):
            out.add(text, page, top)
        if block.kind != "table":
            breaks += [(len(out.lines), *one) for one in _breaks(block, out.lines[-1], words)]
        before = block
    return "\n".join(out.lines), tuple(out.pages), tuple(breaks), _removed(out, parts)


def _title(blocks: Sequence[Block], body: Body) -> Block | None:
    headings = [
        block
        for block in blocks
        if block.kind == "heading"
        and block.lines[0].page <= _TITLE_PAGES
        and block.size >= _TITLE * body.size
    ]
    return max(headings, key=lambda block: block.size, default=None)


def _written(block: Block, words: Vocabulary, *, is_title: bool) -> list[tuple[str, int, float]]:
    first = block.lines[0]
    if block.kind == "table":
        return [(plain(row_text(row)), row.page, row.box[1]) for row in block.lines]
    text = join_lines([line.text for line in block.lines], words)
    if block.kind == "heading":
        text = ("# " if is_title else "## ") + text
    elif block.kind == "item":
        text = _item(text)
    return [(text, first.page, first.box[1])]


def _breaks(block: Block, written: str, words: Vocabulary) -> Iterator[tuple[int, int]]:
    """Yield the column in a block's one line at which each further page begins, and the page."""
    texts = [line.text for line in block.lines]
    # What was put in front of the text, or taken from it, as of a heading or an item.
    shift = len(written) - len(join_lines(texts, words))
    for at in range(1, len(texts)):
        if block.lines[at].page != block.lines[at - 1].page:
            before = join_lines(texts[:at], words).rstrip("-\u2010\u00ad")
            yield max(0, min(len(written), len(before) + 1 + shift)), block.lines[at].page


def _item(text: str) -> str:
    if bullet := BULLET.match(text):
        return "- " + text[bullet.end() :]
    if number := NUMBER.match(text):
        return f"{number[1]}. {text[number.end() :]}"
    return text


def _removed(out: _Page, parts: Sequence[Part]) -> tuple[Removed, ...]:
    places: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for at, (page, top) in enumerate(zip(out.pages, out.tops, strict=True), start=1):
        if out.lines[at - 1]:
            places[page].append((top, at))
    # A page without lines of its own passes to the next one's first line.
    firsts: dict[int, int] = {}
    first = len(out.lines) + 1
    for page in range(max([*places, *(part.page for part in parts)], default=0), -1, -1):
        firsts[page] = first = min((at for _, at in places.get(page, ())), default=first)
    return tuple(
        Removed(_line(part, places, firsts, len(out.lines) + 1), plain(part.text), part.reason)
        for part in sorted(parts, key=lambda part: (part.page, part.y))
    )


def _line(
    part: Part, places: dict[int, list[tuple[float, int]]], firsts: dict[int, int], end: int
) -> int:
    below = (at for top, at in places.get(part.page, ()) if top >= part.y)
    return min(below, default=firsts.get(part.page + 1, end))
