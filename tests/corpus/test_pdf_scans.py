from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.documents import Removed
from corpus.errors import UnreadableFile
from corpus.readers import ocr, pdf_pages
from corpus.readers.pdf import read_pdf
from corpus.readers.pdf_file import open_pdf

from .pdfs import drawn, lines, scan, together

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="Tesseract is not installed here"
)
PAGE = ["The harbour of Saltmere was closed in May", "after the cameras had been taken down."]
NEXT = ["Nobody has asked for them since then."]
FIRST, SECOND = " ".join(PAGE), NEXT[0]


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("without_tesseract")
def test_a_scan_is_refused_with_the_way_out_where_nothing_can_read_it() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_pdf(drawn(scan(PAGE)), name="a.pdf")
    assert str(caught.value) == (
        "a.pdf has no text, only pictures of pages (a scan). Install Tesseract (tesseract-ocr) and "
        "add it again, or save it with a text layer."
    )


@pytest.mark.usefixtures("without_tesseract")
def test_text_between_scans_is_read_and_the_scans_are_named() -> None:
    raw = read_pdf(drawn(scan(PAGE), lines("Text."), scan(PAGE), scan(PAGE)), name="a.pdf")
    assert raw.text == "Text."
    assert raw.stated.problems == (
        "pages 1, 3-4 were without text, only pictures (a scan): install Tesseract "
        "(tesseract-ocr) and add the file again",
    )


@needs_tesseract
def test_a_scan_is_read_by_ocr_and_says_so() -> None:
    raw = read_pdf(drawn(scan(PAGE), lines("Between."), scan(NEXT)), name="a.pdf")
    assert raw.text == f"{FIRST}\n\nBetween.\n\n{SECOND}"
    assert raw.line_pages == (1, 1, 2, 2, 3)
    assert raw.stated.problems == ("pages 1, 3 were read by OCR: check the text",)


@pytest.mark.slow
@needs_tesseract
def test_paragraphs_of_a_scan_are_kept_apart_and_joined_over_pages() -> None:
    first = [*PAGE, "", "The second part of this page ends in the midst of a"]
    raw = read_pdf(drawn(scan(first), scan(["sentence that goes on here."])), name="a.pdf")
    assert raw.text.split("\n\n") == [
        FIRST,
        "The second part of this page ends in the midst of a sentence that goes on here.",
    ]


@needs_tesseract
def test_a_picture_without_words_gives_none() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_pdf(drawn(scan([])), name="a.pdf")
    assert str(caught.value) == (
        "a.pdf has no text, only pictures of pages (a scan), and Tesseract found none in them. "
        "Scan it again, sharper, or save it with a text layer."
    )


@pytest.mark.slow
@needs_tesseract
def test_ocr_stops_after_so_many_pages_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "MOST_OCR_PAGES", 1)
    raw = read_pdf(drawn(scan(NEXT), scan(PAGE)), name="a.pdf")
    assert raw.text == SECOND
    assert raw.stated.problems == (
        "page 1 was read by OCR: check the text",
        "page 2 was not read: OCR stops after 1 pages of a file, so split it into smaller ones",
    )


def test_a_tesseract_that_fails_costs_its_page_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    ocr._installed_languages.cache_clear()
    raw = read_pdf(drawn(scan(PAGE), lines("Text.")), name="a.pdf")
    ocr._installed_languages.cache_clear()
    assert raw.text == "Text."
    assert raw.stated.problems == ("page 1 was not read, because OCR failed: add the file again",)


def test_a_text_layer_over_a_scan_counts_as_text() -> None:
    stamp = lines("Downloaded from a library", x=200, y=30, size=8)
    raw = read_pdf(drawn(together(scan(PAGE, layer=True), stamp)), name="a.pdf")
    assert raw.text == f"{FIRST}\n\nDownloaded from a library"
    assert raw.dropped == ()


def test_invisible_text_beside_real_text_does_not_pass_as_a_layer() -> None:
    page = together(scan(PAGE, layer=True), lines("Seen by everybody", y=300))
    raw = read_pdf(drawn(page), name="a.pdf")
    assert raw.text == "Seen by everybody"
    assert raw.dropped == tuple(Removed(1, text, "hidden text") for text in PAGE)


@needs_tesseract
def test_lines_read_by_ocr_lie_where_they_are_drawn() -> None:
    with open_pdf(drawn(scan(PAGE)), name="a.pdf") as file:
        picture = file.picture(1, scale=3.0, grey=True)
    (paragraph,) = ocr.recognise(picture, scale=3.0, language="en")
    assert [segment.text for segment in paragraph] == PAGE
    for at, segment in enumerate(paragraph):
        x0, y0, x1, y1 = segment.box
        assert (x0, y0) == pytest.approx((72, 95.5 + at * 19.4), abs=4)
        assert 8 < y1 - y0 < 16
        assert x1 > 290
