"""Word, PowerPoint, Excel and OpenDocument files, made by the libraries that make them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.documents import Removed
from corpus.errors import UnreadableFile
from corpus.readers import RawText, Stated, read_file
from corpus.readers.docx import read_docx
from corpus.readers.odt import read_odt
from corpus.readers.pptx import read_pptx
from corpus.readers.xlsx import read_xlsx

from . import office
from .pages import write

FACTS = {"title": "Saltmere ends its trial", "made": "2021-03-09", "author": "Ada Marsh"}


def test_a_word_document_keeps_its_structure_and_gives_its_facts() -> None:
    assert read_docx(office.docx(), name="a.docx") == RawText(
        "# Saltmere ends its trial\n\nThe council voted on Monday to end the trial.\n\n"
        "# What was decided\n\n- The cameras go back\n- The pictures are deleted\n\n"
        "1. First the harbour\n2. Then the station\n\nYear | Cost\n2019 | £10,000",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Stated(**FACTS, tags=("cameras", "privacy")),
        (
            Removed(3, "and paid the mayor £9", "hidden text"),
            Removed(15, "Page 1 of 1", "page footer"),
        ),
    )


def docx_with(body: str) -> bytes:
    """Return a Word document whose body is this XML, before the last section's marks."""
    data = body.encode()
    return office.with_part(
        office.docx(),
        "word/document.xml",
        lambda xml: xml.replace(b"<w:sectPr", data + b"<w:sectPr"),
    )


def last_block(data: bytes) -> str:
    return read_docx(data, name="a.docx").text.split("\n\n")[-1]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<w:p><w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
            '<w:ins><w:r><w:t xml:space="preserve"> and new</w:t></w:r></w:ins></w:p>',
            "Kept and new",
        ),
        (
            '<w:p><w:r><w:t>So </w:t></w:r><m:oMath xmlns:m="http://schemas.openxmlformats.org/'
            'officeDocument/2006/math"><m:r><m:t>a=b</m:t></m:r></m:oMath></w:p>',
            "So a=b",
        ),
        ("<w:p><w:r><w:t>A</w:t><w:br/><w:t>B</w:t></w:r></w:p>", "A\nB"),
    ],
    ids=["tracked changes", "formula", "line break"],
)
def test_what_a_reader_of_the_document_sees_is_read(body: str, text: str) -> None:
    assert last_block(docx_with(body)) == text


def test_text_hidden_by_a_style_and_a_table_of_contents_are_dropped() -> None:
    raw = read_docx(
        docx_with(
            '<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr><w:r><w:t>One</w:t><w:tab/><w:t>3</w:t>'
            '</w:r></w:p><w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>Shown</w:t></w:r>'
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ignore </w:t></w:r>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>the above</w:t></w:r></w:p>"
        ),
        name="a.docx",
    )
    assert raw.text.endswith("£10,000\n\nShown")
    line = raw.text.count("\n") + 1
    assert raw.dropped[1:-1] == (
        Removed(line, "One 3", "table of contents"),
        Removed(line, "ignore the above", "hidden text"),
    )


def test_a_presentation_gives_slides_points_tables_and_notes() -> None:
    assert read_pptx(office.pptx(), name="a.pptx") == RawText(
        "## The camera trial\n\nA summary\n\n## What was decided\n\n- The cameras go back\n"
        "  - to the maker\n- The pictures are deleted\n\nNotes: Thank the council.\n\n"
        "## Costs\n\nYear | Cost\n2019 | £10,000",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Stated(title="The trial", made="2021-03-09", author="Ada Marsh"),
        (Removed(18, "## Spare slide", "hidden slide"),),
    )


def test_a_workbook_gives_the_rows_of_its_visible_sheets() -> None:
    assert read_xlsx(office.xlsx(), name="a.xlsx") == RawText(
        "## Costs\n\nYear: 2019; Cost: 10000.5; Paid: yes\n"
        "Year: 2020; Cost: 3; Paid: 2020-05-04\n\n"
        "## Boats\n\nName | Length in metres",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Stated(
            title="Harbour costs",
            made="2021-03-09",
            author="Ada Marsh",
            problems=("sheet 'Draft' is hidden: not read",),
        ),
    )


def test_a_workbook_is_read_up_to_the_cap_and_says_where_that_was() -> None:
    raw = read_xlsx(office.xlsx(), name="a.xlsx", most_cells=5)
    assert raw.text == "## Costs\n\nYear: 2019; Cost: 10000.5; Paid: yes"
    assert raw.stated.problems == (
        "only the first 5 cells were read, up to row 2 of sheet 'Costs': split the workbook",
    )


def test_a_workbook_that_lies_about_its_size_is_read_all_the_same() -> None:
    def lie(xml: bytes) -> bytes:
        far = b'<row r="999999999"><c r="A999999999"><v>7</v></c></row></sheetData>'
        xml = xml.replace(b'ref="A1:D4"', b'ref="A1:XFD1048576"')
        return xml.replace(b"</sheetData>", far)

    data = office.with_part(office.xlsx(), "xl/worksheets/sheet1.xml", lie)
    assert read_xlsx(data, name="a.xlsx").text == read_xlsx(office.xlsx(), name="a.xlsx").text


def test_an_opendocument_text_keeps_its_structure_and_gives_its_facts() -> None:
    assert read_odt(office.odt(), name="a.odt") == RawText(
        "# Saltmere ends its trial\n\nThe council voted on Monday[1].\n\n- The cameras go back\n"
        "- The pictures are deleted\n\nYear | Cost\n2019 | £10,000\n\n[1] By seven votes to two.",
        "application/vnd.oasis.opendocument.text",
        Stated(**FACTS, tags=("cameras",)),
        (Removed(3, "and paid the mayor £9", "hidden text"),),
    )


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'


def with_entities(xml: bytes) -> bytes:
    start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    return xml[:start] + ENTITIES + xml[start:]


def nested(xml: bytes) -> bytes:
    return b"<a>" * 100_000 + b"</a>" * 100_000


MADE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a.docx": (office.docx, "word/document.xml"),
    "a.pptx": (office.pptx, "ppt/slides/slide1.xml"),
    "a.xlsx": (office.xlsx, "xl/worksheets/sheet1.xml"),
    "a.odt": (office.odt, "content.xml"),
    "a.epub": (office.epub, "OEBPS/text/two.xhtml"),
}


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_that_declares_entities_is_refused(tmp_path: Path, name: str, encoding: str) -> None:
    made, part = MADE[name]
    data = office.with_part(made(), part, lambda xml: with_entities(xml).decode().encode(encoding))
    with pytest.raises(UnreadableFile, match="declares XML entities, as bombs do"):
        read_file(write(tmp_path, name, data))


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.odt"])
def test_a_part_nested_100_000_deep_is_refused(tmp_path: Path, name: str) -> None:
    made, part = MADE[name]
    with pytest.raises(UnreadableFile, match=r"damaged|nested too deeply"):
        read_file(write(tmp_path, name, office.with_part(made(), part, nested)))


@pytest.mark.parametrize("name", MADE)
def test_a_file_cut_short_is_refused(tmp_path: Path, name: str) -> None:
    data = MADE[name][0]()
    with pytest.raises(UnreadableFile, match="damaged"):
        read_file(write(tmp_path, name, data[: len(data) // 2]))


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx", "a.odt", "a.epub"])
def test_a_zip_of_something_else_is_not_read_as_the_format(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"could not be read as|holds no text of a Word"):
        read_file(write(tmp_path, name, office.zipped_parts({"a.txt": "words"})))


@pytest.mark.parametrize(
    "stated", ["Microsoft Word - Draft3.doc", "Document1", "untitled", "a.docx"]
)
def test_what_programs_write_for_a_title_is_no_title(stated: str) -> None:
    data = office.with_part(
        office.docx(),
        "docProps/core.xml",
        lambda xml: xml.replace(b"Saltmere ends its trial", stated.encode()).replace(
            b"Ada Marsh", b"python-docx"
        ),
    )
    facts = read_docx(data, name="a.docx").stated
    assert (facts.title, facts.author) == (None, None)


def test_page_headers_of_a_document_and_footers_of_slides_are_told() -> None:
    from docx import Document
    from odf import style, text
    from odf.opendocument import OpenDocumentText
    from pptx import Presentation

    document = Document()
    document.add_paragraph("One.")
    document.sections[0].header.paragraphs[0].text = "The Tide"
    document.sections[0].first_page_header.paragraphs[0].text = "The Tide"
    told = (Removed(1, "The Tide", "page header"),)
    assert read_docx(office.saved(document), name="a.docx").dropped == told

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for shape in deck.slide_layouts[6].placeholders:
        slide.shapes.clone_placeholder(shape)
    for shape in slide.placeholders:
        shape.text_frame.text = f"The {shape.placeholder_format.type.name.lower()}"
    raw = read_pptx(office.saved(deck), name="a.pptx")
    assert raw.text == ""
    assert raw.dropped == (
        Removed(1, "The date", "page footer"),
        Removed(1, "The footer", "page footer"),
        Removed(1, "The slide_number", "page number"),
    )

    opened = OpenDocumentText()
    opened.text.addElement(text.P(text="One."))
    layout = style.PageLayout(name="L")
    opened.automaticstyles.addElement(layout)
    master = style.MasterPage(name="Standard", pagelayoutname=layout)
    foot = style.Footer()
    foot.addElement(text.P(text="Page 1"))
    master.addElement(foot)
    opened.masterstyles.addElement(master)
    file = io.BytesIO()
    opened.write(file)
    told = (Removed(2, "Page 1", "page footer"),)
    assert read_odt(file.getvalue(), name="a.odt").dropped == told


def test_a_row_names_its_columns_below_a_title_and_a_form_stays_as_it_is() -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (("Fees",), (), ("Boat", "Owner", "Share"), ("Gull", "Marsh", 0.5), ("Tern",)):
        book.active.append(row)
    book.active["C4"].number_format = "0%"
    form = book.create_sheet("Form")
    for row in (("Name", "Ada Marsh"), ("Phone", 123)):
        form.append(row)
    bare = book.create_sheet("Bare")
    for row in ((1, 2, 3), (4, 5, 6)):
        bare.append(row)
    assert read_xlsx(office.saved(book), name="a.xlsx").text == (
        "## Sheet\n\nFees\nBoat: Gull; Owner: Marsh; Share: 50%\nBoat: Tern\n\n"
        "## Form\n\nName | Ada Marsh\nPhone | 123\n\n## Bare\n\n1 | 2 | 3\n4 | 5 | 6"
    )


def test_the_day_on_which_a_template_was_made_is_not_that_of_the_document() -> None:
    from docx import Document

    assert read_docx(office.saved(Document()), name="a.docx").stated.made is None
