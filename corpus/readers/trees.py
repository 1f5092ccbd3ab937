"""XML and HTML into trees, with everything off that could reach out or blow up."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.entities import name2codepoint
from typing import Any

from corpus.errors import CorpusError, UnreadableFile

_DECLARATIONS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
_ENTITIES = _DECLARATIONS[3:]
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]{0,500}>", re.IGNORECASE)
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_XML_OWN = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


@contextmanager
def reading_as(what: str, *, name: str) -> Iterator[None]:
    """Turn whatever a parser raises on a broken file into one clear UnreadableFile.

    ``what`` completes "could not be read as ..."; ``name`` is the file's.
    """
    try:
        yield
    except (CorpusError, MemoryError):
        raise
    except RecursionError as error:
        raise UnreadableFile(
            f"{name} is nested too deeply to be read. Save its text as .txt or .md."
        ) from error
    except Exception as error:  # parsers raise any kind on broken files
        raise UnreadableFile(
            f"{name} could not be read as {what}: it is damaged. Open it, save it again, and add "
            "that."
        ) from error


def refuse_declarations(data: bytes, *, name: str) -> None:
    """Raise UnreadableFile where an XML part declares a document type, as no Office file does.

    Entities are how a kilobyte becomes a gigabyte, and how a file reads other files.
    """
    if any(word in data for word in _DECLARATIONS):
        raise UnreadableFile(f"{name} declares XML entities, as bombs do. Save it again and retry.")


def parse_xml(data: bytes, *, name: str) -> Any:
    """Return the root element of an XML part without a document type."""
    from lxml import etree  # type: ignore[import-untyped]

    refuse_declarations(data, name=name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(data, parser=parser)


def parse_page(data: bytes, *, name: str) -> Any:
    """Return the root element of an XHTML page, of a sloppy one too, its names without namespace.

    Raises UnreadableFile where it declares entities of its own.
    """
    from lxml import etree

    if any(word in data for word in _ENTITIES):
        raise UnreadableFile(f"{name} declares XML entities, as bombs do. Save it again and retry.")
    try:
        root = parse_xml(_NAMED.sub(_resolved, _DOCTYPE.sub(b"", data, count=1)), name=name)
    except (etree.XMLSyntaxError, CorpusError):
        return parse_html(data.decode("utf-8", "replace"))
    for element in root.iter():
        element.tag = etree.QName(element).localname
    return root


def parse_html(page: str) -> Any:
    """Return the root element of HTML as one finds it in mails, feeds and exports."""
    from lxml import html as lxml_html

    # Bytes with a named encoding: lxml refuses text that declares an encoding of its own.
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    data = page.encode("utf-8", "replace")
    return lxml_html.document_fromstring(data, parser=parser, ensure_head_body=True)


def html_blocks(page: str) -> list[str]:
    """Return the visible text of some HTML, a whole page or a part of one, as blocks."""
    from corpus.readers.markup import blocks_of

    return blocks_of(parse_html(page).find("body")) if page.strip() else []


def _resolved(found: re.Match[bytes]) -> bytes:
    word = found.group(1)
    if word in _XML_OWN or word.decode("ascii") not in name2codepoint:
        return found.group()
    return html.unescape(found.group().decode("ascii")).encode("utf-8")
