"""Word, PowerPoint and Excel files are ZIPs of XML parts: the parts, slimmed, and their facts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from corpus.errors import UnreadableFile
from corpus.readers.front_matter import one_line
from corpus.readers.raw import Stated
from corpus.readers.trees import parse_xml, refuse_declarations
from corpus.readers.zipcaps import MOST_XML_BYTES, Archive

_CORE = "docProps/core.xml"
_XML = (".xml", ".rels", ".vml")
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_PROPERTIES = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
# What programs write when nobody wrote anything.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel) -.*|powerpoint[- ]presentation|word document"
    r"|presentation\d*|document\d*|untitled.*|title|.*\.(?:docx?|pptx?|xlsx?|dotx?|potx?))$",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:python-docx|openpyxl|xlsxwriter|admin(?:istrator)?|user|author|unknown|owner"
    r"|(?:microsoft office|windows|microsoft) user|microsoft corporation)$",
    re.IGNORECASE,
)
# When the templates were made that python-docx and python-pptx write into every file.
_TEMPLATES = frozenset({"2013-12-23T23:15:00Z", "2013-01-27T09:14:16Z"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def office_parts(data: bytes, *, name: str) -> dict[str, bytes]:
    """Return the XML parts of an Office file by name, and every other part emptied.

    Pictures and sounds hold no text, so they are not even unpacked. Raises UnreadableFile where
    the archive breaks a cap or a part declares entities.
    """
    archive = Archive.of(data, name=name)
    parts: dict[str, bytes] = {}
    left = MOST_XML_BYTES
    for part in archive.names:
        if part in parts:
            raise UnreadableFile(f"{name} is damaged: it holds {part} twice. Save it again.")
        parts[part] = b""
        if part.lower().endswith(_XML):
            parts[part] = archive.read(part, most=left)
            left -= len(parts[part])
            refuse_declarations(parts[part], name=name)
    return parts


def packed(parts: Mapping[str, bytes]) -> io.BytesIO:
    """Return parts as an archive again, for a library that opens one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    file.seek(0)
    return file


def office_facts(parts: Mapping[str, bytes], *, name: str) -> Stated:
    """Return the title, author, day of creation, language and keywords that the file states."""
    if not parts.get(_CORE):
        return Stated()
    root = parse_xml(parts[_CORE], name=name)

    def value(tag: str) -> str | None:
        return one_line(root.findtext(tag) or "") or None

    title, author = value(f"{_DC}title"), value(f"{_DC}creator")
    created = value(f"{_TERMS}created") or ""
    day = _DAY.match(created) if created not in _TEMPLATES else None
    words = re.split(r"[,;]", value(f"{_PROPERTIES}keywords") or "")
    return Stated(
        title=None if title and _NO_TITLE.match(title) else title,
        author=None if author and _NO_AUTHOR.match(author) else author,
        made=day.group() if day else None,
        language=value(f"{_DC}language"),
        tags=tuple(dict.fromkeys(word.strip() for word in words if word.strip())),
    )
