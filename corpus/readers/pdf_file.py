"""A PDF file, opened: its facts, the text of its pages and their pictures. Nothing of pdfium leaves
here; pdfium is not safe for threads, so one lock stands before everything."""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.pdf_frame import Frame, turned_back
from corpus.readers.pdf_picture import Picture, is_blank
from corpus.readers.pdf_segments import Segment, read_segments

_LOCK = threading.RLock()
# Some files have other bytes before their first line; programs look for it this far.
_HEAD = 1024
_MOST_PIXELS = 40_000_000
_LOOK_SCALE = 1.5
# Images under a text are searched this deep in drawings within drawings.
_IMAGE_DEPTH = 3


@dataclass(frozen=True, slots=True)
class PageText:
    """The segments of one page in the order of the file, and how large the page is, in points.

    ``image_cover`` is the share of the page that images cover, 0 to 1; it is looked up only where
    the page has no visible text, or invisible text as well.
    """

    number: int
    width: float
    height: float
    segments: tuple[Segment, ...]
    image_cover: float = 0.0


class PdfFile:
    """An open PDF; made by ``open_pdf``, whose ``with`` block it does not outlive."""

    def __init__(self, document: Any, name: str) -> None:
        self._document = document
        self._name = name
        self.pages: int = len(document)

    def info(self, key: str) -> str:
        """Return a field of the document information ("Title"), empty where it is missing."""
        try:
            return str(self._document.get_metadata_value(key))
        except UnicodeDecodeError:
            return ""

    def language(self) -> str:
        """Return the language that the document states, empty where it states none."""
        import pypdfium2.raw as pdfium

        buffer = (ctypes.c_ushort * 64)()
        size = pdfium.FPDFCatalog_GetLanguage(self._document.raw, buffer, ctypes.sizeof(buffer))
        text = bytes(buffer) if size <= ctypes.sizeof(buffer) else b""
        return text.decode("utf-16-le", "ignore").strip("\x00 ")

    def page_text(self, number: int, *, boxes: bool = False) -> PageText:
        """Return the text of a page, counted from 1; empty for a page that is damaged."""
        page = self._load(number)
        if page is None:
            return PageText(number, 0, 0, ())
        try:
            return _read_page(page, number, boxes=boxes)
        finally:
            page.close()

    def picture(self, number: int, *, scale: float, grey: bool = False) -> Picture:
        """Draw a page, ``scale`` pixels a point, smaller where that would be over 40 megapixels.

        Raises UnreadableFile where there is no such page, or it is damaged.
        """
        page = self._load(number)
        if page is None:
            raise UnreadableFile(
                f"{self._name} has no readable page {number} (it has {self.pages}). "
                "Open another page."
            )
        try:
            return _draw(page, scale=scale, grey=grey)
        finally:
            page.close()

    def page_size(self, number: int) -> tuple[float, float]:
        """Return a page's width and height in points, as it is shown; (0, 0) where damaged."""
        page = self._load(number)
        if page is None:
            return (0.0, 0.0)
        try:
            return _size(page)
        finally:
            page.close()

    def _load(self, number: int) -> Any:
        import pypdfium2

        if not 1 <= number <= self.pages:
            return None
        try:
            return self._document[number - 1]
        except pypdfium2.PdfiumError:
            return None


@contextlib.contextmanager
def open_pdf(data: bytes, *, name: str) -> Iterator[PdfFile]:
    """Open the bytes of a PDF; other threads wait until the block ends.

    Raises UnreadableFile: a password is needed, the file is no PDF or damaged, or it has no pages.
    """
    import pypdfium2

    if b"%PDF-" not in data[:_HEAD]:
        raise UnreadableFile(f"{name} is not a PDF, whatever its name says. Name a PDF file.")
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise _unreadable(name, error) from error
        try:
            if len(document) < 1:
                raise UnreadableFile(f"{name} is a PDF without pages. Save it again, and add that.")
            yield PdfFile(document, name)
        finally:
            document.close()


def _unreadable(name: str, error: Exception) -> UnreadableFile:
    import pypdfium2.raw as pdfium

    code = getattr(error, "err_code", None)
    if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return UnreadableFile(
            f"{name} is locked with a password. Save a copy without one, and add that."
        )
    return UnreadableFile(
        f"{name} is a damaged PDF: it could not be opened. Save or download it again."
    )


def _read_page(page: Any, number: int, *, boxes: bool) -> PageText:
    import pypdfium2

    size = _size(page)
    try:
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        return PageText(number, *size, ())
    try:
        frame = Frame(page.get_bbox(), page.get_rotation())
        segments = read_segments(
            text, to_shown=frame.to_shown, rotation=frame.rotation, size=size, boxes=boxes
        )
    finally:
        text.close()
    _hide_pale(page, segments)
    alone = all(segment.hidden for segment in segments)
    cover = (
        _image_cover(page, size)
        if alone or any(segment.style.invisible for segment in segments)
        else 0.0
    )
    return PageText(number, *size, tuple(segments), cover)


def _size(page: Any) -> tuple[float, float]:
    return (page.get_width(), page.get_height())


def _draw(page: Any, *, scale: float, grey: bool) -> Picture:
    width, height = _size(page)
    scale = min(scale, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=grey, rev_byteorder=True, prefer_bgrx=False)
    try:
        return Picture(
            bitmap.width, bitmap.height, bitmap.n_channels, bitmap.stride, bytes(bitmap.buffer)
        )
    finally:
        bitmap.close()


def _hide_pale(page: Any, segments: list[Segment]) -> None:
    """Mark as hidden what is so pale that nothing of it shows where the page is drawn."""
    pale = [one for one in segments if one.style.pale and not one.hidden]
    if not pale:
        return
    picture = _draw(page, scale=_LOOK_SCALE, grey=True)
    size = _size(page)
    for segment in pale:
        shown = turned_back(segment.box, segment.style.turn, size)
        segment.hidden = is_blank(picture, tuple(side * picture.width / size[0] for side in shown))


def _image_cover(page: Any, size: tuple[float, float]) -> float:
    import pypdfium2
    import pypdfium2.raw as pdfium

    frame = Frame(page.get_bbox(), page.get_rotation())
    area = 0.0
    try:
        for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_IMAGE_DEPTH):
            x0, y0, x1, y1 = frame.to_shown(item.get_bounds())
            wide = min(x1, size[0]) - max(x0, 0)
            area += max(0.0, wide) * max(0.0, min(y1, size[1]) - max(y0, 0))
    except pypdfium2.PdfiumError:
        pass
    return min(1.0, area / max(1.0, size[0] * size[1]))
