"""Which reader takes a file: what the file holds counts first, its suffix second."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.readers.sniff import binary_kind, looks_like_html
from corpus.readers.zipcaps import names_in

HEAD = 8_192
"""Bytes of a file that are looked at."""

CONTAINERS = frozenset({"zip", "jsonl", "json-list", "mbox"})
"""Kinds that hold several documents; none of them is one itself."""

OLD_OFFICE = "old-office"

BODY_KEYS = (
    "text", "body", "content", "articleBody", "article_body", "bodyText", "content_text",
    "maintext", "full_text", "fulltext", "html", "content_html", "body_html", "bodyHtml",
    "description", "abstract",
)  # fmt: skip
"""Keys that an article's text stands under."""

LIST_KEYS = (
    "articles", "items", "entries", "posts", "documents", "stories", "results", "records", "docs",
)  # fmt: skip
"""Keys below which a file keeps its articles."""

_BY_SUFFIX = {
    "text": (".txt", ".text", ".rst", ".org", ".adoc", ".asciidoc", ".log", ".tex"),
    "markdown": (".md", ".markdown", ".mdown", ".mkd"),
    "html": (".html", ".htm", ".xhtml"),
    "mhtml": (".mhtml", ".mht"),
    "webarchive": (".webarchive",),
    "pdf": (".pdf",),
    "docx": (".docx", ".docm"),
    "pptx": (".pptx",),
    "xlsx": (".xlsx", ".xlsm"),
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "epub": (".epub",),
    "rtf": (".rtf",),
    "odt": (".odt", ".ott"),
    "eml": (".eml",),
    "json": (".json",),
}
SUFFIXES = tuple(suffix for suffixes in _BY_SUFFIX.values() for suffix in suffixes)
"""The suffixes that a reader takes."""

CONTAINER_SUFFIXES = (".zip", ".jsonl", ".ndjson", ".mbox")
"""The suffixes of files that hold several documents."""

_KIND_OF = {suffix: kind for kind, suffixes in _BY_SUFFIX.items() for suffix in suffixes} | {
    ".zip": "zip",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".mbox": "mbox",
    ".doc": OLD_OFFICE,
    ".xls": OLD_OFFICE,
    ".ppt": OLD_OFFICE,
}
_ZIPPED = frozenset({"docx", "pptx", "xlsx", "epub", "odt", "zip"})
# A suffix of code says that a file is code, even where a page stands in it.
_TEXTS = frozenset(
    {"text", "markdown", "html", "mhtml", "csv", "tsv", "json", "eml", "jsonl", "mbox"}
)
_MEMBERS = (
    ("word/document", "docx"),
    ("ppt/presentation", "pptx"),
    ("xl/workbook", "xlsx"),
    ("META-INF/container.xml", "epub"),
)
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)*<(?:!doctype\s+html|html[\s>])",
    re.I | re.S,
)
_HEADER = re.compile(
    r"^(From|To|Subject|Date|Message-ID|MIME-Version|Received|Return-Path):", re.I | re.M
)
# What browsers write over a page that they save in the shape of a mail (MHTML).
_SAVED_PAGE = re.compile(r"^(?:Snapshot-Content-Location:|From:[^\n]{0,20}Saved by )", re.I | re.M)
_ONLY_MAILS = frozenset({"message-id", "mime-version", "received", "return-path"})
_MBOX = re.compile(r"From \S+ .*\d{4}\r?\n[A-Za-z-]+:")
_JSON_PART = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[{}\[\]]|[^"{}\[\]]+', re.S)
_LIST_KEY = re.compile(rf'"(?:{"|".join(LIST_KEYS)})"\s*:\s*\[\s*\{{')
_BODY_KEY = re.compile(rf'"(?:{"|".join(BODY_KEYS)})"\s*:\s*"')


def several_message(name: str) -> str:
    """Say what to do with a file that is a container."""
    return f"{name} holds several documents: 'assistant add FILE' takes them in one by one."


def kind_of(path: Path) -> str | None:
    """Say which kind of document the file at ``path`` is; None for one that no reader takes.

    Reads at most 8 KB, and the directory of a ZIP. A missing file has the kind of its suffix.
    """
    head = _head(path)
    suffix = path.suffix.lower()
    if head is None:
        return _KIND_OF.get(suffix)
    if path.name.startswith(".") and path.name.count(".") == 1:
        return None
    return kind_of_head(head, suffix, lambda: names_in(path))


def is_supported(path: Path) -> bool:
    """Tell whether a reader takes this file, without opening it where its suffix says enough.

    A file that holds several documents is none itself: see ``corpus.unpack``.
    """
    known = _KIND_OF.get(path.suffix.lower())
    # One .json file is an article, another a list of them; a .doc is often RTF or a web page.
    sure = known is not None and known not in ("json", "zip", OLD_OFFICE)
    kind = known if sure else kind_of(path)
    return kind is not None and kind not in CONTAINERS and kind != OLD_OFFICE


def kind_of_head(head: bytes, suffix: str, members: Callable[[], Sequence[str]]) -> str | None:
    """Say the kind of a file that begins with ``head``; ``members`` names those of a ZIP."""
    known = _KIND_OF.get(suffix)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(members(), known, bare=not suffix)
    if head.startswith(b"%PDF-") or (known == "pdf" and b"%PDF-" in head[:1024]):
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(b"bplist") and b"WebMainResource" in head:
        return "webarchive"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLD_OFFICE
    if known == OLD_OFFICE and _PAGE.match(_decoded(head)):
        return "html"
    if binary_kind(head) or (known is not None and known not in _TEXTS):
        return known
    return _text_kind(_decoded(head), known, bare=not suffix)


def _zipped(names: Sequence[str], known: str | None, *, bare: bool) -> str | None:
    for start, kind in _MEMBERS:
        if any(name.startswith(start) for name in names):
            return kind
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return "odt"
    # A damaged one is what it is called; its reader says what is wrong with it.
    if known in _ZIPPED or not names:
        return known
    return "zip" if known in _TEXTS or bare else None


def _text_kind(head: str, known: str | None, *, bare: bool) -> str | None:
    if _PAGE.match(head) or (known in ("text", "markdown", "html") and looks_like_html(head)):
        return "html"
    if known in (None, "text", "eml") and _MBOX.match(head):
        return "mbox"
    if known in (None, "text", "eml", "html", "mhtml") and _is_mail(head):
        saved = known == "mhtml" or _SAVED_PAGE.search(_top(head))
        return "mhtml" if saved else known if known == "html" else "eml"
    if known == "json" or (bare and re.match(r'\s*[\[{]\s*[{"]', head)):
        return _json_kind(head)
    return known or ("text" if bare else None)


def _is_mail(head: str) -> bool:
    top = _top(head)
    if not re.match(r"[A-Za-z][A-Za-z0-9-]{1,40}:", top):
        return False
    found = {name.lower() for name in _HEADER.findall(top)}
    return "from" in found and bool(found & _ONLY_MAILS)


def _top(head: str) -> str:
    """Return the headers that a mail begins with."""
    return re.split(r"\r?\n\r?\n", head.lstrip(), maxsplit=1)[0]


def _json_kind(head: str) -> str:
    text = head.lstrip("\ufeff \t\r\n")
    if re.match(r"\[\s*\{", text):
        return "json-list"
    depth = 0
    outer: list[str] = []
    for part in _JSON_PART.finditer(text):
        sign = part.group()
        if depth <= 1 or (depth == 2 and sign == "{"):
            outer.append(sign)
        depth += (sign in "{[") - (sign in "}]")
        if depth == 0 and re.match(r"\s*\{", text[part.end() :]):
            return "jsonl"
    keys = "".join(outer)
    return "json-list" if _LIST_KEY.search(keys) and not _BODY_KEY.search(keys) else "json"


def _decoded(head: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def _head(path: Path) -> bytes | None:
    try:
        # Opening a pipe would wait for its writer for ever.
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
        with path.open("rb") as file:
            return file.read(HEAD)
    except (OSError, ValueError):
        return None
