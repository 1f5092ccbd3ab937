"""What kind of content some bytes are, whatever the name of their file."""

from __future__ import annotations

import re

# First bytes that no text begins with, or that name their format in plain letters.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (also .docx, .xlsx, .epub)"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "an ELF program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.doc, .xls)"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"RIFF", "a RIFF file (WebP, WAV, AVI)"),
    (b"{\\rtf", "an RTF document"),
    (b"ID3", "an MP3 recording"),
    (b"MZ", "a Windows program"),
)
# These open with letters that a text could begin with too.
_ALSO_TEXT = frozenset({b"BZh", b"RIFF", b"ID3", b"MZ"})
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b") + b"\x7f"
_SAMPLE = 65_536
# Stray control characters occur in captured text; more than one in fifty is no text.
_MOST_CONTROLS = 0.02

_HTML_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_HTML_PART = re.compile(
    r"<(head|body|article|main|section|header|div|p|h1|h2|meta|title)[\s>]", re.IGNORECASE
)
_LEADING = re.compile(r"\ufeff?\s*(?:<\?xml[^>]{0,200}>\s*)?")
_COMMENT_END = "-->"


def binary_kind(data: bytes) -> str | None:
    """Say what binary content ``data`` looks like; None where it may be text."""
    if data.startswith(_BYTE_ORDER_MARKS):
        return None
    controls = _has_many_controls(data)
    for magic, kind in _MAGIC:
        if data.startswith(magic) and (controls or magic not in _ALSO_TEXT):
            return kind
    return "binary data" if controls else None


def _has_many_controls(data: bytes) -> bool:
    if b"\0" in data:
        return True
    sample = data[:_SAMPLE]
    kept = sample.translate(None, _CONTROLS)
    return len(sample) - len(kept) > _MOST_CONTROLS * len(sample)


def looks_like_html(text: str) -> bool:
    """Tell whether ``text`` opens as a web page, or as a part of one that is also closed."""
    opening = _after_comments(text[:_SAMPLE])
    if _HTML_PAGE.match(opening):
        return True
    part = _HTML_PART.match(opening)
    if part is None:
        return False
    name = part.group(1).lower()
    return name == "meta" or f"</{name}>" in text.lower()


def _after_comments(text: str) -> str:
    start = _LEADING.match(text)
    text = text[start.end() :] if start else text
    while text.startswith("<!--") and _COMMENT_END in text:
        text = text.split(_COMMENT_END, 1)[1].lstrip()
    return text
