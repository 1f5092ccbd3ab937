"""Real files of each format, made by the libraries that make them, and broken on purpose."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from functools import cache
from typing import Any

CREATED = dt.datetime(2021, 3, 9, 10, 0)


def saved(document: Any) -> bytes:
    """Return what a library's document saves."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@cache
def docx() -> bytes:
    """Return a Word document with headings, lists, a table, hidden text and facts."""
    from docx import Document

    document = Document()
    facts = document.core_properties
    facts.title, facts.author, facts.created = "Saltmere ends its trial", "Ada Marsh", CREATED
    facts.keywords = "cameras, privacy"
    document.add_heading("Saltmere ends its trial", 0)
    paragraph = document.add_paragraph("The council voted on Monday")
    paragraph.add_run(" and paid the mayor £9").font.hidden = True
    paragraph.add_run(" to end the trial.").bold = True
    document.add_heading("What was decided", 1)
    for item in ("The cameras go back", "The pictures are deleted"):
        document.add_paragraph(item, "List Bullet")
    for item in ("First the harbour", "Then the station"):
        document.add_paragraph(item, "List Number")
    table = document.add_table(2, 2)
    for cell, words in zip(table._cells, ("Year", "Cost", "2019", "£10,000"), strict=True):
        cell.text = words
    document.sections[0].footer.paragraphs[0].text = "Page 1 of 1"
    return saved(document)


@cache
def pptx() -> bytes:
    """Return a presentation: a title, points with notes, a table, and a hidden slide."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.core_properties.title, deck.core_properties.author = "The trial", "Ada Marsh"
    deck.core_properties.created = CREATED
    title, content, blank = (deck.slide_layouts[at] for at in (0, 1, 5))
    slide = deck.slides.add_slide(title)
    slide.shapes.title.text, slide.placeholders[1].text = "The camera trial", "A summary"
    slide = deck.slides.add_slide(content)
    slide.shapes.title.text = "What was decided"
    frame = slide.placeholders[1].text_frame
    frame.text = "The cameras go back"
    for words, level in (("to the maker", 1), ("The pictures are deleted", 0)):
        point = frame.add_paragraph()
        point.text, point.level = words, level
    slide.notes_slide.notes_text_frame.text = "Thank the council."
    slide = deck.slides.add_slide(blank)
    slide.shapes.title.text = "Costs"
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for at, words in enumerate(("Year", "Cost", "2019", "£10,000")):
        table.cell(*divmod(at, 2)).text = words
    slide = deck.slides.add_slide(content)
    slide.shapes.title.text = "Spare slide"
    slide.element.set("show", "0")
    return saved(deck)


@cache
def xlsx() -> bytes:
    """Return a workbook: numbers, dates, a formula, an empty column and a hidden sheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title, book.properties.creator = "Harbour costs", "Ada Marsh"
    book.properties.created = CREATED
    sheet = book.active
    sheet.title = "Costs"
    for row in (
        ("Year", "Cost", None, "Paid"),
        (2019, 10000.5, None, True),
        (),
        (2020, 3.0, None, dt.datetime(2020, 5, 4)),
    ):
        sheet.append(row)
    book.create_sheet("Boats").append(("Name", "Length\nin metres"))
    hidden = book.create_sheet("Draft")
    hidden.append(("secret",))
    hidden.sheet_state = "hidden"
    return saved(book)


@cache
def odt() -> bytes:
    """Return an OpenDocument text with a heading, a list, a table, a note and hidden text."""
    from odf import dc, meta, style, table, text
    from odf.opendocument import OpenDocumentText

    document = OpenDocumentText()
    document.meta.addElement(dc.Title(text="Saltmere ends its trial"))
    document.meta.addElement(meta.InitialCreator(text="Ada Marsh"))
    document.meta.addElement(meta.CreationDate(text="2021-03-09T10:00:00"))
    document.meta.addElement(meta.Keyword(text="cameras"))
    unseen = style.Style(name="Unseen", family="text")
    unseen.addElement(style.TextProperties(display="none"))
    document.automaticstyles.addElement(unseen)
    document.text.addElement(text.H(outlinelevel=1, text="Saltmere ends its trial"))
    paragraph = text.P(text="The council voted ")
    paragraph.addElement(text.Span(stylename=unseen, text="and paid the mayor £9"))
    paragraph.addText(" on Monday")
    note = text.Note(noteclass="footnote")
    note.addElement(text.NoteCitation(text="1"))
    note.addElement(text.NoteBody())
    note.lastChild.addElement(text.P(text="By seven votes to two."))
    paragraph.addElement(note)
    paragraph.addText(".")
    document.text.addElement(paragraph)
    points = text.List()
    for words in ("The cameras go back", "The pictures are deleted"):
        item = text.ListItem()
        item.addElement(text.P(text=words))
        points.addElement(item)
    document.text.addElement(points)
    costs = table.Table()
    for cells in (("Year", "Cost"), ("2019", "£10,000")):
        row = table.TableRow()
        for words in cells:
            cell = table.TableCell()
            cell.addElement(text.P(text=words))
            row.addElement(cell)
        costs.addElement(row)
    document.text.addElement(costs)
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""
PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Harbour Book</dc:title>
<dc:creator>Ada Marsh</dc:creator><dc:creator>Ben Tide</dc:creator><dc:language>en</dc:language>
<dc:date>2021-03-09T00:00:00Z</dc:date><dc:publisher>Tide Press</dc:publisher></metadata><manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="c2" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="c1" href="text/one%20a.xhtml" media-type="application/xhtml+xml"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
<item id="img" href="a.png" media-type="image/png"/></manifest>
<spine><itemref idref="cover"/><itemref idref="nav"/><itemref idref="c1"/><itemref idref="c2"/>
<itemref idref="img"/><itemref idref="c1"/></spine></package>"""
CHAPTER = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>
<h1>%s</h1><p>Boats &amp; ropes&nbsp;– all <a id="x"/>day.</p><ul><li>one</li><li>two</li></ul>
</body></html>"""


def epub(**members: str) -> bytes:
    """Return a book of two chapters, with a cover and a table of contents."""
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE,
        "OEBPS/nav.xhtml": CHAPTER % "Contents",
        "OEBPS/cover.xhtml": CHAPTER % "Cover",
        "OEBPS/text/one a.xhtml": CHAPTER % "Morning",
        "OEBPS/text/two.xhtml": CHAPTER % "Evening",
    }
    return zipped_parts({**parts, **members})


def zipped_parts(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def with_part(data: bytes, name: str, change: Any) -> bytes:
    """Return a ZIP in which the member ``name`` is what ``change`` makes of it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    parts[name] = change(parts.get(name, b""))
    return zipped_parts(parts)


RTF = rb"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset204 Arial Cyr;}}
{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}}{\colortbl;\red0\green0\blue0;}
{\info{\title Saltmere ends its trial}{\author Ada Marsh}{\creatim\yr2021\mo3\dy9\hr10}}
{\*\generator Some program;}\pard\s1 What was decided\par
\pard Caf\'e9 \b council\b0  \u8211? voted{\v  and paid the mayor} on Monday{\footnote\chftn Seven
 to two.}.\line Then it ended. {\f1\'cf\'f0\'e8\'e2\'e5\'f2} \u-10179?\u-8704?\par
{\listtext\'B7\tab}\ls1 The cameras go back\par{\listtext\'B7\tab}The pictures are deleted\par
\pard{\listtext 1.\tab}First the harbour\par\pard
\trowd\cellx100\cellx200\intbl Year\cell Cost\cell\row\trowd\intbl 2019\cell\'a310,000\cell\row
\pard{\field{\*\fldinst HYPERLINK "http://x.example"}{\fldrslt A link}} {\pict\pngblip 89504e47}end.
\par}"""
