"""EPUB books: their chapters in reading order, and what the package says about the book."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from corpus.errors import UnreadableFile
from corpus.readers.front_matter import one_line
from corpus.readers.raw import RawText, Stated
from corpus.readers.trees import parse_page, parse_xml, reading_as
from corpus.readers.zipcaps import MOST_XML_BYTES, Archive

MEDIA_TYPE = "application/epub+zip"
_CONTAINER = "META-INF/container.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document"})
# A navigation page and a cover say nothing that the chapters do not.
_PASSED_OVER = re.compile(r"(?:.*[-_.])?(?:nav|toc|cover|titlepage|coverpage)$", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class _Book:
    """An opened book: its archive, its package document, and the folder that holds both."""

    archive: Archive
    package: Any
    folder: str


def read_epub(data: bytes, *, name: str) -> RawText:
    """Read a book; ``name`` is the file's, for messages.

    Raises UnreadableFile, also for a book that is locked (DRM).
    """
    archive = Archive.of(data, name=name)
    if "META-INF/rights.xml" in archive.names:
        raise UnreadableFile(f"{name} is locked by its shop (DRM). Add a copy that is not.")
    with reading_as("an EPUB book", name=name):
        path = _package_path(archive, name)
        package = parse_xml(archive.read(path, most=MOST_XML_BYTES), name=name)
        book = _Book(archive, package, posixpath.dirname(path))
        return RawText("\n\n".join(_chapters(book, name)), MEDIA_TYPE, _stated(package))


def _package_path(archive: Archive, name: str) -> str:
    root = parse_xml(archive.read(_CONTAINER, most=MOST_XML_BYTES), name=name)
    return str(next(root.iter("{*}rootfile")).get("full-path"))


def _chapters(book: _Book, name: str) -> list[str]:
    from corpus.readers.markup import blocks_of

    items = {item.get("id"): item for item in book.package.iterfind(".//{*}manifest/{*}item")}
    spine = [item.get("idref") for item in book.package.iterfind(".//{*}spine/{*}itemref")]
    blocks: list[str] = []
    left = MOST_XML_BYTES
    # Each chapter once, however often the order names it.
    for item in [items[at] for at in dict.fromkeys(spine) if at in items]:
        if _is_chapter(item):
            page = book.archive.read(_member(book, item.get("href")), most=left)
            left -= len(page)
            body = next(parse_page(page, name=name).iter("body"), None)
            blocks += [] if body is None else blocks_of(body)
    return blocks


def _is_chapter(item: Any) -> bool:
    if item.get("media-type") not in _PAGES or "nav" in (item.get("properties") or "").split():
        return False
    stem = posixpath.basename(item.get("href", "")).rpartition(".")[0]
    return not (_PASSED_OVER.match(stem) or _PASSED_OVER.match(item.get("id") or ""))


def _member(book: _Book, href: str) -> str:
    """Return the name of a member that the package points to, from the package's own folder."""
    path = posixpath.normpath(posixpath.join(book.folder, unquote(href.partition("#")[0])))
    return path if path in book.archive.names else posixpath.join(book.folder, href)


def _stated(package: Any) -> Stated:
    def values(tag: str) -> list[str]:
        found = package.iterfind(f".//{{*}}metadata//{{http://purl.org/dc/elements/1.1/}}{tag}")
        return [line for one in found if (line := one_line("".join(one.itertext())))]

    def first(tag: str) -> str | None:
        return next(iter(values(tag)), None)

    day = _DAY.match(first("date") or "")
    return Stated(
        title=first("title"),
        date=day.group() if day else first("date"),
        source=first("publisher"),
        language=first("language"),
        author=", ".join(dict.fromkeys(values("creator"))) or None,
        tags=tuple(dict.fromkeys(values("subject"))),
    )
