"""Signing in in a real browser, whose form has to get past the look at where requests come from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from assistant.accounts import ACCOUNTS, Accounts
from assistant.archive import Archive
from assistant.settings import Settings
from assistant.web.app import application

from ..assistant.serving import running
from ..assistant.small_corpus import write_home
from ..fakes import BagOfStems

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = write_home(tmp_path_factory.mktemp("signing") / "home")
    Accounts(home.state / ACCOUNTS).add("rita", "reader", PASSWORD)
    Accounts(home.state / ACCOUNTS).add("cora", "curator", PASSWORD)
    with Archive(home, Settings(users="accounts"), embedder=BagOfStems()) as archive:
        archive.sync()
        with running(application(archive, loopback_only=True)) as found:
            yield found


def test_a_reader_signs_in_and_is_told_what_a_reader_may_not(
    chromium: Browser, address: str
) -> None:
    page = chromium.new_page()
    page.goto(address)
    assert page.url == f"{address}/login"
    page.get_by_label("Name").fill("rita")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("No account has this name and this password.")
    page.get_by_label("Name").fill("rita")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("tab", name="Corpus").click(timeout=30_000)
    remove = page.locator("#corpus [data-remove]")
    expect(remove).to_have_count(3, timeout=30_000)
    # What a reader may not do is not offered; who asks for it all the same is told.
    for hidden in (remove.first, page.locator("#adding"), page.locator("#check")):
        expect(hidden).to_be_hidden()
    page.locator(".corpus button.title").first.click()
    expect(page.locator("#details-title")).to_have_attribute("readonly", "")
    expect(page.locator(".facts [type=submit]")).to_be_hidden()
    expect(page.get_by_role("button", name="Read the text as it is retrieved")).to_be_visible()
    for _ in range(2):
        remove.first.dispatch_event("click")
    expect(page.locator("#corpus")).to_contain_text("may not curate")
    page.get_by_role("tab", name="Settings").click()
    expect(page.get_by_label("Colours", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Make a backup")).to_be_hidden()
    page.locator("header").get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    assert page.url == f"{address}/login"
    page.close()


def test_a_curator_is_offered_what_a_curator_may(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.goto(address)
    page.get_by_label("Name").fill("cora")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("tab", name="Corpus").click(timeout=30_000)
    expect(page.locator("#corpus [data-remove]").first).to_be_visible(timeout=30_000)
    expect(page.locator("#adding")).to_be_visible()
    page.get_by_role("tab", name="Settings").click()
    # The header of a phone has no room for it.
    expect(page.locator("#settings").get_by_role("link", name="Sign out")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.close()
