"""Media types of the web: which are fetched at all, and what file each would be."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote

_OFFICE = "application/vnd.openxmlformats-officedocument"
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.presentationml.presentation": ".pptx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/epub+zip": ".epub",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/csv": ".csv",
    "message/rfc822": ".eml",
    "application/json": ".json",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/zip": ".zip",
}
HTML = frozenset({"text/html", "application/xhtml+xml"})
XML = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
    }
)
# These say nothing of what a file is, so its name and its first bytes are asked.
_ANY = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/download"})
_GZIP = frozenset({"application/gzip", "application/x-gzip"})
_VAGUE = _ANY | {"text/plain", "application/zip"}
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)

ACCEPT = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
    "application/xml;q=0.9, text/markdown, text/plain;q=0.9, application/pdf;q=0.9, */*;q=0.5"
)


def is_wanted(media_type: str) -> bool:
    """Tell whether something of this type may be a document, a feed or a sitemap."""
    return media_type in _SUFFIXES or media_type in XML | _ANY | _GZIP


def split_content_type(value: str) -> tuple[str, str | None]:
    """Return the media type and the charset that a Content-Type header names."""
    charset = _CHARSET.search(value)
    return value.partition(";")[0].strip().lower(), charset[1].lower() if charset else None


def suffix_of(media_type: str, path: str, body: bytes) -> str | None:
    """Return the suffix of a file with this type, path in its address, and content."""
    named = PurePosixPath(unquote(path.partition("?")[0])).suffix.lower()
    if media_type in _VAGUE and named in _SUFFIXES.values():
        return named
    if media_type in _SUFFIXES:
        return _SUFFIXES[media_type]
    return ".pdf" if body.startswith(b"%PDF-") else None
