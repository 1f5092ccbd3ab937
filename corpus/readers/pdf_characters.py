"""The characters of a PDF page, each with its box and its style, read from pdfium one by one."""

from __future__ import annotations

import ctypes
import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from corpus.readers.pdf_frame import Box

_PALE = 215
_INVISIBLE_MODES = (3, 7)
# pdfium's own marks for a hyphen at a line's end, and the bullets of symbol fonts.
_SPECIAL = {0x02: "-", 0xFFFE: "-"} | dict.fromkeys(
    (0xF0B7, 0xF0A7, 0xF076, 0xF0D8, 0xF0FC, 0xF0A8), "•"
)
# Points; no page is so large, and a box out there is a damaged one.
_FAR = 1e6
_BLANKS = frozenset((0, 9, 10, 13, 32, 0xA0))


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text is drawn: ``size`` in points, ``turn`` in quarter turns."""

    size: float
    bold: bool = False
    turn: int = 0
    invisible: bool = False
    pale: bool = False


def characters(textpage: Any, turned: int) -> Iterator[tuple[str, Box | None, Style | None]]:
    """Yield each character with its box in the file's frame; blanks have neither box nor style.

    ``turned`` is by how many quarter turns clockwise the page is shown.
    """
    import pypdfium2.raw as pdfium

    read = _fast_calls()
    unicode_at, object_at, box_at = read.unicode, read.object, read.box
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value
    rect = pdfium.FS_RECTF()
    place = ctypes.addressof(rect)
    styles: dict[int | None, Style] = {}
    style: Style | None = None
    last: int | None = None
    high = 0
    for at in range(pdfium.FPDFText_CountChars(textpage.raw)):
        code = unicode_at(handle, at)
        if code in _BLANKS:
            yield " ", None, None
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
            high = 0
        key = object_at(handle, at)
        if style is None or key != last:
            style = styles.get(key)
            if style is None:
                style = styles[key] = _style(textpage, at, key, turned)
            last = key
        box_at(handle, at, place)
        left, bottom, right, top = box = (rect.left, rect.bottom, rect.right, rect.top)
        if not (-_FAR < left <= right < _FAR and -_FAR < bottom < top < _FAR):
            box = _plain_box(textpage, at)
        char = _SPECIAL[code] if code in _SPECIAL else chr(min(code, 0x10FFFF))
        yield char, box, style


def _plain_box(textpage: Any, at: int) -> Box:
    import pypdfium2.raw as pdfium

    sides = [ctypes.c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(textpage.raw, at, *sides)
    left, right, bottom, top = (s.value if math.isfinite(s.value) else 0.0 for s in sides)
    return (left, bottom, right, top)


@dataclass(frozen=True, slots=True)
class _Calls:
    unicode: Callable[..., int]
    object: Callable[..., int | None]
    box: Callable[..., int]


@functools.cache
def _fast_calls() -> _Calls:
    """Return the three calls made for each character, with pointers as plain numbers: that takes
    a third of the time of the declared prototypes."""
    import pypdfium2.raw as pdfium

    pointer, number = ctypes.c_void_p, ctypes.c_int

    def plain(function: Any, result: Any, *arguments: Any) -> Any:
        address = ctypes.cast(function, pointer).value
        assert address is not None
        return ctypes.CFUNCTYPE(result, *arguments)(address)

    return _Calls(
        plain(pdfium.FPDFText_GetUnicode, ctypes.c_uint, pointer, number),
        plain(pdfium.FPDFText_GetTextObject, pointer, pointer, number),
        plain(pdfium.FPDFText_GetLooseCharBox, number, pointer, number, pointer),
    )


def _style(textpage: Any, at: int, key: int | None, turned: int) -> Style:
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0)
    pdfium.FPDFText_GetMatrix(textpage.raw, at, matrix)
    size = pdfium.FPDFText_GetFontSize(textpage.raw, at) * math.hypot(matrix.c, matrix.d)
    turn = (round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) - turned) % 4
    size = abs(size) if math.isfinite(size) else 0.0
    if not key:
        return Style(round(size, 1), turn=turn)
    item = ctypes.cast(key, pdfium.FPDF_PAGEOBJECT)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
    bold = mode == 2 or _is_bold(pdfium.FPDFTextObj_GetFont(item))
    invisible, pale = mode in _INVISIBLE_MODES, _is_pale(item, mode)
    return Style(round(size, 1), bold, turn, invisible, pale)


def _is_bold(font: Any) -> bool:
    import pypdfium2.raw as pdfium

    if not font:
        return False
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, name, 128)
    words = name.value.lower()
    return any(word in words for word in (b"bold", b"black", b"heavy", b"-demi", b"cmbx"))


def _is_pale(item: Any, mode: int) -> bool:
    """Tell whether a text is so light, or so transparent, that white paper may hide it."""
    import pypdfium2.raw as pdfium

    parts = [ctypes.c_uint() for _ in range(4)]
    colour = pdfium.FPDFPageObj_GetStrokeColor if mode == 1 else pdfium.FPDFPageObj_GetFillColor
    if not colour(item, *parts):
        return False
    red, green, blue, alpha = (part.value for part in parts)
    return min(red, green, blue) >= _PALE or alpha < 40
