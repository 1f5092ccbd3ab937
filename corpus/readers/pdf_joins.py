"""Paragraphs that go on in the next column or on the next page, made whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.readers.pdf_blocks import ENDING, Block, is_full, is_same_size

_JUSTIFIED_LINES = 3
# Lines; what is longer than two full pages is no paragraph (a listing, say) and goes page by page.
_LONGEST_PARAGRAPH = 120


def join_blocks(blocks: Sequence[Block]) -> list[Block]:
    """Join a paragraph that goes on in the next column or on the next page.

    Smaller text between (footnotes) is passed over, and comes behind the paragraph.
    """
    joined: list[Block] = []
    for block in blocks:
        new_region = bool(joined) and block.lines[0].region != joined[-1].last.region
        at = _open_block(joined, block) if new_region else None
        if at is None:
            joined.append(block)
        else:
            joined[at] = replace(joined[at], lines=joined[at].lines + block.lines)
    return joined


def _open_block(blocks: Sequence[Block], block: Block) -> int | None:
    if block.kind != "paragraph":
        return None
    region = blocks[-1].last.region
    for at in range(len(blocks) - 1, -1, -1):
        before = blocks[at]
        if before.last.region != region:
            return None
        if is_same_size(before.last, block.lines[0]):
            return at if _goes_on(before, block) else None
        if before.size > block.size:
            return None
    return None


def _goes_on(before: Block, block: Block) -> bool:
    if before.kind not in ("paragraph", "item") or before.last.bold != block.lines[0].bold:
        return False
    if len(before.lines) > _LONGEST_PARAGRAPH:
        return False
    first = block.lines[0].text[0]
    if first.islower() or before.last.text[-1] in "-\u2010\u00ad":
        return True
    if ENDING.search(before.last.text):
        return _is_flush(before) and block.lines[0].box[0] <= block.lines[0].left + 1
    return is_full(before.last)


def _is_flush(block: Block) -> bool:
    """Tell whether all lines of justified text end at one edge; a paragraph's last rarely does."""
    ends = [line.right - line.box[2] for line in block.lines]
    return len(ends) >= _JUSTIFIED_LINES and max(ends) <= 1
