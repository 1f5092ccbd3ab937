"""OpenDocument texts: headings, paragraphs, lists, tables and notes out of ``content.xml``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.front_matter import one_line
from corpus.readers.hidden import Hidden, with_edges
from corpus.readers.raw import HIDDEN, RawText, Stated
from corpus.readers.trees import parse_xml, reading_as
from corpus.readers.zipcaps import MOST_XML_BYTES, Archive

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PASSED_OVER = frozenset(
    {f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_OFFICE}forms", f"{_TEXT}sequence-decls"}
)
_INDEXES = frozenset(
    f"{_TEXT}{kind}"
    for kind in ("table-of-content", "alphabetical-index", "illustration-index", "table-index")
)
_ROW_GROUPS = frozenset(
    f"{_TABLE}{kind}" for kind in ("table-header-rows", "table-rows", "table-row-group")
)
_SPACES = re.compile(r"[ \t\r\n]+")
_STYLES = "styles.xml"
_EDGES = ("header", "header-left", "header-first", "footer", "footer-left", "footer-first")
# One element can claim a million spaces or columns.
_MOST_REPEATED = 100
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_odt(data: bytes, *, name: str) -> RawText:
    """Read an OpenDocument text; ``name`` is the file's, for messages.

    Hidden text, a table of contents, page headers and footers go to ``dropped``; deleted text of
    tracked changes and comments are left out; notes follow at the end. Raises UnreadableFile.
    """
    archive = Archive.of(data, name=name)
    with reading_as("an OpenDocument text", name=name):
        root = parse_xml(archive.read("content.xml", most=MOST_XML_BYTES), name=name)
        body = root.find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise UnreadableFile(f"{name} is no OpenDocument text. Save it as .odt or .xlsx.")
        page = _Page(_hidden_styles(root))
        blocks = page.blocks(body)
        text, dropped = page.hidden.lift([*blocks, *page.notes])
        dropped = with_edges(text, dropped, _edges(archive, name))
        return RawText(text, MEDIA_TYPE, _stated(archive, name), dropped)


def _edges(archive: Archive, name: str) -> Iterator[tuple[str, str]]:
    if _STYLES not in archive.names:
        return
    root = parse_xml(archive.read(_STYLES, most=MOST_XML_BYTES), name=name)
    for edge in root.iter(*(f"{_STYLE}{one}" for one in _EDGES)):
        kind = "header" if "header" in edge.tag.rpartition("}")[2] else "footer"
        for paragraph in edge.iter(f"{_TEXT}p", f"{_TEXT}h"):
            yield f"page {kind}", "".join(paragraph.itertext())


def _hidden_styles(root: Any) -> frozenset[str]:
    return frozenset(
        style.get(f"{_STYLE}name", "")
        for style in root.iter(f"{_STYLE}style")
        if any(part.get(f"{_TEXT}display") == "none" for part in style)
    )


@dataclass(slots=True)
class _Page:
    """A document on its way into blocks; notes wait for its end."""

    hidden_styles: frozenset[str]
    hidden: Hidden = field(default_factory=Hidden)
    notes: list[str] = field(default_factory=list)

    def blocks(self, parent: Any) -> list[str]:
        blocks: list[str] = []
        for child in parent:
            blocks += [block for block in self._element(child) if block.strip()]
        return blocks

    def _element(self, element: Any) -> list[str]:
        tag = element.tag
        if tag in _PASSED_OVER:
            return []
        if tag in _INDEXES:
            return [self.hidden.mark(" ".join(element.itertext()), "table of contents")]
        if tag == f"{_TEXT}h":
            words = self._line(element).replace("\n", " ")
            level = element.get(f"{_TEXT}outline-level", "1")
            depth = min(int(level), 6) if level.isdecimal() else 1
            return [f"{'#' * max(depth, 1)} {words}"] if words else []
        if tag == f"{_TEXT}p":
            return [self._line(element), *self._frames(element)]
        if tag == f"{_TEXT}list":
            return ["\n".join(self._items(element))]
        if tag == f"{_TABLE}table":
            return ["\n".join(self._rows(element))]
        return self.blocks(element)

    def _line(self, element: Any) -> str:
        words = "".join(self._inline(element))
        lines = (_SPACES.sub(" ", line).strip() for line in words.split("\n"))
        line = "\n".join(part for part in lines if part)
        if line and element.get(f"{_TEXT}style-name") in self.hidden_styles:
            return self.hidden.mark(line, HIDDEN)
        return line

    def _inline(self, element: Any) -> list[str]:
        parts = [_SPACES.sub(" ", element.text or "")]
        for child in element:
            parts += [*self._part(child), _SPACES.sub(" ", child.tail or "")]
        return parts

    def _part(self, child: Any) -> list[str]:
        tag = child.tag
        if tag == f"{_TEXT}line-break":
            return ["\n"]
        if tag in (f"{_TEXT}s", f"{_TEXT}tab"):
            return [" "]
        if tag == f"{_TEXT}note":
            return self._note(child)
        if tag in _PASSED_OVER or tag.endswith(("}frame", "}custom-shape")):
            return []
        if tag in (f"{_TEXT}hidden-text", f"{_TEXT}hidden-paragraph"):
            return [self.hidden.mark(child.get(f"{_TEXT}string-value") or "", HIDDEN)]
        if child.get(f"{_TEXT}style-name") in self.hidden_styles:
            return [self.hidden.mark("".join(child.itertext()), HIDDEN)]
        return self._inline(child)

    def _note(self, note: Any) -> list[str]:
        sign = "".join(note.find(f"{_TEXT}note-citation").itertext()).strip()
        body = " ".join(self.blocks(note.find(f"{_TEXT}note-body")))
        self.notes.append(f"[{sign}] {body}")
        return [f"[{sign}]"]

    def _frames(self, paragraph: Any) -> list[str]:
        """Return the text of boxes that are anchored in a paragraph, after it."""
        return [
            block
            for box in paragraph.iterfind("{*}frame/{*}text-box")
            for block in self.blocks(box)
        ]

    def _items(self, element: Any) -> list[str]:
        items = []
        for item in element:
            lines = "\n".join(self.blocks(item)).split("\n")
            if item.tag == f"{_TEXT}list-header":
                items += lines
            elif any(lines):
                items.append("- " + "\n  ".join(lines))
        return items

    def _rows(self, table: Any) -> list[str]:
        rows = []
        for row in _own_rows(table):
            cells: list[str] = []
            for cell in row.iterfind(f"{_TABLE}table-cell"):
                words = " ".join(" ".join(self.blocks(cell)).split())
                repeated = cell.get(f"{_TABLE}number-columns-repeated", "1")
                times = min(int(repeated), _MOST_REPEATED) if repeated.isdecimal() else 1
                cells += [words] * (times if words else 1)
            if any(cells):
                rows.append(" | ".join(cells).rstrip(" |"))
        return rows


def _own_rows(parent: Any) -> Iterator[Any]:
    """Yield the rows of a table, in groups too; those of a table in a cell are the cell's."""
    for child in parent:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from _own_rows(child)


def _stated(archive: Archive, name: str) -> Stated:
    if "meta.xml" not in archive.names:
        return Stated()
    root = parse_xml(archive.read("meta.xml", most=MOST_XML_BYTES), name=name)

    def value(tag: str) -> str | None:
        return (
            one_line(next(root.iter(tag)).text or "") or None
            if root.find(f".//{tag}") is not None
            else None
        )

    day = _DAY.match(value(f"{_META}creation-date") or value(f"{_DC}date") or "")
    keywords = (one_line(part.text or "") for part in root.iter(f"{_META}keyword"))
    return Stated(
        title=value(f"{_DC}title"),
        author=value(f"{_META}initial-creator") or value(f"{_DC}creator"),
        made=day.group() if day else None,
        language=value(f"{_DC}language"),
        tags=tuple(dict.fromkeys(word for word in keywords if word)),
    )
