"""Where a quote stands on the pages of a PDF, and a picture of a page to show it on."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.readers.pdf_file import PdfFile, open_pdf
from corpus.readers.pdf_frame import Box
from corpus.readers.pdf_layout import read_lines
from corpus.readers.pdf_lines import surround
from corpus.readers.pdf_pages import shown_part

# A paragraph is one line of a document's text, which names the page where it begins.
_PAGES_LOOKED_AT = 3
# A quote's first part may agree with a page's footer by chance, for a few characters.
_CHANCE = 40
_WIDTHS = (16, 4_000)


@dataclass(frozen=True, slots=True)
class Place:
    """The part of a quote that stands on one page, counted from 1.

    ``width``, ``height`` and ``boxes`` (x0, y0, x1, y1, one for each line of the quote) are in
    points, from the top left corner of the page as it is shown. A scan has no boxes.
    """

    page: int
    width: float
    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _Stream:
    """The letters and digits of a page in reading order, each with its box and its line."""

    page: int
    size: tuple[float, float]
    letters: str
    boxes: Sequence[Box]
    lines: Sequence[int]
    is_scan: bool

    def is_line_end(self, at: int) -> bool:
        """Tell whether a line ends before a letter."""
        return at in (0, len(self.lines)) or self.lines[at - 1] != self.lines[at]


def find_place(path: Path, quote: str, *, page: int) -> tuple[Place, ...]:
    """Return where a quote stands, one place a page: two where it runs over, none if not found.

    It is looked for on ``page`` and the next two, its first occurrence counting. Only letters and
    digits are compared, so that spaces, hyphens, ligatures, accents and case make no difference.
    For a scan, whose words have no place, its page is returned without boxes. Raises
    UnreadableFile where the PDF cannot be read.
    """
    wanted = _letters(quote)
    if not wanted or page < 1:
        return ()
    with open_pdf(_data(path), name=str(path)) as file:
        streams: list[_Stream] = []
        for number in range(page, min(page + _PAGES_LOOKED_AT, file.pages + 1)):
            streams.append(stream := _stream(file, number))
            start = stream.letters.find(wanted)
            if start >= 0:
                return (_place(stream, start, start + len(wanted)),)
    for stream, following in pairwise(streams):
        if places := _over_two_pages(wanted, stream, following):
            return places
    if streams and streams[0].is_scan:
        return (Place(page, *streams[0].size, ()),)
    return ()


def page_image(path: Path, page: int, *, width_px: int) -> bytes:
    """Return a page, counted from 1, as PNG; ``width_px`` is kept between 16 and 4,000.

    Raises UnreadableFile where the PDF, or that page of it, cannot be read.
    """
    from corpus.readers.pdf_picture import to_png

    least, most = _WIDTHS
    with open_pdf(_data(path), name=str(path)) as file:
        width, _ = file.page_size(page)
        scale = min(max(width_px, least), most) / max(width, 1.0)
        return to_png(file.picture(page, scale=scale))


def _data(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(f"There is no file {path}. Run a sync to bring it up.") from error
    except OSError as error:
        raise UnreadableFile(f"{path} could not be read: {error.strerror}. Try again.") from error


def _letters(text: str) -> str:
    """Return the letters and digits of a text, taken apart from their accents, in lower case."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return "".join(char for char in text.casefold() if char.isalnum())


def _stream(file: PdfFile, number: int) -> _Stream:
    shown = shown_part(file.page_text(number, boxes=True))
    letters: list[str] = []
    boxes: list[Box] = []
    lines: list[int] = []
    for at, line in enumerate(read_lines(shown.page.segments, page=number)):
        for char, box in zip(line.text, line.boxes, strict=True):
            plain = _letters(char)
            letters.append(plain)
            boxes += [box] * len(plain)
            lines += [at] * len(plain)
    size = (shown.page.width, shown.page.height)
    return _Stream(number, size, "".join(letters), boxes, lines, shown.is_scan)


def _place(stream: _Stream, start: int, end: int) -> Place:
    parts: dict[int, list[Box]] = {}
    for line, box in zip(stream.lines[start:end], stream.boxes[start:end], strict=True):
        parts.setdefault(line, []).append(box)
    return Place(stream.page, *stream.size, tuple(surround(part) for part in parts.values()))


def _over_two_pages(wanted: str, stream: _Stream, following: _Stream) -> tuple[Place, ...]:
    longest = _longest_start(wanted, stream.letters)
    for cut in range(longest, max(0, longest - _CHANCE), -1):
        # What goes on stands as near to the end of its page as it can.
        start = stream.letters.rfind(wanted[:cut])
        rest = following.letters.find(wanted[cut:])
        if rest >= 0 and stream.is_line_end(start + cut) and following.is_line_end(rest):
            first = _place(stream, start, start + cut)
            return (first, _place(following, rest, rest + len(wanted) - cut))
    return ()


def _longest_start(wanted: str, letters: str) -> int:
    """Return how many of the first letters of ``wanted`` stand together in ``letters``."""
    low, high = 0, len(wanted) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if wanted[:middle] in letters:
            low = middle
        else:
            high = middle - 1
    return low
