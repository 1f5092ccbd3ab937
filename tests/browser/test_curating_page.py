from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from .browser_home import MARKERS, ask, go_to_corpus, marked, overflow
from .curated_home import (
    BRIDGE,
    BRIDGE_QUESTION,
    NEWSLETTER,
    NEWSLETTER_QUESTION,
    PDF_QUESTION,
    PDF_QUOTE,
)

pytestmark = pytest.mark.browser


def details(page: Page, title: str) -> Locator:
    """Open a document's panel from its row and return it."""
    go_to_corpus(page)
    page.locator(".corpus tbody tr").filter(has_text=title).locator("[data-open]").click()
    panel = page.locator("#details .details")
    expect(panel.locator("h2")).to_have_text(title)
    return panel


@pytest.fixture
def page(curated_page: Page) -> Page:
    """The chat over the home whose documents have something to curate."""
    return curated_page


def test_facts_are_corrected_and_the_table_shows_them(page: Page, curated_home: Path):
    panel = details(page, "Mole repairs begin")
    expect(panel.locator(".field.date .guessed")).to_have_text("guessed")
    panel.get_by_label("Outlet").fill("The Harbour Post")
    panel.get_by_label("Tags").fill("mole, harbour")
    panel.get_by_label("This is right: Date").check()
    panel.get_by_role("button", name="Save").click()
    expect(panel.locator(".notice")).to_have_text("Saved.")
    expect(panel.locator(".field.date .guessed")).to_have_count(0)
    row = page.locator(".corpus tbody tr").filter(has_text="Mole repairs begin")
    expect(row).to_contain_text("The Harbour Post")
    written = (curated_home / "documents" / "mole.txt.meta.yaml").read_text(encoding="utf-8")
    assert "source: The Harbour Post" in written
    assert "2023-06-21" in written


def test_a_bad_date_is_told_at_the_field_and_nothing_is_saved(page: Page, curated_home: Path):
    panel = details(page, "Tower opens again")
    panel.get_by_label("Date").fill("31 February")
    panel.get_by_label("Author").fill("Somebody New")
    panel.get_by_role("button", name="Save").click()
    date = panel.get_by_label("Date")
    expect(date).to_have_attribute("aria-invalid", "true")
    expect(date).to_be_focused()
    expect(panel.locator(".field.date .error")).to_have_text(
        "“31 February” is no date. Write it as year-month-day: 2024-03-31."
    )
    expect(panel.get_by_label("Author")).to_have_value("Somebody New")
    assert not (curated_home / "documents" / "tower.md.meta.yaml").exists()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_a_part_that_was_taken_out_is_put_back_found_and_taken_out_again(page: Page):
    panel = details(page, "Ferry prices rise")
    part = panel.locator(".parts li").filter(has_text=NEWSLETTER)
    expect(part.locator(".reason")).not_to_be_empty()
    part.get_by_role("button", name="Put back").click()
    expect(panel.locator(".notice")).to_contain_text("Put back")
    expect(panel.locator(".restored li")).to_contain_text(NEWSLETTER)

    page.get_by_role("tab", name="Chat").click()
    expect(ask(page, NEWSLETTER_QUESTION)).to_contain_text(NEWSLETTER)

    panel = details(page, "Ferry prices rise")
    panel.get_by_role("button", name="Take out again").click()
    expect(panel.locator(".notice")).to_have_text("Taken out again.")
    expect(panel.locator(".restored")).to_have_count(0)


def test_a_quarantined_document_is_not_cited_until_it_is_released(page: Page):
    expect(ask(page, BRIDGE_QUESTION)).not_to_contain_text(BRIDGE)
    panel = details(page, "Bridge repairs")
    expect(panel.locator(".quarantine li").first).to_contain_text(re.compile("instruction", re.I))
    release = panel.locator("[data-act=release]")
    release.click()
    expect(release).to_have_text("Really release?")
    release.click()
    expect(panel.locator(".notice")).to_have_text("Released: answers may use it now.")
    expect(panel.locator(".quarantine")).to_have_count(0)

    page.get_by_role("tab", name="Chat").click()
    expect(ask(page, BRIDGE_QUESTION)).to_contain_text(BRIDGE)
    page.locator(MARKERS).last.click()
    expect(page.locator("#hit")).to_be_visible()
    assert marked(page) == BRIDGE


def test_a_citation_of_a_pdf_shows_its_page_with_the_quote_boxed(page: Page):
    expect(ask(page, PDF_QUESTION)).to_contain_text(PDF_QUOTE)
    expect(page.locator("#sources .card i").first).to_contain_text("page 2")
    page.locator(MARKERS).first.click()
    expect(page.locator("#reader .about small")).to_contain_text("page 2")
    expect(page.locator("#reader .page-mark")).to_have_text(["Page 1", "Page 2", "Page 3"])
    show = page.get_by_role("button", name="Show the page")
    expect(show).to_be_in_viewport()  # also where the quote is far down the text
    show.click()
    picture = page.locator("#reader .page-picture img")
    expect(picture).to_be_visible()
    expect(page.locator("#reader .page-picture .box").first).to_be_in_viewport()
    box = page.locator("#reader .page-picture .box").first.bounding_box()
    sheet = picture.bounding_box()
    assert box is not None
    assert sheet is not None
    assert sheet["x"] <= box["x"] < box["x"] + box["width"] <= sheet["x"] + sheet["width"] + 1
    assert picture.evaluate("one => one.naturalWidth") > 600
    page.get_by_role("button", name="Enlarge").click()
    larger = picture.bounding_box()
    assert larger is not None
    assert larger["width"] > 1.5 * sheet["width"]
    expect(page.locator("#reader .page-picture .box").first).to_be_in_viewport()
    # Who looks at pages sees that of the next document too.
    page.keyboard.press("Escape")
    page.locator(MARKERS).first.click()
    expect(picture).to_be_visible()
    page.get_by_role("button", name="Hide the page").click()
    expect(picture).to_be_hidden()


def test_a_made_up_reference_draws_no_page(page: Page):
    said = page.evaluate(
        """async () => {
          const config = window.gradio_config;
          const reader = config.components.find(one => one.props.elem_id === 'reader');
          const answer = await fetch('/gradio_api/component_server', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ data: ['../../etc/passwd'], component_id: reader.id,
              fn_name: 'page_picture', session_hash: 'x' }),
          });
          return answer.text();
        }"""
    )
    assert "be shown: the document was removed or changed" in said


def test_saving_twice_what_was_not_changed_says_so_twice(page: Page):
    panel = details(page, "Annual harbour report")
    for _ in range(2):
        panel.get_by_role("button", name="Save").click()
        expect(panel.locator(".notice")).to_have_text("Nothing was changed.")
        expect(panel.get_by_role("button", name="Save")).to_be_enabled()


def test_what_was_typed_outlasts_what_is_done_beside_it(page: Page):
    panel = details(page, "Ferry prices rise")
    panel.get_by_label("Author").fill("Ada Lindqvist")
    panel.get_by_role("button", name="Read the text").click()
    expect(panel.locator(".doc")).to_contain_text("A crossing of the bay")
    panel.get_by_role("button", name="Back to the details").click()
    expect(panel.get_by_label("Author")).to_have_value("Ada Lindqvist")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(details(page, "Ferry prices rise").get_by_label("Author")).to_have_value("Ada Lindqvist")
    details(page, "Mole repairs begin")
    expect(page.get_by_label("Author")).to_have_value("")


def test_the_table_sorts_by_its_heads(page: Page):
    go_to_corpus(page)
    titles = page.locator(".corpus tbody button.title")
    page.get_by_role("button", name="Document").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Document")
    names = [text.casefold() for text in titles.all_text_contents()]
    assert names == sorted(names)
    page.get_by_role("button", name="Document").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Document")
    assert [text.casefold() for text in titles.all_text_contents()] == names[::-1]
    expect(page.get_by_role("button", name="Document")).to_be_focused()


def test_everything_can_be_done_with_the_keyboard_alone(page: Page):
    go_to_corpus(page)
    title = page.locator(".corpus tbody button.title").filter(has_text="Tower opens again")
    title.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#details .details")
    expect(panel.locator("h2")).to_be_focused()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Tab")
    expect(panel.get_by_label("Title")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Ada Lindqvist")
    page.keyboard.press("Enter")
    expect(panel.locator(".notice")).to_have_text("Saved.")
    expect(panel.locator(".notice")).to_be_focused()
    panel.locator("[data-act=read]").focus()
    page.keyboard.press("Enter")
    expect(panel.locator(".doc")).to_contain_text("The tower has 312 steps.")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(title).to_be_focused()


def test_a_web_address_on_this_machine_is_refused_in_a_sentence(page: Page, site: str):
    go_to_corpus(page)
    rows = page.locator(".corpus tbody tr")
    before = rows.count()
    address = page.get_by_label("Add a web page, a feed or a sitemap")
    address.fill(site)
    page.keyboard.press("Enter")
    line = page.locator("#web-log li.failed")
    expect(line.locator("b")).to_have_text(site)
    expect(line.locator(".detail")).to_contain_text(re.compile(r"\w+\.$"))
    expect(address).to_have_value(site)
    expect(page.locator("#fetch [type=submit]")).to_be_enabled()
    expect(rows).to_have_count(before)


def test_a_path_is_no_web_address(page: Page):
    go_to_corpus(page)
    address = page.get_by_label("Add a web page, a feed or a sitemap")
    address.fill("/etc/passwd")
    page.keyboard.press("Enter")
    expect(page.locator("#fetch .error")).to_contain_text("Give the address of a web page")
    expect(address).to_be_focused()


def test_the_check_names_what_is_wrong_and_leads_there(page: Page):
    go_to_corpus(page)
    page.get_by_role("button", name="Check the corpus").click()
    findings = page.locator("section.findings")
    expect(findings.locator(".sum")).to_contain_text("documents checked")
    expect(page.get_by_role("button", name="Check the corpus")).to_be_enabled()
    findings.locator("[data-open]").first.click()
    expect(page.locator("#details h2")).to_be_visible()


def test_on_a_phone_the_details_fill_the_screen(curated_phone: Page):
    panel = details(curated_phone, "Tower opens again")
    box = panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    assert overflow(curated_phone) == 0
    panel.get_by_role("button", name="Close").tap()
    expect(panel).to_have_count(0)
    expect(curated_phone.locator(".corpus table")).to_be_visible()
