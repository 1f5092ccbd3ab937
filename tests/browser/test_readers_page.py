"""The page in another language, and what it shows and keeps for one reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.archive import Archive
from assistant.settings import Settings
from assistant.web.app import application

from ..assistant.serving import running
from ..assistant.small_corpus import WORTH, write_home
from ..fakes import BagOfStems
from .browser_home import MARKERS, ask, go_to_corpus, overflow
from .conftest import opened

pytestmark = pytest.mark.browser
EXAMPLES = (WORTH, *(f"When did the library {what}?" for what in ("reopen", "burn", "move")))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_home(tmp_path_factory.mktemp("readers") / "home").root


@pytest.fixture(scope="module")
def archive(home: Path) -> Iterator[Archive]:
    with Archive(
        write_home(home), Settings(examples=EXAMPLES), embedder=BagOfStems()
    ) as opened_one:
        opened_one.sync()
        yield opened_one


@pytest.fixture(scope="module")
def address(chromium_path: str, archive: Archive) -> Iterator[str]:
    with running(application(archive, loopback_only=True)) as found:
        yield found


@pytest.fixture
def small_phone(chromium: Browser, address: str) -> Iterator[Page]:
    yield from opened(chromium, address, viewport={"width": 360, "height": 740}, is_mobile=True)


def test_the_language_is_chosen_in_the_settings_and_kept(page: Page) -> None:
    page.get_by_role("tab", name="Settings").click()
    page.get_by_label("Language", exact=True).select_option(label="Deutsch")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", name="Fragen Sie das Archiv")).to_be_visible()
    page.locator("#question textarea").fill(WORTH)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .bot small").first).to_contain_text("Die Quellen widersprechen")
    expect(page.locator("#sources .meter")).to_contain_text("Sätzen sind belegt")
    expect(page.locator("#sources .card").first).to_contain_text("Juni 2024")
    expect(page.get_by_role("button", name="Wiederholen")).to_be_visible()  # one of Gradio's own
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#chat .message-buttons-left button").first.click()
    expect(page.locator("#chat .copied")).to_be_visible()
    assert "Quelle" not in page.evaluate("navigator.clipboard.readText()")
    page.locator("#tab-corpus-button, [role=tab]").nth(1).click()
    expect(page.locator(".corpus .sum")).to_contain_text("Dokumente")
    expect(page.locator("#adding .hint")).to_contain_text("oder ein ZIP davon, je bis 25 MB")
    assert "%%" not in page.locator("body").inner_text()
    page.reload()
    page.get_by_role("tab", name="Optionen").click()
    page.get_by_label("Sprache", exact=True).select_option(label="English")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_sources_that_disagree_stand_side_by_side_with_dates(page: Page, small_phone: Page) -> None:
    for one, beside in ((page, True), (small_phone, False)):
        ask(one, WORTH)
        values = one.locator("#chat .bot ul > li")
        expect(values).to_have_count(2)
        expect(values.nth(0)).to_contain_text("21 million euros")
        expect(values.nth(0)).to_contain_text("Council Gazette · 2 June 2024")
        expect(values.nth(1)).to_contain_text("18 million euros")
        expect(values.nth(1)).to_contain_text("The Harbour Post · 12 March 2024")
        first, second = values.nth(0).bounding_box(), values.nth(1).bounding_box()
        assert first
        assert second
        assert (first["y"] == second["y"]) == beside
        assert overflow(one) <= 0
    # Each of their numbers opens its quote, and the list beside it stays as it is.
    values = page.locator("#chat .bot ul > li")
    values.nth(1).locator("a").click()
    expect(page.locator("#hit")).to_contain_text("18 million euros")
    expect(page.locator("#sources .card")).to_have_count(2)
    page.reload()
    expect(page.locator("#sources .card")).to_have_count(2)
    expect(page.locator(MARKERS)).to_have_count(4)


def test_filters_outlast_the_tab_and_those_of_nothing_are_dropped_with_a_word(
    page: Page, archive: Archive
) -> None:
    page.locator(".chip[data-kind='sources']").click()
    page.get_by_label("Council Gazette").check()
    page.keyboard.press("Escape")
    page.locator(".chip[data-kind='tags']").click()
    page.get_by_label("ferry", exact=True).check()
    page.keyboard.press("Escape")
    later = page.context.new_page()
    later.goto(page.url)
    expect(later.locator(".chip[data-kind='sources']")).to_have_text("Council Gazette")
    later.get_by_role("button", name="Clear all").click()
    expect(later.locator("#question textarea")).to_be_focused()
    expect(later.locator(".chip[data-kind='sources']")).to_have_text("Any source")
    expect(later.locator(".filters .all-off")).to_have_count(0)

    kept = '{"sources": ["Council Gazette", "The Old Post"], "document": "gone", "title": "Gone"}'
    later.evaluate("kept => localStorage.setItem('archive-filters', kept)", kept)
    later.reload()
    expect(later.locator(".toast")).to_contain_text("The Old Post, Gone")
    expect(later.locator(".chip[data-kind='sources']")).to_have_text("Council Gazette")
    expect(later.locator(".chip[data-kind='document']")).to_have_text("Any document")
    later.close()


def test_on_a_phone_the_corpus_and_its_picture_fit(small_phone: Page) -> None:
    go_to_corpus(small_phone)
    expect(small_phone.locator(".shape .bars")).to_be_visible()
    small_phone.locator("#unfold").get_by_role("button").click()
    expect(small_phone.locator("#upload")).to_be_visible()
    for one in ("#upload", "#adding .hint", ".shape", ".corpus tbody tr >> nth=0"):
        box = small_phone.locator(one).bounding_box()
        assert box, one
        assert box["x"] + box["width"] <= 360, one


def test_other_examples_are_drawn_until_the_first_ones_come_again(page: Page) -> None:
    shown = page.locator("#chat .example")
    expect(shown).to_have_text(EXAMPLES[:3])
    page.get_by_role("button", name="More examples").click()
    expect(shown).to_have_text([EXAMPLES[3], *EXAMPLES[:2]])
    page.get_by_role("button", name="More examples").press("Enter")
    expect(shown).to_have_text([*EXAMPLES[2:], EXAMPLES[0]])
    shown.first.click()
    expect(page.locator("#chat .user.message")).to_have_text([EXAMPLES[2]])
    expect(page.locator("#question .submit-button")).to_be_visible()
