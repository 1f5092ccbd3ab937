"""A document becomes passages: runs of whole sentences under one heading, with true offsets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Document
from index.passages import Passage, Sentence
from index.sentences import sentence_spans

VERSION = 3
"""Part of the index recipe: raise it when the same text would be split differently."""

PASSAGE_TOKENS = 180
"""Word pieces that a passage aims at, and that a sentence has at most, so that the model reads all
of it: all-MiniLM-L6-v2 reads 256."""

_READ_BY_DEFAULT = 256

_WHOLE = 1.5
"""A paragraph of up to this many times the aim is one passage, and not cut: half of one says less
of what it is about (``docs/decisions/021-what-the-ranker-does-not-gain-from.md``)."""

_HEADING = re.compile(r"(#{1,6}) (.*)")
_BLOCK = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")
_BULLET = re.compile(r" *(?:[-*•]|\d{1,3}[.)]) ")

TokenCounter = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence with its size and the section it is in, on its way into a passage.

    ``section`` counts headings: two sections of a document may have one name.
    """

    start: int
    end: int
    section: int
    heading: str
    tokens: int
    opens_block: bool


def passage_tokens(max_tokens: int) -> int:
    """Return the word pieces that a passage aims at for a model that reads ``max_tokens``: the same
    share for one that reads less, and no more for one that reads more."""
    return min(PASSAGE_TOKENS, max(1, max_tokens * PASSAGE_TOKENS // _READ_BY_DEFAULT))


def split(
    document: Document, count_tokens: TokenCounter, aim: int = PASSAGE_TOKENS
) -> tuple[Passage, ...]:
    """Cut ``document`` into passages of about ``aim`` word pieces.

    A passage never crosses a heading, holds whole sentences only, and ends where a paragraph ends
    unless that is longer than one and a half passages. Passages do not overlap; together they hold
    every sentence of the text.
    ``count_tokens`` is the embedding model's own count for each of some texts.
    """
    pieces = list(_pieces(document.text, count_tokens, aim))
    return tuple(_passage(document, group) for group in _groups(pieces, aim))


def _pieces(text: str, count_tokens: TokenCounter, aim: int) -> Iterator[_Piece]:
    section, heading = 0, ""
    for block in _BLOCK.finditer(text):
        matched = _HEADING.fullmatch(block.group())
        if matched:
            section, heading = section + 1, matched.group(2).strip()
            continue
        spans = list(_block_spans(text, block.start(), block.end()))
        sizes = count_tokens([text[start:end] for start, end in spans])
        first = True
        for (start, end), tokens in zip(spans, sizes, strict=True):
            for part_start, part_end, part in _fitting(text, start, end, tokens, count_tokens, aim):
                yield _Piece(part_start, part_end, section, heading, part, opens_block=first)
                first = False


def _block_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of one block; in a list or a table each line stands for itself."""
    position = start
    for line in text[start:end].split("\n"):
        bullet = _BULLET.match(line)
        inner = position + (bullet.end() if bullet else 0)
        yield from sentence_spans(text, inner, position + len(line))
        position += len(line) + 1


def _fitting(
    text: str, start: int, end: int, tokens: int, count_tokens: TokenCounter, aim: int
) -> Iterator[tuple[int, int, int]]:
    """Cut a sentence that the model could not read whole (tables, lists without stops) at spaces.

    Equal shares of its characters are about equal shares of its tokens; a part that is still too
    large is cut again.
    """
    if tokens <= aim or end - start == 1:
        yield start, end, tokens
        return
    parts = list(_shares(text, start, end, -(-tokens // aim)))
    sizes = count_tokens([text[left:right] for left, right in parts])
    for (left, right), size in zip(parts, sizes, strict=True):
        yield from _fitting(text, left, right, size, count_tokens, aim)


def _shares(text: str, start: int, end: int, shares: int) -> Iterator[tuple[int, int]]:
    """Yield ``shares`` parts or a few more, of about one length, without spaces at their ends."""
    width = -(-(end - start) // shares)
    while start < end:
        stop = min(start + width, end)
        if stop < end:
            space = text.rfind(" ", start + 1, stop)
            stop = space if space > start else stop
        yield start, start + len(text[start:stop].rstrip())
        start = end - len(text[stop:end].lstrip())


def _groups(pieces: Sequence[_Piece], aim: int) -> Iterator[list[_Piece]]:
    """Fill passages greedily, moving a paragraph that does not fit to the next passage whole."""
    group: list[_Piece] = []
    size, limit, longest = 0, aim, int(aim * _WHOLE)
    for position, piece in enumerate(pieces):
        ahead = _block_tokens(pieces, position, longest) if piece.opens_block else piece.tokens
        needed = ahead if ahead <= longest else piece.tokens
        if group and (piece.section != group[0].section or size + needed > limit):
            yield group
            group, size = [], 0
        if not group:
            limit = max(aim, needed)
        group.append(piece)
        size += piece.tokens
    if group:
        yield group


def _block_tokens(pieces: Sequence[_Piece], position: int, most: int) -> int:
    tokens = pieces[position].tokens
    for piece in pieces[position + 1 :]:
        if piece.opens_block or tokens > most:
            break
        tokens += piece.tokens
    return tokens


def _passage(document: Document, group: Sequence[_Piece]) -> Passage:
    start, end = group[0].start, group[-1].end
    return Passage(
        id=f"{document.id}:{start}-{end}",
        document_id=document.id,
        start=start,
        end=end,
        heading=group[0].heading,
        sentences=tuple(Sentence(piece.start, piece.end) for piece in group),
    )
