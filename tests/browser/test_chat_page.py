from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .browser_home import (
    CONTRACT,
    CONTRACT_QUOTE,
    HEARD,
    MARKERS,
    UNANSWERABLE,
    ask,
    focused,
    marked,
)

pytestmark = pytest.mark.browser


def test_an_answer_quotes_its_document_and_a_click_on_its_marker_shows_the_quote(page: Page):
    answer = ask(page, CONTRACT)
    expect(answer).to_contain_text(CONTRACT_QUOTE)
    expect(page.locator("#sources h2")).to_have_text("Sources")
    card = page.locator("#sources .card").first
    expect(card).to_contain_text("The Harbour Post · 12 March 2024")
    expect(card.locator("q")).to_have_text(CONTRACT_QUOTE)

    page.locator(MARKERS).first.click()
    expect(page.locator("#hit")).to_be_in_viewport()
    assert marked(page) == CONTRACT_QUOTE
    expect(page.locator("#reader h4")).to_have_text(["The contract", "Reactions"])
    expect(page.locator("#reader li")).to_have_count(2)
    original = page.locator("#reader a.original")
    expect(original).to_have_attribute("href", "https://harbour-post.example/ferry")
    expect(original).to_have_attribute("rel", "noopener noreferrer")


def test_enter_on_a_marker_moves_the_focus_to_the_quote_and_escape_moves_it_back(page: Page):
    ask(page, CONTRACT)
    marker = page.locator(MARKERS).first
    reference = marker.get_attribute("href")
    marker.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#hit")).to_be_focused()
    expect(page.locator("#hit")).to_have_css("outline-style", "solid")
    page.keyboard.press("Escape")
    expect(page.locator("#reader .ev-read")).to_have_count(0)
    expect(page.locator("#sources .card").first).to_be_visible()
    assert focused(page) == reference


def test_a_marker_shows_its_quote_under_the_pointer_and_the_card_opens_it(page: Page):
    ask(page, CONTRACT)
    marker, card = page.locator(MARKERS).first, page.locator(".hover-card")
    marker.hover()
    expect(card.locator("mark")).to_have_text(CONTRACT_QUOTE)
    expect(card).to_contain_text("The Harbour Post · 12 March 2024")
    page.mouse.move(5, 400)
    expect(card).to_be_hidden()
    expect(marker).to_have_attribute("title", "Source 1: Harbour ferry gets a new timetable")
    marker.hover()
    card.click()
    expect(page.locator("#hit")).to_be_focused()
    page.keyboard.press("Escape")
    expect(marker).to_be_focused()


def test_a_card_opens_its_document_and_back_returns_to_the_cards(page: Page):
    ask(page, CONTRACT)
    page.locator("#sources a.card").first.click()
    expect(page.locator("#hit")).to_be_visible()
    page.get_by_role("button", name="Back to the list").click()
    expect(page.locator("#sources .card").first).to_be_focused()
    page.go_forward()
    expect(page.locator("#hit")).to_be_visible()
    page.go_back()
    expect(page.locator("#sources .card").first).to_be_visible()


def test_a_declined_question_shows_no_marker_but_the_closest_passages(page: Page):
    answer = ask(page, UNANSWERABLE)
    expect(answer.locator("a")).to_have_count(0)
    expect(page.locator("#sources h2")).to_have_text("Closest passages")
    expect(page.locator("#sources .num")).to_have_count(0)
    page.locator("#sources a.card").first.click()
    expect(page.locator("#hit")).to_be_visible()


def test_a_follow_up_says_what_was_searched_for_and_uses_the_conversation(page: Page):
    ask(page, CONTRACT)
    answer = ask(page, "When does it end?")
    expect(answer.locator("small")).to_contain_text("Searched for: ")
    expect(answer).to_contain_text("31 March 2031")


def test_what_is_searched_for_can_be_edited_below_the_last_answer(page: Page):
    ask(page, CONTRACT)
    answer = ask(page, "When does it end?")
    expect(page.locator("#chat button.refine")).to_have_count(1)
    answer.get_by_role("button", name="Edit what is searched for").click()
    field = page.get_by_label("Search for", exact=True)
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(answer.locator("button.refine")).to_be_focused()
    page.keyboard.press("Enter")
    field.fill("How many books did the flood destroy?")
    page.keyboard.press("Enter")
    last = page.locator("#chat .bot.message").last
    expect(last).to_contain_text("about 12,000 books")
    expect(last.locator("small")).to_contain_text("Searched for: How many books")
    expect(page.locator("#chat .user.message")).to_have_count(2)
    expect(page.locator("#chat .user.message").last).to_have_text("When does it end?")
    expect(page.locator("#chat button.refine")).to_have_count(1)


def test_a_marker_of_an_earlier_answer_brings_that_answers_sources_back(page: Page):
    ask(page, CONTRACT)
    ask(page, "How many books did the flood destroy?")
    expect(page.locator("#sources .card").first).to_contain_text("library")
    page.locator(MARKERS).first.click()
    expect(page.locator("#hit")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sources .card").first).to_contain_text("Harbour ferry")


def test_an_example_is_asked_with_one_click(page: Page):
    example = page.locator("#chat .example").first
    expect(example).to_be_visible()
    example.click()
    # The examples may be drawn anew until the moment of the click, so the list is no witness.
    expect(page.locator("#chat .user.message")).to_have_text(re.compile(r"\?\s*$"))
    expect(page.locator("#question .submit-button")).to_be_visible()
    expect(page.locator("#chat .bot.message")).not_to_contain_text("Searching")


def test_retry_replaces_the_answer_and_a_new_conversation_empties_the_page(page: Page):
    ask(page, CONTRACT)
    kept = page.locator("#chat .judge")
    first = kept.get_attribute("data-turn") or ""
    page.get_by_role("button", name="Retry").click()
    expect(kept).not_to_have_attribute("data-turn", first)
    expect(page.locator("#chat .bot.message")).to_have_count(1)
    expect(page.locator("#chat .bot.message")).to_contain_text(CONTRACT_QUOTE)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator("#sources h2")).to_have_text("Evidence")


def test_copy_gives_plain_text_with_its_sources(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, CONTRACT)
    page.locator("#chat .message-buttons-left").get_by_role("button", name="Copy message").click()
    expect(page.locator("#chat .copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"18 million euros\n\n{CONTRACT_QUOTE} [1]\n\n")
    assert "\n\n[1] Harbour ferry gets a new timetable" in copied


def test_two_people_see_only_their_own_conversations(page: Page, other_page: Page):
    ask(page, CONTRACT)
    ask(other_page, "How many books did the flood destroy?")
    expect(page.locator("#chat .user.message")).to_have_text([CONTRACT])
    expect(other_page.locator("#chat .user.message")).to_have_count(1)
    other_page.reload()
    expect(other_page.locator("#chat .user.message")).to_have_count(1)
    expect(page.locator("#chat")).not_to_contain_text("books")


def test_a_question_that_is_too_long_is_refused_in_a_sentence(page: Page):
    answer = ask(page, "why " * 1500)
    expect(answer).to_contain_text("4,000")
    expect(answer.locator("a")).to_have_count(0)


def test_an_answer_is_told_once_as_its_words_and_what_asks_leaves_the_focus_at_the_question(
    page: Page,
):
    box = page.locator("#question textarea")
    expect(page.locator("#heard")).to_have_attribute("role", "status")
    page.evaluate(HEARD)
    page.locator("#chat .example").first.focus()
    page.keyboard.press("Enter")
    expect(box).to_be_focused()
    page.wait_for_function("window.heard.length === 1")
    # The messages themselves grow by the word, and would be read so.
    expect(page.locator("#chat [role='log']")).to_have_attribute("aria-live", "off")
    ask(page, CONTRACT)
    page.wait_for_function("window.heard.length === 2")
    assert page.evaluate("window.heard[1]") == f"18 million euros {CONTRACT_QUOTE} (Source 1)"
    page.get_by_role("button", name="Retry").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("window.heard.length === 3")
    # Where the button went with the old answer the box has it, else the button still.
    page.wait_for_function("document.activeElement !== document.body")

    expect(page.locator("#chat [data-testid='bot'][aria-label]")).to_have_count(0)
    expect(page.locator(MARKERS).last).to_have_attribute(
        "aria-label", "Source 1: Harbour ferry gets a new timetable"
    )
