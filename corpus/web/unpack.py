"""gzip, unpacked up to a limit: nothing larger is ever held in memory."""

from __future__ import annotations

import zlib

_GZIP = 16 + zlib.MAX_WBITS
_MAGIC = b"\x1f\x8b"


def is_gzip(data: bytes) -> bool:
    """Tell whether ``data`` begins as gzip does."""
    return data.startswith(_MAGIC)


def gunzip(data: bytes, *, most: int, cut: bool = False) -> bytes | None:
    """Unpack gzip data; None where it unpacks to more than ``most`` bytes.

    ``cut`` gives the first ``most`` bytes instead, and what can be had of data that is broken
    off. Raises ValueError where the data is not gzip, or ends too early.
    """
    out = bytearray()
    rest = data
    while rest.startswith(_MAGIC):
        member = zlib.decompressobj(_GZIP)
        try:
            out += member.decompress(rest, most + 1 - len(out))
        except zlib.error as error:
            raise ValueError("the gzip data is damaged") from error
        if len(out) > most:
            return bytes(out[:most]) if cut else None
        if not member.eof:
            if cut:
                break
            raise ValueError("IncompleteRead: the gzip data ends too early")
        # Padding, or whatever else follows the last member, is no part of the file.
        rest = member.unused_data
    if not out and not data.startswith(_MAGIC):
        raise ValueError("the data is not gzip")
    return bytes(out)
