"""One small reader per format, chosen by what a file holds first and by its name second."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.errors import UnreadableFile, UnsupportedFormat
from corpus.readers.decode import decode
from corpus.readers.kinds import (
    CONTAINER_SUFFIXES,
    CONTAINERS,
    OLD_OFFICE,
    SUFFIXES,
    is_supported,
    kind_of,
    several_message,
)
from corpus.readers.load import MAX_BYTES, check_text, load
from corpus.readers.raw import RawText, Stated

__all__ = [
    "CONTAINER_SUFFIXES",
    "MAX_BYTES",
    "SUFFIXES",
    "RawText",
    "Stated",
    "is_supported",
    "kind_of",
    "read_file",
]

_NOT_TEXT = frozenset(
    {"pdf", "docx", "pptx", "xlsx", "epub", "rtf", "odt", "eml", "mhtml", "webarchive"}
)


def read_file(path: Path, *, max_bytes: int = MAX_BYTES) -> RawText:
    """Read one file of at most ``max_bytes`` bytes into text and the facts that it states.

    What the file holds decides which reader takes it; its suffix decides among texts. Raises
    UnsupportedFormat where no reader takes the file or where it holds several documents, and
    UnreadableFile where it is missing, a folder, empty, too large, damaged, wrongly encoded or
    without read rights.
    """
    kind = kind_of(path)
    if os.path.isfile(path):
        _refuse_unread(path, kind)
    data = load(path, max_bytes=max_bytes)
    raw = _read(kind or "text", data, str(path))
    if not raw.text.strip():
        raise UnreadableFile(_no_text(path, kind or "text"))
    return raw


def _refuse_unread(path: Path, kind: str | None) -> None:
    if kind in CONTAINERS:
        raise UnsupportedFormat(several_message(str(path)))
    if kind == OLD_OFFICE:
        raise UnsupportedFormat(
            f"{path} is an old Office file (.doc, .xls, .ppt), or one with a password. Save it as "
            ".docx, .xlsx or .pptx without a password."
        )
    if kind is None:
        raise UnsupportedFormat(
            f"No reader takes {path}. Save it as one of: {', '.join(SUFFIXES)}."
        )


def _no_text(path: Path, kind: str) -> str:
    if kind in ("text", "markdown"):
        return f"{path} holds no text. Write its text into it."
    if kind == "html":
        return f"{path} holds no text, only markup. Save its text as .txt or .md."
    return f"{path} holds no text that can be read. Save its text as .txt or .md."


def _read(kind: str, data: bytes, name: str) -> RawText:
    if kind in _NOT_TEXT:
        return _read_bytes(kind, data, name)
    check_text(data, name=name)
    text = decode(data, name=name)
    if not text.strip():
        raise UnreadableFile(f"{name} holds only white space. Write its text into it.")
    return _read_text(kind, text, name)


def _read_bytes(kind: str, data: bytes, name: str) -> RawText:
    # Readers are imported when needed: the one for pages alone takes 0.3 s.
    match kind:
        case "pdf":
            from corpus.readers.pdf import read_pdf as read
        case "docx":
            from corpus.readers.docx import read_docx as read
        case "pptx":
            from corpus.readers.pptx import read_pptx as read
        case "xlsx":
            from corpus.readers.xlsx import read_xlsx as read
        case "epub":
            from corpus.readers.epub import read_epub as read
        case "rtf":
            from corpus.readers.rtf import read_rtf as read
        case "odt":
            from corpus.readers.odt import read_odt as read
        case "mhtml":
            from corpus.readers.web_archive import read_mhtml as read
        case "webarchive":
            from corpus.readers.web_archive import read_webarchive as read
        case _:
            from corpus.readers.eml import read_eml as read
    return read(data, name=name)


def _read_text(kind: str, text: str, name: str) -> RawText:
    if kind == "html" and "<" in text:
        from corpus.readers.html import read_html

        return read_html(text, name=name)
    if kind in ("csv", "tsv"):
        from corpus.readers.csv_table import read_csv

        return read_csv(text, name=name, tabs=kind == "tsv")
    if kind == "json":
        from corpus.readers.json_article import read_json

        return read_json(text, name=name)
    return _read_prose(kind, text.replace("\r\n", "\n").replace("\r", "\n"))


def _read_prose(kind: str, text: str) -> RawText:
    if kind == "markdown":
        from corpus.readers.markdown import read_markdown as read
    else:
        from corpus.readers.plain import read_plain as read

    return read(text)
