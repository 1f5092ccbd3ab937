"""Which text of a page counts: what hides goes, a scan's text layer stays, scans are recognised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from corpus.readers import ocr
from corpus.readers.pdf_file import PageText, PdfFile
from corpus.readers.pdf_furniture import Part
from corpus.readers.pdf_lines import line_of, rows_of
from corpus.readers.pdf_segments import Segment

MOST_OCR_PAGES = 200
OCR_SCALE = 300 / 72
# A page is a scan where pictures cover this share of it and no text stands inside its margins.
_COVERED = 0.5
_MARGIN = 0.12
_MOST_OCR_PIXELS_WIDE = 5000


@dataclass(frozen=True, slots=True)
class Shown:
    """What can be read of a page; ``paragraphs`` are given where Tesseract found them."""

    page: PageText
    hidden: tuple[Part, ...] = ()
    paragraphs: tuple[tuple[Segment, ...], ...] | None = None

    @property
    def is_scan(self) -> bool:
        """Tell whether the page is a picture, and nothing of it has been read."""
        return not self.page.segments and self.page.image_cover >= _COVERED


def shown_part(page: PageText) -> Shown:
    """Take out of a page what cannot be seen on it.

    Invisible text stays where it is the text layer of a scan: a picture covers most of the page,
    and at most its margins have visible text.
    """
    segments = list(page.segments)
    if page.image_cover >= _COVERED and not any(_is_inside(one, page) for one in segments):
        for one in segments:
            one.hidden = one.hidden and not _is_layer(one, page)
    hidden = [one for one in segments if one.hidden]
    parts = tuple(
        Part(
            page.number,
            row[0].box[1],
            line_of(row, page=page.number, region=0, left=0, right=0).text,
            "hidden text",
            tuple(row),
        )
        for row in rows_of(hidden)
    )
    visible = tuple(one for one in segments if not one.hidden)
    return Shown(replace(page, segments=visible), parts)


def _is_inside(segment: Segment, page: PageText) -> bool:
    edge = _MARGIN * page.height
    return not segment.hidden and segment.box[3] > edge and segment.box[1] < page.height - edge


def _is_layer(segment: Segment, page: PageText) -> bool:
    x0, y0, x1, y1 = segment.box
    inside = x1 > 0 and y1 > 0 and x0 < page.width and y0 < page.height
    return segment.style.invisible and segment.style.size >= 1 and inside


@dataclass(slots=True)
class _Tally:
    read: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


def recognise_scans(file: PdfFile, pages: Sequence[Shown]) -> tuple[list[Shown], tuple[str, ...]]:
    """Read the pages that are scans by OCR, and return all pages and remarks for the curator."""
    scans = [shown.page.number for shown in pages if shown.is_scan]
    if not scans:
        return list(pages), ()
    if not ocr.is_installed():
        return list(pages), (
            f"{_named(scans)} without text, only pictures (a scan): install Tesseract "
            "(tesseract-ocr) and add the file again",
        )
    tally = _Tally(left=scans[MOST_OCR_PAGES:])
    language = file.language()
    read = [
        _recognised(file, shown, language, tally)
        if shown.is_scan and shown.page.number not in tally.left
        else shown
        for shown in pages
    ]
    return read, _remarks(tally)


def _recognised(file: PdfFile, shown: Shown, language: str, tally: _Tally) -> Shown:
    number, wide = shown.page.number, max(shown.page.width, shown.page.height, 1.0)
    scale = min(OCR_SCALE, _MOST_OCR_PIXELS_WIDE / wide)
    try:
        picture = file.picture(number, scale=scale, grey=True)
        paragraphs = ocr.recognise(picture, scale=scale, language=language)
    except ocr.OcrFailed:
        tally.failed.append(number)
        return shown
    tally.read.append(number)
    segments = tuple(segment for paragraph in paragraphs for segment in paragraph)
    return replace(
        shown,
        page=replace(shown.page, segments=segments),
        paragraphs=tuple(map(tuple, paragraphs)),
    )


def _remarks(tally: _Tally) -> tuple[str, ...]:
    remarks: list[tuple[list[int], Callable[[str], str]]] = [
        (tally.read, lambda named: f"{named} read by OCR: check the text"),
        (tally.failed, lambda named: f"{named} not read, because OCR failed: add the file again"),
        (
            tally.left,
            lambda named: (
                f"{named} not read: OCR stops after {MOST_OCR_PAGES} pages of a file, so "
                "split it into smaller ones"
            ),
        ),
    ]
    return tuple(say(_named(numbers)) for numbers, say in remarks if numbers)


def _named(numbers: Sequence[int]) -> str:
    """Name pages in a sentence: "page 3 was", "pages 1-3, 7 were"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    names = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
    return f"page {names} was" if len(numbers) == 1 else f"pages {names} were"
