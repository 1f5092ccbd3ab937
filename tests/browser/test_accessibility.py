"""Every tab against WCAG 2.2 AA by axe-core, in light and dark; the keys; what is announced."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .browser_home import CONTRACT, MARKERS, ask, go_to_corpus, overflow

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """rules => axe.run(document, {runOnly: {type: 'tag', values: rules}}).then(found =>
  found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 99)}`)))"""


@pytest.fixture(scope="module")
def axe() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        reason = "axe-playwright-python, which brings axe-core, is not installed: make setup"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    return list(page.evaluate(RUN, RULES))


def open_evals(page: Page) -> None:
    page.get_by_role("tab", name="Evals").click()
    expect(page.locator(".inbox")).to_be_visible()


def test_the_chat_has_no_violation_in_light_and_dark(page: Page, axe: str) -> None:
    assert violations(page, axe) == []
    ask(page, CONTRACT)
    page.locator("button.why").first.click()
    expect(page.locator(".why-box")).to_be_visible()
    for _ in ("light", "dark"):
        page.locator(MARKERS).first.click()
        expect(page.locator("#hit")).to_be_visible()
        assert violations(page, axe) == []
        page.keyboard.press("Escape")
        page.locator(".chip").first.click()
        expect(page.get_by_role("dialog", name="Dates")).to_be_visible()
        assert violations(page, axe) == []
        page.keyboard.press("Escape")
        page.locator("#theme").click()


def test_the_other_tabs_have_no_violation_in_light_and_dark(page: Page, axe: str) -> None:
    for _ in ("light", "dark"):
        go_to_corpus(page)
        page.locator(".corpus button.title").first.click()
        expect(page.locator(".details .facts")).to_be_visible()
        assert violations(page, axe) == []
        page.locator(".details .close").click()
        open_evals(page)
        assert violations(page, axe) == []
        page.get_by_role("tab", name="Settings").click()
        expect(page.get_by_label("Colours", exact=True)).to_be_visible()
        assert violations(page, axe) == []
        page.locator("#theme").click()


def test_a_phone_has_no_violation(phone: Page, axe: str) -> None:
    ask(phone, CONTRACT)
    phone.locator(MARKERS).first.click()
    expect(phone.locator("#hit")).to_be_visible()
    assert violations(phone, axe) == []
    # Enlarged four times, a window of 1280 pixels is as small as this.
    phone.keyboard.press("Escape")
    phone.set_viewport_size({"width": 320, "height": 256})
    assert overflow(phone) <= 0
    chat = phone.locator("#chat").bounding_box()
    assert chat
    assert chat["height"] > 120


def test_keys_open_the_sheet_and_step_through_quotes_but_not_while_typing(page: Page) -> None:
    sheet = page.get_by_role("dialog", name="Keys")
    page.locator("#question textarea").press_sequentially("what?")
    expect(page.locator("#question textarea")).to_have_value("what?")
    expect(sheet).to_be_hidden()

    ask(page, "What happened to the library?")
    page.locator(MARKERS).first.focus()
    page.keyboard.press("?")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(MARKERS).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#hit")).to_be_focused()
    page.keyboard.press("]")
    expect(page.locator(".ev-foot .at")).to_have_text("2 of 2")
    page.keyboard.press("Escape")
    expect(page.locator(MARKERS).nth(1)).to_be_focused()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("/")
    expect(page.locator("#question textarea")).to_be_focused()

    page.locator("#keys").click()
    page.get_by_label("Single keys do something").uncheck()
    page.get_by_role("button", name="Close", exact=True).click()
    page.locator(MARKERS).first.focus()
    page.keyboard.press("?")
    expect(sheet).to_be_hidden()
