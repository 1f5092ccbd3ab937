"""PDFs that are broken, hostile or made by another program."""

from __future__ import annotations

import html
import random
import re
import subprocess
import zlib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.places import find_place
from corpus.readers.pdf import read_pdf

from .pdfs import drawn, lines, paragraphs, report

CHROMIUM = Path("/usr/bin/chromium")
TOKENS = [
    b"/Kids",
    b"/Count",
    b"/Length",
    b"/Contents",
    b"0 R",
    b"endobj",
    b"xref",
    b"stream",
    b"/",
]


@cache
def plain() -> bytes:
    """Return a PDF whose contents are not compressed, so that changes reach them."""
    return drawn(lines("One line.", "Another."), lines("More."), pageCompression=0)


@cache
def full() -> bytes:
    return report()[0]


def read_or_refuse(data: bytes) -> None:
    try:
        raw = read_pdf(data, name="a.pdf")
    except UnreadableFile:
        return
    assert raw.text.strip()
    assert len(raw.line_pages) == len(raw.text.split("\n"))
    assert list(raw.line_pages) == sorted(raw.line_pages)
    assert all(1 <= part.line <= len(raw.line_pages) + 1 for part in raw.dropped)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_pdf_is_read_or_refused(data: st.DataObject) -> None:
    broken = bytearray(data.draw(st.sampled_from([plain(), full()])))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(broken) - 1))
        match data.draw(st.sampled_from(["byte", "cut", "copy", "token", "number"])):
            case "byte":
                broken[at] = data.draw(st.integers(0, 255))
            case "cut":
                del broken[at : at + data.draw(st.integers(1, 200))]
            case "copy":
                broken[at:at] = broken[: data.draw(st.integers(1, 200))]
            case "token":
                broken[at:at] = data.draw(st.sampled_from(TOKENS))
            case "number":
                broken[at:at] = str(data.draw(st.integers(-(2**40), 2**40))).encode()
    read_or_refuse(bytes(broken))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_behind_the_head_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(b"%PDF-1.7\n" + data)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_download_that_broke_off_is_read_or_refused(share: float) -> None:
    read_or_refuse(full()[: int(len(full()) * share)])


def made(*objects: bytes) -> bytes:
    """Return a PDF of these objects, the first being its catalogue, without a table of them."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (at, one) for at, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF"


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"


def test_pages_that_go_round_in_a_loop_end() -> None:
    read_or_refuse(made(CATALOGUE, b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"))
    read_or_refuse(made(CATALOGUE, b"<< /Type /Pages /Count 99999999 /Kids [3 0 R] >>", b"<<>>"))


def test_forms_within_themselves_and_huge_numbers_end() -> None:
    pages = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e30 1e30] /Contents 4 0 R "
        b"/Resources << /XObject << /F 5 0 R >> /Font << /A 6 0 R >> >> >>"
    )
    content = b"/F Do BT /A 1e38 Tf 1e38 0 0 1e38 1e38 -1e38 Tm (Large) Tj ET " * 50
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 5 "
    form += b"/Resources << /XObject << /F 5 0 R >> >> >>\nstream\n/F Do\nendstream"
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    read_or_refuse(made(CATALOGUE, pages, page, stream, form, font))


def test_text_in_a_million_pieces_is_read_in_one_go() -> None:
    content = b"BT /A 9 Tf 50 700 Td " + b"(a) Tj (b ) Tj " * 20_000 + b"ET"
    packed = zlib.compress(content)
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400000 800] /Contents 4 0 R "
        b"/Resources << /Font << /A 5 0 R >> >> >>"
    )
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    pages = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    raw = read_pdf(made(CATALOGUE, pages, page, stream, font), name="a.pdf")
    assert raw.text == " ".join(["ab"] * 20_000)


@pytest.mark.slow
def test_a_long_document_is_read_whole() -> None:
    rng = random.Random(4)
    numbers = [str(rng.randint(10**5, 10**6)) for _ in range(200)]
    pages = [
        lines(
            *(f"{number} line {at} of a page that has as many of them as books" for at in range(45))
        )
        for number in numbers
    ]
    raw = read_pdf(drawn(*pages), name="a.pdf")
    assert re.findall(r"\d{6}(?= line 0 )", raw.text) == numbers
    assert max(raw.line_pages) > 190


# ---------------------------------------------------------------- printed by a browser

PRINTED = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs(25, seed=8))
WEB_PAGE = f"""<!doctype html><html lang="en-GB"><head><title>Cameras in Saltmere</title></head>
<body style="font: 12pt/1.4 'DejaVu Serif'"><h1>Cameras in Saltmere</h1>{PRINTED}
<h2>What was decided</h2><ul><li>The cameras go</li><li>The pictures are deleted, all of them,
by those who have taken them, and before the end of the year in which they were taken</li></ul>
<ol><li>First the office</li><li>Then the station</li></ol>
<table cellpadding="16" style="break-inside: avoid">
<tr><th>Year</th><th>Cost</th><th>Visitors</th></tr><tr><td>2019</td>
<td>10,000</td><td>312</td></tr><tr><td>2020</td><td>12,500</td><td>87</td></tr></table></body></html>"""


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM.is_file(), reason="no Chromium here to print with")
def test_a_page_printed_by_a_browser_reads_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(WEB_PAGE, "utf-8")
    path = tmp_path / "a.pdf"
    flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    subprocess.run(
        [
            *(str(CHROMIUM), *flags.split()),
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--print-to-pdf={path}",
            (tmp_path / "a.html").as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    raw = read_pdf(path.read_bytes(), name="a.pdf")
    assert raw.text.split("\n\n") == [
        "# Cameras in Saltmere",
        *paragraphs(25, seed=8),
        "## What was decided",
        # The browser draws its bullets as circles.
        "The cameras go",
        "The pictures are deleted, all of them, by those who have taken them, and before the end "
        "of the year in which they were taken",
        "1. First the office\n2. Then the station",
        "Year | Cost | Visitors\n2019 | 10,000 | 312\n2020 | 12,500 | 87",
    ]
    assert {part.reason for part in raw.dropped} == {"page header", "page footer"}
    assert (raw.stated.title, raw.stated.language) == ("Cameras in Saltmere", "en-GB")
    for text in paragraphs(25, seed=8):
        assert find_place(path, text, page=raw.line_pages[raw.text.split("\n").index(text)])
