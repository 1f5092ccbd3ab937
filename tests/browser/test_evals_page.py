"""The Evals tab in a real browser: a run, what it came to, and what readers complained of."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .browser_home import CONTRACT, ask, overflow

pytestmark = pytest.mark.browser


def go_to_evals(page: Page) -> None:
    page.get_by_role("tab", name="Evals").click()
    expect(page.get_by_role("button", name="Run the suite")).to_be_visible()


def test_a_suite_is_run_from_the_tab_and_its_failing_case_opened(page: Page) -> None:
    go_to_evals(page)
    expect(page.get_by_label("Suite")).to_have_value("harbour")
    page.get_by_role("button", name="Run the suite").click()
    expect(page.locator(".evals .verdict")).to_contain_text("1 of 2 cases failed", timeout=60_000)
    expect(page.get_by_role("button", name="Run the suite")).to_be_enabled()
    case = page.locator(".failing details.case")
    expect(case.locator("summary")).to_have_text("Where did the <library> move?stale")
    case.locator("summary").click()
    expect(case).to_contain_text("The library moved nowhere.")

    page.get_by_label("Find in cases").fill("no such case")
    expect(page.locator(".failing .count")).to_have_text("0 of 1 cases")
    expect(case).to_be_hidden()
    page.get_by_label("Find in cases").fill("")

    page.get_by_role("button", name="Run the suite").click()
    expect(page.locator(".evals")).to_contain_text("2 cases compared: 0 lost, 0 won.")
    # What is read stays where it is when the tab is left and shown again.
    case.locator("summary").click()
    page.get_by_role("tab", name="Chat").click()
    go_to_evals(page)
    expect(case).to_contain_text("The library moved nowhere.")


def test_a_bad_answer_is_in_the_inbox_of_the_browser_that_said_so(
    page: Page, other_page: Page
) -> None:
    ask(page, CONTRACT)
    page.get_by_role("button", name="Bad answer").click()
    page.get_by_role("button", name="Out of date").click()
    page.get_by_label("What was wrong with this answer?").fill("The year is missing.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#chat .remark-form")).to_have_count(0)
    go_to_evals(page)
    entry = page.locator(".inbox details")
    expect(entry.locator(".q")).to_have_text(CONTRACT)
    entry.locator("summary").click()
    expect(entry).to_contain_text("Bad answer Out of date. The year is missing.")
    go_to_evals(other_page)
    expect(other_page.locator(".inbox")).to_contain_text("Nothing was reported here.")


def test_on_a_phone_nothing_is_wider_than_the_page(phone: Page) -> None:
    go_to_evals(phone)
    assert overflow(phone) <= 0
