from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .browser_home import CONTRACT, MARKERS, ask, focused, go_to_corpus, marked, overflow

pytestmark = pytest.mark.browser

LIGHTHOUSE = "The Varnholm lighthouse is 93 metres high and was finished in 1911 by Karl Maß."
QUESTION = "How high is the Varnholm lighthouse?"


def test_a_document_is_uploaded_asked_about_and_removed(page: Page, home: Path, tmp_path: Path):
    name = "Leuchtturm & Größe (1911).md"
    (tmp_path / name).write_text(f"---\ntitle: The tower\n---\n\n{LIGHTHOUSE}\n", encoding="utf-8")
    binary, other = tmp_path / "binary.txt", tmp_path / "letter.xyz"
    binary.write_bytes(bytes(range(256)) * 8)
    other.write_text("hello")
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(25_000_001)  # a byte more than a document may have

    go_to_corpus(page)
    rows = page.locator(".corpus tbody tr")
    before = rows.count()
    page.set_input_files("#upload input[type=file]", [tmp_path / name, binary, large, other])
    # It is told of by itself, and takes nothing with it that came along.
    expect(page.locator("#upload-hint li")).to_contain_text("large.txt")
    states = page.locator("#log .state")
    expect(states).to_have_text(["added", "failed", "failed"])
    expect(page.locator("#log b")).to_have_text([name, "binary.txt", "letter.xyz"])
    expect(rows).to_have_count(before + 1)
    assert (home / "documents" / name).exists()

    page.get_by_role("tab", name="Chat").click()
    answer = ask(page, QUESTION)
    expect(answer).to_contain_text(LIGHTHOUSE)
    marker = page.locator(MARKERS).first
    marker.click()
    expect(page.locator("#hit")).to_be_visible()
    assert marked(page) == LIGHTHOUSE
    page.keyboard.press("Escape")

    go_to_corpus(page)
    row = rows.filter(has_text="The tower")
    remove = row.locator("[data-remove]")
    remove.click()
    expect(remove).to_have_text("Really remove?")
    expect(rows).to_have_count(before + 1)
    remove.click()
    expect(page.locator(".notice")).to_have_text("Removed “The tower”.")
    expect(rows).to_have_count(before)
    page.locator(".corpus").get_by_role("button", name="Undo").click()
    expect(page.locator(".notice")).to_have_text("“The tower” is back.")
    expect(rows).to_have_count(before + 1)
    assert (home / "documents" / name).exists()
    for _ in range(2):
        rows.filter(has_text="The tower").locator("[data-remove]").click()
    expect(page.locator(".notice")).to_have_text("Removed “The tower”.")
    expect(rows).to_have_count(before)
    assert not (home / "documents" / name).exists()

    page.get_by_role("tab", name="Chat").click()
    marker.click()
    expect(page.locator("#reader h2")).to_have_text("Document not available")
    expect(page.locator("#hit")).to_have_count(0)

    page.reload()
    expect(page.locator("#reader h2")).to_have_text("Document not available")
    expect(page.locator("#sources .card.gone")).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator(MARKERS).first.click()
    expect(page.locator("#reader h2")).to_have_text("Document not available")

    again = ask(page, QUESTION)
    expect(again).not_to_contain_text(LIGHTHOUSE)


def test_an_upload_that_is_there_already_is_unchanged(page: Page, home: Path, tmp_path: Path):
    copy = tmp_path / "library.txt"
    copy.write_bytes((home / "documents" / "library.txt").read_bytes())
    go_to_corpus(page)
    page.set_input_files("#upload input[type=file]", copy)
    expect(page.locator("#log .state")).to_have_text(["unchanged"])


def test_a_folder_is_added_with_what_lies_in_it_but_hidden_files(
    page: Page, home: Path, tmp_path: Path
):
    for name in ("letters/2021/pier.txt", "letters/2022/pier.txt", "letters/.cache/pier.txt"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(
            f"The pier of {name[8:12]}\n\nIt was painted in May of {name[8:12]}.\n", "utf-8"
        )
    go_to_corpus(page)
    page.set_input_files("#upload-hint input", tmp_path / "letters")
    expect(page.locator("#log .state")).to_have_text(["added", "added"], timeout=30_000)
    expect(page.locator("#log b")).to_have_text(["letters/2021/pier.txt", "letters/2022/pier.txt"])
    for year in (2021, 2022):
        assert (home / "documents" / "letters" / str(year) / "pier.txt").exists()
    page.locator("#filter input, #filter textarea").fill("pier")
    expect(page.locator(".corpus tbody tr")).to_have_count(2)


def test_files_that_are_chosen_while_others_are_being_added_are_added_too(
    page: Page, tmp_path: Path
):
    go_to_corpus(page)
    colors = ("green", "blue", "grey")
    for number, color in enumerate(colors, 1):
        name = f"boat-{color}.txt"
        (tmp_path / name).write_text(f"The {color} boat\n\nIt left at {number} o'clock.\n", "utf-8")
        # No longer than until the box is empty again; nothing waits for a file to be read.
        expect(page.locator("#upload .file-preview")).to_have_count(0)
        page.set_input_files("#upload input[type=file]", tmp_path / name)
        expect(page.locator("#log")).to_contain_text(name)
    for color in colors:
        expect(page.locator(".corpus")).to_contain_text(f"The {color} boat")
    expect(page.locator("#log .working, #log .waiting")).to_have_count(0)
    expect(page.locator("#log .failed")).to_have_count(0)


def test_the_table_follows_the_folder_when_the_tab_is_opened(page: Page, home: Path):
    go_to_corpus(page)
    expect(page.locator(".corpus")).not_to_contain_text("A letter by hand")
    (home / "documents" / "hand.txt").write_text("A letter by hand\n\nIt came today.\n", "utf-8")
    page.get_by_role("tab", name="Chat").click()
    page.wait_for_timeout(2500)
    page.get_by_role("tab", name="Corpus").click()
    expect(page.locator(".corpus")).to_contain_text("A letter by hand")


def test_the_filter_narrows_the_table(page: Page):
    go_to_corpus(page)
    page.locator("#filter input, #filter textarea").fill("harbour post")
    expect(page.locator(".corpus tbody tr")).to_have_count(1)
    expect(page.locator(".corpus tbody th")).to_contain_text("Harbour ferry")
    page.locator("#filter input, #filter textarea").fill("zebra")
    expect(page.locator(".corpus .none")).to_have_text("No document matches “zebra”.")


def test_on_a_phone_the_evidence_is_a_sheet_and_nothing_scrolls_sideways(phone: Page):
    expect(phone.locator("#right")).to_be_hidden()
    ask(phone, CONTRACT)
    marker = phone.locator(MARKERS).first
    marker.tap()
    expect(phone.locator("#hit")).to_be_in_viewport()
    sheet = phone.locator("#right").bounding_box()
    assert sheet is not None
    assert sheet["width"] == 360
    assert 0.6 * 740 < sheet["height"] < 0.85 * 740
    assert overflow(phone) == 0
    # The sentence that the sheet is about is to be read above it.
    place = marker.bounding_box()
    assert place is not None
    assert place["y"] + place["height"] < sheet["y"]
    phone.locator("#reader").get_by_role("button", name="Close").tap()
    expect(phone.locator("#right")).to_be_hidden()
    assert focused(phone) == marker.get_attribute("href")

    expect(phone.locator("#peek-button")).to_have_text("1 quote · 1 of 1 supported")
    small = "all => all.filter(one => one.offsetParent && one.offsetHeight < 40).length"
    assert (
        phone.locator(".chip, .judge button, .icon-button, .talk button").evaluate_all(small) == 0
    )
    phone.locator("#peek-button").tap()
    expect(phone.locator("#sources .card").first).to_be_in_viewport()
    phone.locator("#sources").get_by_role("button", name="Close").tap()

    go_to_corpus(phone)
    # The list comes first: what adds is folded above it.
    expect(phone.locator("#upload")).to_be_hidden()
    phone.locator("#unfold").get_by_role("button").tap()
    expect(phone.locator("#upload")).to_be_visible()
    upload, table = phone.locator("#upload").bounding_box(), phone.locator("#corpus").bounding_box()
    assert upload is not None
    assert table is not None
    assert upload["y"] < table["y"]
    assert overflow(phone) == 0


def test_the_chosen_colours_are_remembered(page: Page):
    expect(page.locator("body.dark")).to_have_count(0)
    page.get_by_role("button", name="Dark colours").click()
    expect(page.locator("body.dark")).to_have_count(1)
    page.reload()
    expect(page.locator("body.dark")).to_have_count(1)
    expect(page.get_by_role("button", name="Dark colours")).to_have_attribute(
        "aria-pressed", "true"
    )
