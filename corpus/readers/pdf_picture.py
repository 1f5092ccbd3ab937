"""The picture of a page: its pixels, as PNG, and whether a part of it shows anything."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

# Paper and pale ink differ by less than this many of 255 grey levels where nothing can be read.
_LEAST_CONTRAST = 24


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of ``stride`` bytes from the top, ``channels`` bytes a pixel: 1 is grey, 3 is RGB."""

    width: int
    height: int
    channels: int
    stride: int
    pixels: bytes


def to_png(picture: Picture, *, level: int = 6) -> bytes:
    """Return a picture as PNG; ``level`` 1 is quick, 9 is small."""
    wide = picture.width * picture.channels
    rows = bytearray()
    for at in range(0, picture.height * picture.stride, picture.stride):
        rows += b"\x00"
        rows += picture.pixels[at : at + wide]
    colour = {1: 0, 3: 2}[picture.channels]
    head = struct.pack(">IIBBBBB", picture.width, picture.height, 8, colour, 0, 0, 0)
    body = zlib.compress(bytes(rows), level)
    parts = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, data) for kind, data in parts)


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def is_blank(picture: Picture, box: Sequence[float]) -> bool:
    """Tell whether the part of a grey picture within x0, y0, x1, y1 (pixels) shows nothing."""
    x0, x1 = max(0, int(box[0])), min(picture.width, int(box[2]) + 1)
    y0, y1 = max(0, int(box[1])), min(picture.height, int(box[3]) + 1)
    rows = [
        picture.pixels[y * picture.stride + x0 : y * picture.stride + x1] for y in range(y0, y1)
    ]
    rows = [row for row in rows if row]
    if not rows:
        return True
    return max(map(max, rows)) - min(map(min, rows)) < _LEAST_CONTRAST
