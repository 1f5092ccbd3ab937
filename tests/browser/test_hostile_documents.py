from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from .browser_home import MARKERS, ask, go_to_corpus

pytestmark = pytest.mark.browser

# What a document could bring in if its text were taken for markup.
HARMFUL = (
    "#chat img, #right img, .corpus img, #chat svg[onload], #right svg[onload], .corpus svg, "
    "#chat script, #right script, .corpus script, [onerror], [onload], [style*='tracker'], "
    "a[href^='javascript'], a[href*='tracker.example']"
)


@pytest.mark.parametrize(
    "question",
    ["How many stag beetles did the census count?", "Who counted the ground beetles?"],
    ids=["html", "markdown"],
)
def test_nothing_in_a_hostile_document_becomes_markup(page: Page, question: str):
    ask(page, question)
    expect(page.locator(HARMFUL)).to_have_count(0)
    page.locator(f"{MARKERS}, #sources a.card").first.click()
    expect(page.locator("#hit")).to_be_visible()
    expect(page.locator("#reader .about")).to_contain_text("Beetle report")
    expect(page.locator("#reader a.original")).to_have_count(0)
    go_to_corpus(page)
    expect(page.locator(".corpus tbody")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator(HARMFUL)).to_have_count(0)
    assert page.evaluate("window.pwned") is None


def test_a_hostile_question_stays_text(page: Page):
    page.locator("#question textarea").fill("<img src=x onerror=alert(1)> ![a](http://a.example/b)")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .user.message")).to_contain_text("![a](http://a.example/b)")
    expect(page.locator(HARMFUL)).to_have_count(0)


@pytest.mark.parametrize(
    "reference",
    ["0000000000000000.0.10.1", "x", "../../etc/passwd", "<img src=x onerror=alert(1)>"],
)
def test_a_made_up_reference_opens_nothing(page: Page, reference: str):
    page.evaluate("ref => { location.hash = '#cite-' + ref }", reference)
    expect(page.locator("#reader h2")).to_have_text("Document not available")
    expect(page.locator(HARMFUL)).to_have_count(0)


def test_every_response_carries_the_security_headers(address: str):
    for path in ("/", "/favicon.ico", "/theme.css", "/no-such-page"):
        headers = _headers(address + path)
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "img-src 'self' data: blob:" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


def _headers(url: str) -> dict[str, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            found = response.headers
    except urllib.error.HTTPError as error:
        found = error.headers
    return {name.lower(): value for name, value in found.items()}
