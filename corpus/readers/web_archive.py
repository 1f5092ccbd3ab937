"""Pages that a browser saved whole, in one file: MHTML of Chrome and others, Safari's web archive.

Both hold the page with all that it loads; only the page itself is read, as any web page is.
"""

from __future__ import annotations

import dataclasses
import email
import email.policy
import plistlib
import re
from email.message import EmailMessage, MIMEPart
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.decode import decode
from corpus.readers.eml import part_text
from corpus.readers.html import read_html
from corpus.readers.raw import RawText
from corpus.readers.trees import reading_as

_MOST_PARTS = 5_000
_PAGES = ("text/html", "application/xhtml+xml")
_ENCODING = re.compile(r"[A-Za-z0-9_-]{2,40}")


def read_mhtml(data: bytes, *, name: str) -> RawText:
    """Read an MHTML file; ``name`` is the file's, for messages. Raises UnreadableFile."""
    with reading_as("a saved web page", name=name):
        message = email.message_from_bytes(data, policy=email.policy.default)
        location = _header(message, "Snapshot-Content-Location")
        page = _page(message, location)
    if page is None:
        raise _without_page(name)
    own = location or _header(page, "Content-Location")
    source = part_text(page) if page.get_content_charset() else _by_its_own_word(page, name)
    return _with_address(read_html(source, name=name), own)


def read_webarchive(data: bytes, *, name: str) -> RawText:
    """Read a web archive of Safari's; ``name`` is the file's, for messages.

    Raises UnreadableFile.
    """
    with reading_as("a saved web page", name=name):
        main: dict[str, Any] = plistlib.loads(data)["WebMainResource"]
        page, encoding = (
            bytes(main["WebResourceData"]),
            str(main.get("WebResourceTextEncodingName")),
        )
        location = str(main.get("WebResourceURL") or "")
    if main.get("WebResourceMIMEType") not in _PAGES:
        raise _without_page(name)
    return _with_address(read_html(_decoded(page, encoding, name), name=name), location)


def _page(message: EmailMessage, location: str) -> MIMEPart | None:
    """Return the part that is the page itself; frames in it, mostly advertisements, follow it."""
    parts = [part for _, part in zip(range(_MOST_PARTS), message.walk(), strict=False)]
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    own = (one for one in pages if location and _header(one, "Content-Location") == location)
    found = next(own, None) or next(iter(pages), None)
    return found if isinstance(found, MIMEPart) else None


def _by_its_own_word(page: MIMEPart, name: str) -> str:
    data = page.get_payload(decode=True)
    return decode(data if isinstance(data, bytes) else b"", name=name)


def _decoded(page: bytes, encoding: str, name: str) -> str:
    try:
        if _ENCODING.fullmatch(encoding):
            return page.decode(encoding)
    except (LookupError, ValueError):
        pass  # what the page itself declares may be right
    return decode(page, name=name)


def _with_address(raw: RawText, location: str) -> RawText:
    """Add where the page was, unless it says so itself."""
    if raw.stated.url or not location.startswith(("http://", "https://")):
        return raw
    return dataclasses.replace(raw, stated=dataclasses.replace(raw.stated, url=location))


def _header(part: Any, field: str) -> str:
    try:
        return "".join(str(part.get(field) or "").split())
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):
        return ""  # the standard library's own trouble with hostile headers


def _without_page(name: str) -> UnreadableFile:
    return UnreadableFile(f"{name} holds no web page. Save the page again, as HTML.")
