"""Filters above the question, and why a passage was chosen, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from .browser_home import CONTRACT, CONTRACT_QUOTE, MARKERS, ask, overflow

pytestmark = pytest.mark.browser


def chip(page: Page, kind: str) -> Locator:
    return page.locator(f".chip[data-kind='{kind}']")


def opened(page: Page, kind: str) -> Locator:
    """Open a chip's choices; return them."""
    chip(page, kind).click()
    pop = page.locator(".filters .pop")
    expect(pop.locator("input, select").first).to_be_visible()
    return pop


def test_a_question_keeps_to_the_chosen_document_also_after_a_reload(page: Page):
    pop = opened(page, "document")
    pop.get_by_label("Only in").select_option(label="City library reopens after the flood")
    pop.get_by_role("button", name="Done").click()
    expect(chip(page, "document")).to_be_focused()
    expect(chip(page, "document")).to_have_text("City library reopens after the flood")

    answer = ask(page, "How much did it cost?")
    expect(answer).to_contain_text("Only “City library reopens after the flood”")
    expect(answer).to_contain_text("3.2 million euros")
    page.reload()
    expect(chip(page, "document")).to_have_text("City library reopens after the flood")
    answer = ask(page, CONTRACT)
    expect(answer).not_to_contain_text(CONTRACT_QUOTE)

    page.get_by_role("button", name="Clear: Document").click()
    expect(chip(page, "document")).to_have_text("Any document")
    expect(ask(page, CONTRACT)).to_contain_text(CONTRACT_QUOTE)


def test_dates_sources_and_tags_narrow_together_and_examples_are_narrowed_too(page: Page):
    opened(page, "dates").get_by_label("From").fill("2024-01-01")
    page.keyboard.press("Escape")
    expect(chip(page, "dates")).to_have_text("from 2024-01-01")
    opened(page, "sources").get_by_label("The Harbour Post").check()
    page.locator("#question textarea").click()
    expect(page.locator(".filters .pop")).to_be_hidden()
    opened(page, "tags").get_by_label("ferry", exact=True).check()
    page.get_by_role("button", name="Done").focus()
    page.keyboard.press("Tab")  # who goes on leaves the choices, which would cover the answer
    expect(page.locator("#question textarea")).to_be_focused()
    expect(page.locator(".filters .pop")).to_be_hidden()

    page.locator("#chat .example").first.click()
    answer = page.locator("#chat .bot.message").last
    said = "Only dated 1 January 2024 or after, The Harbour Post, tagged ferry"
    expect(answer).to_contain_text(said, timeout=90_000)
    expect(page.locator("#question .submit-button")).to_be_visible()
    expect(page.locator("#sources .card").first).to_contain_text("Harbour ferry")
    page.get_by_role("button", name="Retry").last.click()
    expect(page.locator("#chat .bot.message").last).to_contain_text(said)


def test_dates_that_end_before_they_begin_are_told_at_once_and_in_the_answer(page: Page):
    pop = opened(page, "dates")
    pop.get_by_label("From").fill("2024-05-01")
    pop.get_by_label("Until").fill("2024-04-01")
    expect(pop.get_by_role("alert")).to_have_text("The dates end before they begin.")
    page.keyboard.press("Escape")
    answer = ask(page, CONTRACT)
    expect(answer).to_contain_text("The dates end (1 April 2024) before they begin (1 May 2024)")


def test_names_from_hostile_documents_are_shown_as_they_are(page: Page):
    pop = opened(page, "sources")
    expect(pop.get_by_label("<svg onload=alert(2)>")).to_be_visible()
    page.keyboard.press("Escape")
    expect(opened(page, "tags").get_by_label("<script>window.pwned=2</script>")).to_be_visible()
    page.keyboard.press("Escape")
    answer = ask(page, "How many stag beetles did the beetle census count?")
    expect(answer).to_contain_text("4,812")
    page.locator("button.why").first.click()
    expect(page.locator(".why-box").first).to_be_visible()
    page.locator("details.why-not summary").click()
    page.locator("details.why-not select").select_option(index=1)
    expect(page.locator("details.why-not .why-note").first).not_to_contain_text("Working")
    assert page.evaluate("window.pwned") is None


def test_a_source_says_why_it_was_chosen_and_another_document_why_not(page: Page):
    ask(page, CONTRACT)
    why = page.locator("button.why").first
    expect(why).to_have_accessible_name("Why this passage? Source 1")
    why.click()
    box = page.locator(".why-box").first
    expect(box).to_contain_text("Number 1 of 10, score 0.")
    expect(box).to_contain_text("meaning of its best sentence")
    expect(box.locator(".why-words").first).to_contain_text("contract")
    expect(why).to_have_attribute("aria-expanded", "true")
    why.click()
    expect(box).to_be_hidden()

    page.locator("details.why-not summary").click()
    page.locator("details.why-not select").select_option(
        label="City library reopens after the flood"
    )
    expect(page.locator("details.why-not")).to_contain_text("It is shown: number")
    # Opening a citation and coming back leaves the list as it was.
    page.locator(MARKERS).first.click()
    expect(page.locator("#hit")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("button.why").first).to_be_visible()


def test_an_earlier_answers_sources_can_still_be_explained(page: Page):
    ask(page, CONTRACT)
    page.reload()
    expect(page.locator("#sources .card").first).to_be_visible()
    page.locator("button.why").first.click()
    expect(page.locator(".why-box").first).to_contain_text("Number 1 of 10")


def test_dates_in_a_question_are_told_above_the_answer(page: Page):
    answer = ask(page, "What did the repairs of the library cost in 2023?")
    expect(answer).to_contain_text("Prefers documents from 2023")
    expect(answer).to_contain_text("3.2 million euros")


def test_on_a_phone_the_chips_fit_and_their_choices_open_above_them(phone: Page):
    expect(chip(phone, "document")).to_be_visible()
    pop = opened(phone, "dates")
    box, bar = pop.bounding_box(), phone.locator(".filters").bounding_box()
    assert box
    assert bar
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert box["y"] + box["height"] <= bar["y"] + 1
    assert overflow(phone) <= 0
    pop.get_by_role("button", name="Done").click()
    expect(pop).to_be_hidden()
