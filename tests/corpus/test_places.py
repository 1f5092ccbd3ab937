from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFile
from corpus.places import Place, find_place, page_image
from corpus.readers.pdf import read_pdf

from .pdfs import drawn, lines, report, scan, together, two_columns


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "a.pdf"
    path.write_bytes(data)
    return path


def letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def words_inside(path: Path, places: tuple[Place, ...]) -> str:
    """Read the text within the boxes again, by the library's own search for text in a box."""
    document = pypdfium2.PdfDocument(path)
    found = []
    for place in places:
        text = document[place.page - 1].get_textpage()
        for x0, y0, x1, y1 in place.boxes:
            found.append(
                text.get_text_bounded(x0 - 0.2, place.height - y1, x1 + 0.2, place.height - y0)
            )
    document.close()
    return "".join(found)


@pytest.mark.parametrize("make", [report, two_columns])
def test_every_sentence_is_found_and_its_boxes_hold_its_words(make, tmp_path: Path) -> None:
    data, _ = make()
    path = saved(tmp_path, data)
    raw = read_pdf(data, name="a.pdf")
    quotes = [
        (sentence, page)
        for line, page in zip(raw.text.split("\n"), raw.line_pages, strict=True)
        for sentence in re.split(r"(?<=\.) ", line.lstrip("#- "))
        if sentence and "|" not in sentence
    ]
    over = 0
    for sentence, page in quotes[::3] + quotes[-3:]:
        places = find_place(path, sentence, page=page)
        assert letters(words_inside(path, places)) == letters(sentence)
        over += len(places) == 2
    assert len(quotes) > 80


def test_a_quote_that_runs_over_the_page_has_a_place_on_both(tmp_path: Path) -> None:
    foot = lines("Page 1 of 2", x=280, y=40, size=8)
    first = together(lines("It was clear that the exam-", y=120), foot)
    second = lines("ple was well-", "known.", y=760)
    path = saved(tmp_path, drawn(first, second))
    places = find_place(path, "the example was well-known.", page=1)
    assert [(place.page, len(place.boxes)) for place in places] == [(1, 1), (2, 2)]
    assert letters(words_inside(path, places)) == "theexamplewaswellknown"
    assert [place.page for place in find_place(path, "well-known", page=1)] == [2]


def test_boxes_are_in_points_from_the_top_left_corner(tmp_path: Path) -> None:
    path = saved(tmp_path, drawn(lines("One two three", x=100, y=700, size=10)))
    (place,) = find_place(path, "two", page=1)
    assert (place.page, place.width, place.height) == (1, *map(pytest.approx, A4))
    ((x0, y0, x1, y1),) = place.boxes
    assert x0 == pytest.approx(100 + 21, abs=1.5)
    assert x1 == pytest.approx(x0 + 15.6, abs=1.5)
    assert y0 < A4[1] - 700 < y1
    assert 8 < y1 - y0 < 14


def test_a_box_on_a_turned_page_lies_on_the_page_as_it_is_shown(tmp_path: Path) -> None:
    def turned(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        lines("Across", x=100, y=400, size=40)(canvas)

    path = saved(tmp_path, drawn(turned))
    (place,) = find_place(path, "across", page=1)
    assert (place.width, place.height) == (pytest.approx(A4[0]), pytest.approx(A4[1]))
    image = tmp_path / "page.png"
    image.write_bytes(page_image(path, 1, width_px=595))
    with Image.open(image) as picture:
        inked = picture.convert("L").point(lambda grey: 255 * (grey < 128)).getbbox()
    assert inked is not None
    ((x0, y0, x1, y1),) = place.boxes
    assert x0 <= inked[0] + 1
    assert y0 <= inked[1] + 1
    assert x1 >= inked[2] - 1
    assert y1 >= inked[3] - 1
    assert x1 - x0 < 60


def test_case_accents_ligatures_and_spaces_make_no_difference(tmp_path: Path) -> None:
    path = saved(tmp_path, drawn(lines("The caf\u00e9's 'of-fice' is shut")))
    (place,) = find_place(path, "Cafe\u0301\u2019s   o\ufb03ce\u00a0IS", page=1)
    assert len(place.boxes) == 1


def test_what_is_not_there_has_no_place(tmp_path: Path) -> None:
    path = saved(tmp_path, drawn(lines("Some text.")))
    for quote, page in (("other text", 1), ("", 1), ("...", 1), ("Some text.", 2), ("Some", 0)):
        assert find_place(path, quote, page=page) == ()


def test_a_quote_from_a_scan_has_its_page_and_no_boxes(tmp_path: Path) -> None:
    path = saved(tmp_path, drawn(scan(["Words in a picture"])))
    assert find_place(path, "Words in a picture", page=1) == (
        Place(1, pytest.approx(A4[0]), pytest.approx(A4[1]), ()),  # type: ignore[arg-type]
    )


def test_a_page_is_drawn_as_wide_as_asked_within_bounds(tmp_path: Path) -> None:
    path = saved(tmp_path, drawn(lines("A word in black.", size=30)))
    for asked, width in ((400, 400), (1, 16), (10**9, 4000)):
        image = tmp_path / "page.png"
        image.write_bytes(page_image(path, 1, width_px=asked))
        with Image.open(image) as picture:
            picture.load()
            assert picture.mode == "RGB"
            assert picture.width == pytest.approx(width, abs=1)
            assert picture.height / picture.width == pytest.approx(A4[1] / A4[0], rel=0.05)
            low, high = picture.convert("L").getextrema()
    assert (low, high) == (0, 255)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, drawn(lines("Text.")))
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    for call, message in (
        (lambda: page_image(path, 2, width_px=100), "has no readable page 2 (it has 1)"),
        (lambda: page_image(bad, 1, width_px=100), "is a damaged PDF"),
        (lambda: find_place(bad, "x", page=1), "is a damaged PDF"),
        (lambda: find_place(tmp_path / "none.pdf", "x", page=1), "There is no file"),
        (lambda: find_place(tmp_path, "x", page=1), "could not be read"),
    ):
        with pytest.raises(UnreadableFile, match=re.escape(message)):
            call()


def test_many_threads_may_ask_at_once(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    path = saved(tmp_path, report()[0])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: find_place(path, "The contract ends", page=3), range(24)))
    assert len(set(found)) == 1
    assert found[0][0].page == 3
