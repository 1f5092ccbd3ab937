"""The page in German: no tab, dialog or panel shows one of its English texts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.web.told import translated_to
from assistant.web.wording import COOKIE, texts

from .browser_home import overflow
from .conftest import opened

pytestmark = pytest.mark.browser

SHOWN = """() => {
  const found = new Set(), named = ['aria-label', 'title', 'placeholder', 'alt', 'data-label'];
  // Documents are in their own language, settings are named as their file names them.
  for (const one of document.querySelectorAll('body *')) {
    if (!one.checkVisibility() || one.closest('.doc, dl:has(dt code)')) continue;
    for (const node of one.childNodes) if (node.nodeType === 3) found.add(node.textContent);
    for (const name of named) found.add(one.getAttribute(name) ?? '');
  }
  return [...found].map(one => one.trim().replace(/\\s+/g, ' '));
}"""


@pytest.fixture
def german_phone(chromium: Browser, curated_address: str) -> Iterator[Page]:
    cookie = {"name": COOKIE, "value": "de", "domain": "127.0.0.1", "path": "/"}
    narrow = {"width": 360, "height": 740}
    state = {"cookies": [cookie], "origins": []}
    yield from opened(
        chromium,
        curated_address,
        viewport=narrow,
        has_touch=True,
        is_mobile=True,
        storage_state=state,
    )


def english_on(page: Page) -> set[str]:
    """Return what is shown and has another text, or another sentence of the program, in German."""
    german = {*texts("de").values()}
    english = {*texts("en").values()} - german
    return {
        one
        for one in page.evaluate(SHOWN)
        if one in english or (one not in german and translated_to("de", one) != one)
    }


def test_no_tab_shows_an_english_text_and_a_phone_has_room_for_german(german_phone: Page) -> None:
    page = german_phone
    expect(page.get_by_role("log", name=texts("de")["chat.conversation"])).to_be_attached()
    chips = page.locator(".filters .chip")
    expect(chips).to_have_count(4)
    assert len({chip.bounding_box()["y"] for chip in chips.all()}) == 1  # type: ignore[index]
    seen = english_on(page)
    chips.first.click()
    seen |= english_on(page)
    page.keyboard.press("Escape")

    page.get_by_role("tab", name="Korpus").click()
    expect(page.locator(".corpus tbody tr").first).to_be_visible()
    # The list comes first; what adds to it is folded above it.
    expect(page.locator("#upload")).to_be_hidden()
    page.get_by_role("button", name="Dokumente hinzufügen", exact=True).click()
    expect(page.locator("#upload")).to_be_visible()
    seen |= english_on(page)
    page.locator(".corpus button.title").first.click()
    expect(page.locator(".details .facts")).to_be_visible()
    seen |= english_on(page)
    page.locator(".details .close").click()
    page.locator("#check button").click()
    expect(page.locator(".findings h3").first).to_be_visible()
    seen |= english_on(page)

    page.get_by_role("tab", name="Prüfung").click()
    expect(page.locator(".inbox")).to_be_visible()
    seen |= english_on(page)
    page.get_by_role("tab", name="Optionen").click()
    expect(page.locator("#set-colours")).to_be_visible()
    seen |= english_on(page)
    assert seen == set()
    assert overflow(page) <= 0
