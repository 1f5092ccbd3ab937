"""Asking otherwise, going from quote to quote, and links that open again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from evals.benchmarks.speed_page import CLICK

from .browser_home import CONTRACT, CONTRACT_QUOTE, MARKERS, ask, marked

pytestmark = pytest.mark.browser

FLOOD = "How many books did the flood destroy?"
SELECT = """place => {
  const words = document.querySelectorAll('#chat .bot .message-content p')[place].firstChild;
  getSelection().setBaseAndExtent(words, 4, words, 20);
}"""


def test_the_last_question_is_edited_and_its_answer_replaced(page: Page) -> None:
    ask(page, CONTRACT)
    page.locator("#chat .user-row").hover()
    page.get_by_role("button", name="Edit the question").click()
    box = page.locator("#question textarea")
    expect(box).to_have_value(CONTRACT)
    expect(page.locator(".editing:visible")).to_contain_text("takes the place of your last one")
    page.keyboard.press("Escape")
    expect(page.locator(".editing:visible")).to_have_count(0)
    expect(box).to_have_value("")

    page.get_by_role("button", name="Edit the question").click()
    box.fill(FLOOD)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .user.message")).to_have_text([FLOOD])
    expect(page.locator("#chat .bot.message")).to_contain_text("12,000 books")
    expect(page.locator("#question .submit-button")).to_be_visible()
    page.wait_for_timeout(500)  # Gradio complains where a page goes before its stream is closed
    page.reload()
    expect(page.locator("#chat .user.message")).to_have_text([FLOOD])
    # A question that is asked after it stands below it.
    ask(page, CONTRACT)
    expect(page.locator("#chat .user.message")).to_have_text([FLOOD, CONTRACT])


def test_one_goes_from_quote_to_quote_within_a_tenth_of_a_second(page: Page) -> None:
    ask(page, "What happened to the library?")
    quotes = page.locator("#sources .card q").all_text_contents()
    assert len(quotes) > 1
    times = []
    for _ in range(7):
        times.append(page.evaluate(CLICK))
        page.keyboard.press("Escape")
        expect(page.locator("#reader .ev-read")).to_have_count(0)
    # The goal is 100 on a machine with nothing else to do; this fails on what is slow in kind.
    assert sorted(times)[3] < 400, times

    page.locator(MARKERS).first.click()
    place = page.locator(".ev-foot .at")
    expect(place).to_have_text(f"1 of {len(quotes)}")
    expect(page.get_by_role("button", name="Previous quote")).to_be_disabled()
    page.get_by_role("button", name="Next quote").click()
    expect(place).to_have_text(f"2 of {len(quotes)}")
    assert marked(page) == quotes[1]
    page.keyboard.press("Escape")
    expect(page.locator(MARKERS).nth(1)).to_be_focused()

    page.evaluate(SELECT, 1)
    page.get_by_role("button", name="Show source 2").click()
    expect(place).to_have_text(f"2 of {len(quotes)}")


def test_an_answer_says_how_much_is_supported_and_is_copied_without_its_sources(
    page: Page,
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, CONTRACT)
    expect(page.locator("#sources .meter")).to_have_text("1 of 1 sentence is supported")
    page.get_by_role("button", name="Copy without sources").click()
    expect(page.locator("#chat .copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"18 million euros\n\n{CONTRACT_QUOTE}"


def test_a_citation_is_reported_beside_its_document(page: Page) -> None:
    ask(page, CONTRACT)
    page.locator(MARKERS).first.click()
    report = page.locator("#reader button.report")
    expect(report).to_have_accessible_name("Report Source 1")
    report.click()
    page.get_by_role("button", name="Send report").click()
    expect(report).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#sources button.report")).to_have_text("Reported Source 1")


def test_a_link_opens_the_conversation_and_the_quote_again_but_in_no_other_browser(
    page: Page, other_page: Page, chromium: Browser
) -> None:
    ask(page, CONTRACT)
    page.locator(MARKERS).first.click()
    expect(page.locator("#hit")).to_be_visible()
    expect(page.locator("#talk-title")).to_have_text(CONTRACT)
    link = page.url
    second = page.context.new_page()
    second.goto(link)
    expect(second.locator("#chat .bot.message")).to_contain_text(CONTRACT_QUOTE)
    expect(second.locator("#hit")).to_have_text(CONTRACT_QUOTE)
    expect(second.locator("#talk-title")).to_have_text(CONTRACT)
    second.close()

    other_page.goto(link)
    expect(other_page.locator("#hit")).to_have_text(CONTRACT_QUOTE)
    expect(other_page.locator(".history .remark")).to_contain_text("belongs to another browser")
    expect(other_page.locator("#chat .bot.message")).to_have_count(0)
