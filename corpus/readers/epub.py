"""EPUB books: their chapters in reading order, and what the package says about the book."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from corpus.documents import Removed
from corpus.errors import UnreadableFile
from corpus.readers.front_matter import one_line
from corpus.readers.raw import RawText, Stated
from corpus.readers.trees import parse_page, parse_xml, reading_as
from corpus.readers.zipcaps import MOST_XML_BYTES, Archive

MEDIA_TYPE = "application/epub+zip"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
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

    Text that does not show goes to ``dropped``. Raises UnreadableFile, also for a book that is
    locked (DRM).
    """
    archive = Archive.of(data, name=name)
    with reading_as("an EPUB book", name=name):
        path = _package_path(archive, name)
        package = parse_xml(archive.read(path, most=MOST_XML_BYTES), name=name)
        book = _Book(archive, package, posixpath.dirname(path))
        if "META-INF/rights.xml" in archive.names or not _locked(archive, name).isdisjoint(
            _members(book)
        ):
            raise UnreadableFile(f"{name} is locked by its shop (DRM). Add a copy that is not.")
        blocks, dropped = _chapters(book, name)
        return RawText("\n\n".join(blocks), MEDIA_TYPE, _stated(package), dropped)


def _locked(archive: Archive, name: str) -> frozenset[str]:
    """Return the members that are encrypted; fonts often are, and hold no text."""
    if _ENCRYPTION not in archive.names:
        return frozenset()
    root = parse_xml(archive.read(_ENCRYPTION, most=MOST_XML_BYTES), name=name)
    return frozenset(unquote(one.get("URI") or "") for one in root.iter("{*}CipherReference"))


def _package_path(archive: Archive, name: str) -> str:
    root = parse_xml(archive.read(_CONTAINER, most=MOST_XML_BYTES), name=name)
    return str(next(root.iter("{*}rootfile")).get("full-path"))


def _chapters(book: _Book, name: str) -> tuple[list[str], tuple[Removed, ...]]:
    from corpus.readers.html import read_chapter

    blocks: list[str] = []
    dropped: tuple[Removed, ...] = ()
    left, line = MOST_XML_BYTES, 1
    for member in _members(book):
        page = book.archive.read(member, most=left)
        left -= len(page)
        body = next(parse_page(page, name=name).iter("body"), None)
        if body is None:
            continue
        chapter, hidden = read_chapter(body, line=line)
        dropped += hidden
        blocks += chapter
        line += sum(block.count("\n") + 2 for block in chapter)
    return blocks, dropped


def _members(book: _Book) -> list[str]:
    """Return the members that hold the chapters, in order, each once however often it is named."""
    items = {item.get("id"): item for item in book.package.iterfind(".//{*}manifest/{*}item")}
    spine = [item.get("idref") for item in book.package.iterfind(".//{*}spine/{*}itemref")]
    chapters = [items[at] for at in dict.fromkeys(spine) if at in items and _is_chapter(items[at])]
    return [_member(book, item.get("href")) for item in chapters]


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
