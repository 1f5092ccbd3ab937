from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from corpus.documents import Removed
from corpus.errors import UnreadableFile
from corpus.read import read_document
from corpus.readers import pdf
from corpus.readers.pdf import read_pdf
from corpus.readers.raw import RawText, Stated

from .pdfs import drawn, lines, paragraphs, report, together, two_columns


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_pdf(data, name="a.pdf")
    return str(caught.value)


# ---------------------------------------------------------------- text


def test_a_report_reads_as_its_author_wrote_it() -> None:
    data, text = report()
    assert read_pdf(data, name="a.pdf").text == text


def test_headers_and_footers_go_and_are_named_page_by_page() -> None:
    raw = read_pdf(report()[0], name="a.pdf")
    assert Counter((part.text, part.reason) for part in raw.dropped) == {
        ("Harbour Council: yearly report 2021", "page header"): 3,
        **{(f"Page {n} of 3", "page number"): 1 for n in (1, 2, 3)},
    }
    first, *_, last = raw.dropped
    assert first == Removed(1, "Harbour Council: yearly report 2021", "page header")
    assert last == Removed(len(raw.line_pages) + 1, "Page 3 of 3", "page number")


def test_each_line_knows_the_page_on_which_it_begins() -> None:
    raw = read_pdf(report()[0], name="a.pdf")
    numbers = list(raw.line_pages)
    assert len(numbers) == len(raw.text.split("\n"))
    assert numbers == sorted(numbers)
    assert set(numbers) == {1, 2, 3}


def test_columns_are_read_one_after_the_other() -> None:
    data, text = two_columns()
    assert read_pdf(data, name="a.pdf").text == text


def test_three_columns_under_two_are_read_in_order() -> None:
    texts = [paragraph.split(" ") for paragraph in paragraphs(5, seed=9)]
    blocks = [[" ".join(words[at : at + 4]) for at in range(0, 32, 4)] for words in texts]
    page = together(
        lines(*blocks[0], x=60, y=780, size=8),
        lines(*blocks[1], x=310, y=780, size=8),
        lines(
            "A line that goes over the whole page and so parts its upper half", x=60, y=640, size=13
        ),
        *(lines(*blocks[2 + at], x=60 + at * 170, y=600, size=8) for at in range(3)),
    )
    text = read_pdf(drawn(page), name="a.pdf").text
    places = [text.index(block[0]) for block in blocks]
    assert places == sorted(places)
    assert all(" ".join(block[:2]) in text.replace("\n\n", " ") for block in blocks)


def test_a_paragraph_goes_on_over_the_page_and_past_a_footnote() -> None:
    first = lines(
        "The council had not decided when the", "meeting came to its end, because the", y=120
    )
    note = lines("1 A note at the foot of the page.", y=70, size=8)
    second = lines("mayor was ill and the cameras were", "broken.", y=760)
    raw = read_pdf(drawn(together(first, note), second), name="a.pdf")
    assert raw.text == (
        "The council had not decided when the meeting came to its end, because the mayor was ill "
        "and the cameras were broken.\n\n1 A note at the foot of the page."
    )
    assert raw.line_pages == (1, 1, 1)


def test_a_new_sentence_on_a_new_page_is_a_paragraph_of_its_own() -> None:
    raw = read_pdf(drawn(lines("It is over."), lines("It goes on.")), name="a.pdf")
    assert (raw.text, raw.line_pages) == ("It is over.\n\nIt goes on.", (1, 1, 2))


def test_indents_part_paragraphs_that_have_no_gap_between() -> None:
    page = together(
        lines("    ".strip(), y=720),
        lines("The harbour is open and the cameras that the", x=90, y=700),
        lines("council bought are looking at the empty station", y=686.8),
        lines("while nobody is there to see them.", y=673.6),
        lines("The second paragraph begins where the first line", x=90, y=660.4),
        lines("stands in a little, as books have it.", y=647.2),
    )
    assert read_pdf(drawn(page), name="a.pdf").text == (
        "The harbour is open and the cameras that the council bought are looking at the empty "
        "station while nobody is there to see them.\n\nThe second paragraph begins where the first "
        "line stands in a little, as books have it."
    )


def test_a_page_that_lies_on_its_side_reads_like_any_other() -> None:
    def sideways(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.translate(0, -A4[0])
        lines("This line runs up the page, and so does", "the one beside it.", x=80, y=400)(canvas)

    def turned(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        lines("This page is shown turned, and still reads", "from left to right.")(canvas)

    text = "This line runs up the page, and so does the one beside it."
    assert read_pdf(drawn(sideways), name="a.pdf").text == text
    wide = drawn(turned, size=landscape(A4))
    assert read_pdf(wide, name="a.pdf").text == (
        "This page is shown turned, and still reads from left to right."
    )


# ---------------------------------------------------------------- furniture


def test_page_numbers_alone_and_in_roman_go_wherever_they_stand() -> None:
    body = paragraphs(6, seed=5, length=1)
    numbers = ["i", "ii", "iii", "4", "5", "6"]
    pages = [
        together(lines(text, y=600, size=9), lines(number, x=300 if at % 2 else 500, y=40))
        for at, (text, number) in enumerate(zip(body, numbers, strict=True))
    ]
    raw = read_pdf(drawn(*pages), name="a.pdf")
    assert raw.text == "\n\n".join(body)
    assert [(part.text, part.reason) for part in raw.dropped] == [
        (number, "page number") for number in numbers
    ]


def test_headers_of_left_and_right_pages_are_told_apart_from_chapter_headings() -> None:
    body = paragraphs(8, seed=6, length=1)
    pages = [
        together(
            lines(f"Chapter {at + 1}", y=760, size=18),
            lines(text, y=600, size=9),
            lines(f"{at + 11}   The Cameras" if at % 2 else f"Saltmere   {at + 11}", y=810, size=9),
        )
        for at, text in enumerate(body)
    ]
    raw = read_pdf(drawn(*pages), name="a.pdf")
    assert [line for line in raw.text.split("\n") if line in body] == body
    assert raw.text.count("Chapter") == 8
    assert [part.text for part in raw.dropped] == [
        f"{at + 11} The Cameras" if at % 2 else f"Saltmere {at + 11}" for at in range(8)
    ]


def test_a_line_that_stands_at_the_edge_once_is_text() -> None:
    raw = read_pdf(drawn(lines("Alone at the top.", y=810), lines("Below.", y=60)), name="a.pdf")
    assert (raw.text, raw.dropped) == ("Alone at the top.\n\nBelow.", ())


# ---------------------------------------------------------------- hidden text


def test_text_that_nobody_can_see_goes_and_is_named() -> None:
    def page(canvas: Canvas) -> None:
        lines("All that can be seen is this line.")(canvas)
        written = canvas.beginText(72, 600)
        written.setTextRenderMode(3)
        written.textOut("Never drawn at all")
        written.setTextRenderMode(0)
        canvas.drawText(written)
        canvas.setFillGray(1)
        canvas.drawString(72, 500, "White on white")
        canvas.setFillGray(0)
        lines("Too small to read", y=400, size=0.5)(canvas)
        lines("Beside the page", x=700, y=300)(canvas)
        canvas.rect(60, 180, 300, 60, fill=1)
        canvas.setFillGray(1)
        canvas.drawString(72, 200, "White on black is seen")

    raw = read_pdf(drawn(page), name="a.pdf")
    assert raw.text == "All that can be seen is this line.\n\nWhite on black is seen"
    assert raw.dropped == (
        Removed(3, "Never drawn at all", "hidden text"),
        Removed(3, "White on white", "hidden text"),
        Removed(3, "Too small to read", "hidden text"),
        Removed(3, "Beside the page", "hidden text"),
    )


def test_a_document_of_hidden_text_alone_is_refused() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFillGray(1)
        canvas.drawString(72, 500, "White on white")

    assert refusal(drawn(page)) == (
        "a.pdf has only hidden text. Save its text as .txt or .md, and add that."
    )


# ---------------------------------------------------------------- facts


def test_the_information_of_the_file_is_stated() -> None:
    data = drawn(lines("Text."), title="Cameras in  Saltmere", author="A. Writer", lang="en-GB")
    raw = read_pdf(data, name="a.pdf")
    made = raw.stated.made
    assert made is not None
    assert raw == RawText(
        "Text.",
        "application/pdf",
        Stated("Cameras in Saltmere", language="en-GB", author="A. Writer", made=made),
        line_pages=(1,),
    )
    assert made[:2] == "20"
    assert len(made) == 10


# ---------------------------------------------------------------- refusals


def test_a_locked_file_is_refused_and_an_open_one_with_rights_is_read() -> None:
    page = lines("Text behind a lock.")
    assert refusal(drawn(page, encrypt=StandardEncryption("word", canPrint=0))) == (
        "a.pdf is locked with a password. Save a copy without one, and add that."
    )
    no_password = drawn(page, encrypt=StandardEncryption("", ownerPassword="word", canCopy=0))
    assert read_pdf(no_password, name="a.pdf").text == "Text behind a lock."


def test_damaged_files_are_refused_with_a_next_step() -> None:
    data = drawn(lines("Text."))
    damaged = "a.pdf is a damaged PDF: it could not be opened. Save or download it again."
    assert refusal(b"%PDF-1.7\n" + b"\x00\xff" * 500) == damaged
    assert refusal(b"%PDF-1.4\n") == damaged
    assert refusal(b"no PDF") == "a.pdf is not a PDF, whatever its name says. Name a PDF file."
    assert read_pdf(b"junk\r\n" * 50 + data, name="a.pdf").text == "Text."


def test_blank_pages_and_no_pages_are_refused() -> None:
    assert refusal(drawn(lambda canvas: None)) == (
        "a.pdf has no text: its pages are blank or drawn. Save its text as .txt or .md, and add "
        "that."
    )
    empty = drawn(lines("Text.")).replace(b"/Count 1 /Kids [ 3 0 R ]", b"/Count 0 /Kids [ ]      ")
    assert refusal(empty) == (
        "a.pdf is a damaged PDF: it could not be opened. Save or download it again."
    )


def test_too_many_pages_or_characters_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawn(lines("One."), lines("Two."))
    monkeypatch.setattr(pdf, "MOST_CHARACTERS", 7)
    assert refusal(data) == (
        "a.pdf has over 7 characters of text, the most a PDF may have. Split it into smaller files."
    )
    monkeypatch.setattr(pdf, "MOST_PAGES", 1)
    assert refusal(data) == (
        "a.pdf has 2 pages, and 1 is the most a PDF may have. Split it into smaller files."
    )


def test_the_lines_of_a_form_are_no_page_headers_although_they_count() -> None:
    pages = [
        [
            f"On page {page} the crane number {page}{page}{page} was inspec-",
            "ted by the engineer and approved for the harbour",
            f"until the end of the year 200{page}.",
        ]
        for page in range(1, 6)
    ]
    raw = read_pdf(drawn(*(lines(*page, y=790) for page in pages)), name="form.pdf")
    assert raw.dropped == ()
    for page in range(1, 6):
        assert (
            f"On page {page} the crane number {page}{page}{page} was inspected by the engineer and "
            f"approved for the harbour until the end of the year 200{page}."
        ) in raw.text


def test_a_paragraph_over_pages_knows_where_each_of_them_begins(tmp_path: Path) -> None:
    sentences = [f"Sentence {number} tells of the harbour and its cranes." for number in range(90)]
    texts = [f"{one} {other}" for one, other in zip(sentences[::2], sentences[1::2], strict=True)]
    path = tmp_path / "long.pdf"
    path.write_bytes(drawn(*(lines(*texts[at : at + 15]) for at in (0, 15, 30))))
    document = read_document(path, folder=tmp_path).document
    assert document.text.count("\n\n") < 2  # so one paragraph at least runs over
    found = [document.page_at(document.text.index(sentence)) for sentence in sentences]
    assert found == [1] * 30 + [2] * 30 + [3] * 30
