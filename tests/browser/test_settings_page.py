"""The Settings tab in a real browser: what is chosen there holds, also after a reload."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .browser_home import ask, overflow

pytestmark = pytest.mark.browser

LIBRARY = "What happened to the library?"


def go_to_settings(page: Page) -> None:
    page.get_by_role("tab", name="Settings").click()
    expect(page.get_by_label("Colours", exact=True)).to_be_visible()


def test_fewer_quotes_and_other_colours_are_chosen_and_kept(page: Page) -> None:
    ask(page, LIBRARY)
    expect(page.locator("#sources .card")).to_have_count(2)
    go_to_settings(page)
    page.get_by_label("Sentences quoted, at most").select_option("1")
    page.get_by_label("Colours", exact=True).select_option("dark")
    expect(page.locator("body.dark")).to_be_attached()
    page.reload()
    expect(page.locator("body.dark")).to_be_attached()
    ask(page, f"{LIBRARY} Tell me.")
    expect(page.locator("#sources .card")).to_have_count(1)
    go_to_settings(page)
    expect(page.get_by_label("Sentences quoted, at most")).to_have_value("1")
    page.get_by_label("Colours", exact=True).select_option("light")
    expect(page.locator("body.dark")).to_have_count(0)


def test_a_model_is_tested_and_a_backup_made(page: Page, home: Path) -> None:
    go_to_settings(page)
    page.get_by_role("button", name="Test").click()
    expect(page.locator("[data-said='try']")).to_have_text("Quotes need no language model.")
    page.get_by_role("button", name="Make a backup").click()
    expect(page.locator("[data-said='backup']")).to_contain_text("Made: backups/", timeout=30_000)
    assert [one.suffix for one in (home / "backups").iterdir()] == [".zip"]
    expect(page.locator("[data-storage] dd").last).not_to_have_text("0 B")


def test_on_a_phone_nothing_is_wider_than_the_page(phone: Page) -> None:
    go_to_settings(phone)
    assert overflow(phone) <= 0
