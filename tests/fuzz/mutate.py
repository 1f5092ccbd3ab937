"""Changes to inputs. A file in an archive is changed and packed again, with right checksums."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

from evals.benchmarks.made_documents import make_zip

Mutate = Callable[[bytes], bytes]
MOST_BYTES = 100_000
_NASTY = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\x1b", b"<", b">", b"&#0;", b"{",
    b"[" * 50, b"<div>" * 50, b"-1", b"0", b"99999999999", b"1e999", b"NaN", b"&amp;", b"<!--",
    b"\xe2\x80\x8b", b"\xef\xac\x81", b"\xc2\xad", b"\xf3\xa0\x81\x81", b"---\n", b"\\u0", b"}",
)  # fmt: skip


def mutated(data: bytes, change: Mutate, draw: random.Random) -> bytes:
    """Return ``data`` changed, most often inside where it is an archive."""
    if data[:2] == b"PK" and draw.random() < 0.8:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                files = {name: archive.read(name) for name in archive.namelist()}
        except Exception:
            return change(data)
        if files:
            name = draw.choice(list(files))
            files[name] = change(files[name])
            packed = make_zip(files)
            return packed if len(packed) <= MOST_BYTES else data
    return change(data)


def changer(draw: random.Random) -> Mutate:
    """Return a function that makes one or a few small changes."""

    def change(data: bytes) -> bytes:
        for _ in range(draw.choice((1, 1, 2, 4))):
            data = _one_change(data, draw)
        return data[:MOST_BYTES]

    return change


def _one_change(data: bytes, draw: random.Random) -> bytes:
    at, to = sorted(draw.randrange(len(data) + 1) for _ in range(2))
    to = min(to, at + 400)
    match draw.randrange(6):
        case 0:
            return data[:at] + data[to:]
        case 1:
            return data[:at] + draw.choice(_NASTY) + data[at:]
        case 2:
            return data[:to] + data[at:to] * draw.choice((1, 2, 30)) + data[to:]
        case 3:
            return data[:at] + bytes([draw.randrange(256)]) + data[at + 1 :]
        case 4:
            return data[:at]
        case _:
            other = draw.randrange(len(data) + 1)
            return data[:other] + data[at:to] + data[other:]


def minimised(data: bytes, fails: Callable[[bytes], bool], tries: int = 300) -> bytes:
    """Return a shorter input for which ``fails`` holds as well, found in a few tries."""
    size = len(data) // 2
    while size and tries > 0:
        at = 0
        while at < len(data) and tries > 0:
            shorter = data[:at] + data[at + size :]
            tries -= 1
            if fails(shorter):
                data = shorter
            else:
                at += size
        size //= 2
    return data
