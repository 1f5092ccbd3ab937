"""One small reader per format, chosen by what a file holds first and by its name second."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.errors import UnreadableFile, UnsupportedFormat
from corpus.readers.decode import decode
from corpus.readers.load import MAX_BYTES, load
from corpus.readers.raw import RawText, Stated
from corpus.readers.sniff import looks_like_html

__all__ = ["MAX_BYTES", "SUFFIXES", "RawText", "Stated", "is_supported", "read_file"]

_PLAIN = (".txt", ".text")
_MARKDOWN = (".md", ".markdown")
_HTML = (".html", ".htm", ".xhtml")
SUFFIXES = _PLAIN + _MARKDOWN + _HTML


def is_supported(path: Path) -> bool:
    """Tell whether a reader takes files with this name."""
    return path.suffix.lower() in SUFFIXES


def read_file(path: Path, *, max_bytes: int = MAX_BYTES) -> RawText:
    """Read one file of at most ``max_bytes`` bytes into text and the facts that it states.

    A web page is read as one whatever its name says. Raises UnsupportedFormat where no reader
    takes the file, and UnreadableFile where it is missing, a folder, empty, too large, binary,
    wrongly encoded or without read rights.
    """
    if not is_supported(path) and os.path.isfile(path):
        raise UnsupportedFormat(
            f"No reader takes {path}. Save it as one of: {', '.join(SUFFIXES)}."
        )
    text = decode(load(path, max_bytes=max_bytes), name=str(path))
    if not text.strip():
        raise UnreadableFile(f"{path} holds only white space. Write its text into it.")
    raw = _read(path, text)
    if not raw.text.strip():
        raise UnreadableFile(f"{path} holds no text, only markup. Save its text as .txt or .md.")
    return raw


def _read(path: Path, text: str) -> RawText:
    suffix = path.suffix.lower()
    # Readers are imported when needed: the HTML one alone takes 0.3 s.
    if looks_like_html(text) or (suffix in _HTML and "<" in text):
        from corpus.readers.html import read_html

        return read_html(text, name=str(path))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if suffix in _MARKDOWN:
        from corpus.readers.markdown import read_markdown

        return read_markdown(text)
    from corpus.readers.plain import read_plain

    return read_plain(text)
