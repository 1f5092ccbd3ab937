"""Word documents: mammoth turns them into HTML, whose headings, lists and tables are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers.hidden import Hidden, with_edges
from corpus.readers.opc import office_facts, office_parts, packed
from corpus.readers.raw import HIDDEN, RawText
from corpus.readers.trees import parse_html, parse_xml, reading_as

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STYLES = "word/styles.xml"
_TEXTS = re.compile(r"word/(?:document\d*|footnotes|endnotes)\.xml$")
_EDGE = re.compile(r"word/(header|footer)\d*\.xml$")
_CONTENTS = re.compile(r"(?:toc|tableofcontents|tableoffigures)\d*$", re.IGNORECASE)
_STYLE_MAP = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_BACK_ARROW = "↑"


def read_docx(data: bytes, *, name: str) -> RawText:
    """Read a Word document; ``name`` is the file's, for messages.

    Hidden text, a table of contents, page headers and page footers go to ``dropped``; deleted text
    of tracked changes and comments are left out; notes follow at the end. Raises UnreadableFile.
    """
    parts = office_parts(data, name=name)
    hidden = Hidden()
    with reading_as("a Word document", name=name):
        styles = _hidden_styles(parts, name=name)
        for part in [part for part in parts if _TEXTS.match(part)]:
            parts[part] = _without_hidden(parts[part], styles, hidden, name=name)
        if not any(part.startswith("word/document") for part in parts):
            raise UnreadableFile(
                f"{name} holds no text of a Word document. Save it again as .docx."
            )
        if parts.get(_STYLES):
            used = b"".join(parts[part] for part in parts if _TEXTS.match(part))
            parts[_STYLES] = _slim_styles(parts[_STYLES], used, name=name)
        text, dropped = hidden.lift(_blocks(parts))
        dropped = with_edges(text, dropped, _edges(parts, name=name))
        return RawText(text, MEDIA_TYPE, office_facts(parts, name=name), dropped)


def _blocks(parts: dict[str, bytes]) -> list[str]:
    import mammoth

    from corpus.readers.markup import blocks_of

    page = mammoth.convert_to_html(
        packed(parts),
        style_map=_STYLE_MAP,
        include_embedded_style_map=False,
        external_file_access=False,
        convert_image=lambda image: [],
    ).value
    if not page.strip():
        return []
    body = parse_html(page).find("body")
    for link in list(body.iter("a")):
        if link.text == _BACK_ARROW:
            link.text = None
    return blocks_of(body)


def _edges(parts: dict[str, bytes], *, name: str) -> Iterator[tuple[str, str]]:
    for part in parts:
        if found := _EDGE.match(part):
            for paragraph in parse_xml(parts[part], name=name).iter(f"{_W}p"):
                words = (_words(one) for run in paragraph.iter(f"{_W}r") for one in run)
                yield f"page {found[1]}", "".join(words)


def _without_hidden(part: bytes, styles: frozenset[str], hidden: Hidden, *, name: str) -> bytes:
    """Return a part of the text with stand-ins for what it does not show, and formulas as text."""
    from lxml import etree  # type: ignore[import-untyped]

    root = parse_xml(part, name=name)
    for paragraph in root.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style_id = style.get(f"{_W}val", "") if style is not None else ""
        runs = [run for run in paragraph.iter(f"{_W}r") if _owner(run) is paragraph]
        if _CONTENTS.match(style_id):
            _replace(runs, hidden, "table of contents")
        else:
            covered = style_id in styles
            _replace([run for run in runs if _is_hidden(run, styles, covered)], hidden, HIDDEN)
    for formula in list(root.iter(f"{_M}oMath")):
        _write_out(formula)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _slim_styles(styles: bytes, used: bytes, *, name: str) -> bytes:
    """Return the styles that the texts use, with what mammoth looks at: name and numbering.

    Its parser takes a third of a second for the usual looks of a few hundred styles.
    """
    from lxml import etree

    root = parse_xml(styles, name=name)
    for child in list(root):
        named = f'"{child.get(f"{_W}styleId", "")}"'.encode()
        if child.tag != f"{_W}style" or named not in used:
            root.remove(child)
            continue
        for part in list(child):
            if part.tag == f"{_W}pPr":
                for look in [look for look in part if look.tag != f"{_W}numPr"]:
                    part.remove(look)
            elif part.tag != f"{_W}name":
                child.remove(part)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _owner(run: Any) -> Any:
    """Return the paragraph a run stands in: the nearest one, as text boxes hold paragraphs too."""
    return next(run.iterancestors(f"{_W}p"), None)


def _hidden_styles(parts: dict[str, bytes], *, name: str) -> frozenset[str]:
    if not parts.get(_STYLES):
        return frozenset()
    styles = parse_xml(parts[_STYLES], name=name).iter(f"{_W}style")
    return frozenset(
        style.get(f"{_W}styleId", "")
        for style in styles
        if _is_on(style.find(f"{_W}rPr/{_W}vanish"))
    )


def _is_hidden(run: Any, styles: frozenset[str], covered: bool) -> bool:
    own = run.find(f"{_W}rPr/{_W}vanish")
    if own is not None:
        return _is_on(own)
    style = run.find(f"{_W}rPr/{_W}rStyle")
    return covered or (style is not None and style.get(f"{_W}val") in styles)


def _is_on(switch: Any) -> bool:
    return switch is not None and switch.get(f"{_W}val", "1").lower() not in ("0", "false", "off")


def _replace(runs: list[Any], hidden: Hidden, reason: str) -> None:
    for run in runs:
        words = "".join(_words(child) for child in run)
        for child in list(run):
            run.remove(child)
        if words:
            _set_text(run, hidden.mark(words, reason))


def _words(child: Any) -> str:
    if child.tag == f"{_W}t":
        return child.text or ""
    return " " if child.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr") else ""


def _write_out(formula: Any) -> None:
    """Make a run of a formula's letters, as mammoth passes formulas over."""
    letters = "".join(part.text or "" for part in formula.iter(f"{_M}t"))
    tail = formula.tail
    formula.clear()
    formula.tag, formula.tail = f"{_W}r", tail
    _set_text(formula, letters)


def _set_text(run: Any, words: str) -> None:
    text = run.makeelement(f"{_W}t")
    text.text = words
    text.set(_SPACE, "preserve")
    run.append(text)
