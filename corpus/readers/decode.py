"""Bytes to text: UTF-8, UTF-16 and UTF-32 with a byte order mark, and what a page declares."""

from __future__ import annotations

import codecs
import re

from corpus.errors import UnreadableFile
from corpus.readers.sniff import looks_like_html

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-32's little-endian mark begins with UTF-16's, so it comes first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The HTML standard looks for a declaration in the first 1,024 bytes; real pages are later.
_DECLARATION_WITHIN = 4096
_DECLARED = re.compile(
    rb"(?:<meta[^>]{0,300}?charset|<\?xml[^>]{0,100}?encoding)"
    rb"\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_:.-]{2,40})",
    re.IGNORECASE,
)
# Only encodings of web pages: Python also knows codecs ("hex", "unicode_escape") that are none.
_WEB_ENCODING = re.compile(
    r"utf-?8$|windows-\d+|cp\d+|iso-?8859-\d+|latin-?\d|us-ascii|ascii"
    r"|koi8-[ru]|gbk|gb2312|gb18030|big5|euc-(jp|kr)|shift[_-]jis|x-sjis|mac"
)
# The HTML standard reads these labels as windows-1252, which holds the same letters and more.
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"})


def decode(data: bytes, *, name: str) -> str:
    """Decode the bytes of a text file; ``name`` is the file's, for the message.

    Raises UnreadableFile, naming the first bad byte, where the bytes are not the encoding that
    they declare (UTF-8 where they declare none).
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding, name=name, skipped=len(mark))
    return _strictly(data, _declared(data) or "utf-8", name=name, skipped=0)


def _strictly(data: bytes, encoding: str, *, name: str, skipped: int) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # codecs count in the bytes after the mark; people count in the file.
        position = error.start + skipped
        raise UnreadableFile(
            f"{name} is not valid {encoding.upper()}: byte {position:,} is "
            f"0x{data[error.start]:02x}. Save it as UTF-8 and add it again."
        ) from error


def _declared(data: bytes) -> str | None:
    opening = data[:_DECLARATION_WITHIN]
    found = _DECLARED.search(opening)
    if found is None or not looks_like_html(data.decode("latin-1")):
        return None
    label = found.group(1).decode("ascii").lower()
    if label in _LATIN:
        return "windows-1252"
    if not _WEB_ENCODING.match(label):
        return None
    try:
        return codecs.lookup(label).name
    except LookupError:
        return None
