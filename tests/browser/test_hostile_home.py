"""Every field of every format, shown everywhere: no script runs, and nothing is asked elsewhere."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ..attacks.hostile import (
    FORMATS,
    PAYLOADS,
    SUITE,
    asked,
    fact,
    made_files,
    write_hostile_home,
)
from .browser_home import MARKERS, ask, go_to_corpus
from .conftest import Watched, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A script that runs says so, whichever of the payloads it came from.
TELLING = """
for (const name of ['alert', 'confirm', 'prompt', 'print', 'msgbox']) {
  window[name] = said => console.error('a script ran: ' + said);
}
"""
# What an attempt would have become, if it had become anything.
HARMFUL = (
    "img[onerror], [onload], [onfocus], [onclick*='alert'], [onbegin], [ontoggle], [onstart], "
    "[onmouseover], [onblur], [onpointerover], [onfocusin], iframe, object, embed, "
    "base[href*=evil], marquee, "
    "a[href^='javascript' i], a[href^='data:' i], a[href^='vbscript' i], [src*='evil.example'], "
    "[href*='evil.example'], [style*='evil.example'], form[action*='evil.example'], "
    "meta[http-equiv='refresh']"
)


@pytest.fixture(scope="module")
def fields(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    home = tmp_path_factory.mktemp("hostile")
    return home, write_hostile_home(home)


@pytest.fixture(scope="module")
def hostile_address(chromium_path: str, fields: tuple[Path, int]) -> Iterator[str]:
    yield from served(fields[0])


@pytest.fixture
def watched(chromium: Browser, hostile_address: str) -> Iterator[Watched]:
    made = chromium.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    made.set_default_timeout(20_000)
    made.add_init_script(TELLING)
    found = Watched(made.new_page(), hostile_address)
    found.page.goto(hostile_address)
    found.page.wait_for_selector("#question textarea")
    yield found
    made.close()


def listed(address: str) -> list[dict[str, str]]:
    with urllib.request.urlopen(f"{address}/api/documents", timeout=30) as answer:
        return list(json.load(answer))


def sound(watched: Watched) -> None:
    """Fail where something ran, was asked for elsewhere, or stands on the page as markup."""
    assert (watched.complaints, watched.foreign()) == ([], [])
    assert markup(watched.page) == []


def markup(page: Page) -> list[str]:
    """Return what an attempt has become."""
    found = page.locator(HARMFUL).evaluate_all("all => all.map(one => one.outerHTML)")
    return [str(one)[:300] for one in found]


def test_nothing_runs_and_nothing_is_asked_elsewhere(
    watched: Watched,
    hostile_address: str,
    fields: tuple[Path, int],
    tmp_path: Path,
    record_property: pytest.RecordProperty,
) -> None:
    page, documents = watched.page, listed(hostile_address)
    names = {name for name, _ in made_files().values()}
    assert len(documents) == len(FORMATS) + len(PAYLOADS) + 12
    shown = 0
    for number in (14, 68):
        answer = ask(page, f"What did volunteer {number} write in the log?")
        expect(answer).to_contain_text(f"Volunteer {number} wrote")
        page.locator(MARKERS).last.click()
        expect(page.locator("#hit")).to_be_visible()
        page.keyboard.press("Escape")
    expect(ask(page, asked("markdown"))).to_contain_text(fact("markdown"))
    sound(watched)
    chips_open(page)
    sound(watched)
    for one in documents:
        if one["path"] in names:
            reader(page, one)
            shown += 1
            sound(watched)
    assert shown == len(FORMATS)
    corpus_tab(page)
    sound(watched)
    evals_tab(page)
    sound(watched)
    exported(watched, tmp_path)
    record_property("inputs", fields[1])
    print(f"attempts: {len(PAYLOADS)}, in {fields[1]} fields of {len(documents)} documents")


def chips_open(page: Page) -> None:
    """Open each list of the filters above the question, which name documents, outlets and tags."""
    for kind in ("document", "sources", "tags"):
        page.locator(f".chip[data-kind='{kind}']").click()
        expect(page.locator(".filters .pop input, .filters .pop select").first).to_be_visible()
        page.keyboard.press("Escape")


def reader(page: Page, one: dict[str, str]) -> None:
    """Open a whole document beside the chat, as a link to a place in it does."""
    page.evaluate("ref => { location.hash = '#cite-' + ref }", f"{one['sha256'][:16]}.0.4.1")
    expect(page.locator("#hit")).to_be_visible()
    expect(page.locator("#reader")).to_contain_text("stag beetles")


def corpus_tab(page: Page) -> None:
    """Look at the list, and at the details of documents of every kind."""
    go_to_corpus(page)
    expect(page.locator(".corpus tbody")).to_contain_text("<svg onload=alert(19)>")
    rows = page.locator(".corpus tbody tr [data-open]")
    for number in range(0, rows.count(), 7):
        rows.nth(number).click()
        expect(page.locator("#details .details h2")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#details .details")).to_have_count(0)


def evals_tab(page: Page) -> None:
    """Run a suite whose questions, answers and evidence are attempts, and open each case."""
    page.get_by_role("tab", name="Evals").click()
    page.get_by_label("Suite").select_option(SUITE)
    page.get_by_role("button", name="Run the suite").click()
    expect(page.locator(".evals .verdict")).to_contain_text("of 8 cases", timeout=60_000)
    for case in page.locator(".failing details.case summary").all():
        case.click()


def exported(watched: Watched, folder: Path) -> None:
    """Open the conversation's export as a file, as whoever gets it by mail does."""
    page = watched.page
    found = page.evaluate("window.archiveChat()")
    for form in ("html", "markdown"):
        answer = page.request.get(f"{watched.address}/chats/{found}/{form}")
        assert answer.ok
        (folder / f"export.{form}").write_bytes(answer.body())
    text = (folder / "export.html").read_text("utf-8")
    assert not re.search(r"<(script|iframe|object|embed|img|svg|form)\b", text, re.I)
    page.goto((folder / "export.html").as_uri())
    expect(page.locator("body")).to_contain_text("stag beetles")
    assert markup(page) == []
    assert watched.complaints == []
    elsewhere = [one for one in watched.foreign() if not one.startswith("file:")]
    assert elsewhere == []
    assert not urllib.parse.urlsplit(page.url).netloc


def test_the_watch_sees_a_script_that_runs(watched: Watched) -> None:
    run = "<img src=x onerror=alert(1)>"
    watched.page.evaluate("said => document.body.insertAdjacentHTML('beforeend', said)", run)
    expect(watched.page.locator(HARMFUL)).to_have_count(1)
    watched.page.wait_for_function("document.querySelector('img[onerror]').complete")
    assert any("a script ran: 1" in one for one in watched.complaints)
    watched.complaints.clear()
