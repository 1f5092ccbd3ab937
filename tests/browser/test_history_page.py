"""Kept conversations in a real browser: the list, what readers say, and a killed server."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from .browser_home import CONTRACT, CONTRACT_QUOTE, DOCUMENTS, ask, overflow
from .conftest import printed_address, started

pytestmark = pytest.mark.browser

FLOOD = "How many books did the flood destroy?"
ROWS = "#history .open-chat"
CALLS = re.compile("component_server")  # from the page to the server, but for questions


def begin_anew(page: Page) -> None:
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".welcome")).to_be_visible()


def test_conversations_are_opened_renamed_exported_and_deleted(
    page: Page, home: Path, tmp_path: Path
) -> None:
    ask(page, CONTRACT)
    begin_anew(page)
    ask(page, FLOOD)
    page.get_by_role("button", name="Show conversations").click()
    expect(page.locator(ROWS)).to_have_text([FLOOD, CONTRACT])
    expect(page.locator(f"{ROWS}[aria-current]")).to_have_text(FLOOD)
    begin_anew(page)
    wider = "one => one.scrollWidth - one.clientWidth"
    assert page.locator("#chat .bubble-wrap").evaluate(wider) == 0
    page.locator(ROWS).first.click()
    expect(page.locator("#chat .user.message")).to_have_text([FLOOD])

    page.locator(ROWS, has_text=CONTRACT).click()
    expect(page.locator("#chat .bot.message")).to_contain_text(CONTRACT_QUOTE)
    expect(page.locator("#sources .card")).to_contain_text("Harbour ferry")
    # A follow-up goes on from the conversation that was opened, and is kept with it.
    answer = ask(page, "When does it end?")
    expect(answer).to_contain_text("31 March 2031")
    expect(page.locator(ROWS)).to_have_text([CONTRACT, FLOOD])

    page.locator("#talk-title").click()
    page.keyboard.press("Enter")  # the first entry: Rename
    page.keyboard.type("The ferry contract")
    page.keyboard.press("Enter")
    expect(page.locator(ROWS).first).to_have_text("The ferry contract")
    expect(page.locator("#talk-title")).to_have_text("The ferry contract")
    expect(page.locator("#talk-title")).to_be_focused()

    page.keyboard.press("Enter")
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export as HTML").click()
    assert download.value.suggested_filename == "the-ferry-contract.html"
    file = tmp_path / "export.html"
    download.value.save_as(file)
    command = [sys.executable, "-m", "assistant", "verify", str(file), "--json"]
    ran = subprocess.run([*command, "--home", str(home)], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    told = json.loads(ran.stdout)
    assert told["stands"] == len(told["quotes"]) >= 2

    page.locator("#history .more").first.click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator(".undo")).to_contain_text("“The ferry contract” was deleted.")
    expect(page.locator(ROWS)).to_have_text([FLOOD])
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.evaluate("archiveSay('The link was copied.')")
    toast, undo = page.locator(".toast").bounding_box(), page.locator(".undo").bounding_box()
    assert toast
    assert undo
    assert toast["y"] >= undo["y"] + undo["height"]
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_text(["The ferry contract", FLOOD])
    expect(page.locator(ROWS).first).to_be_focused()

    page.locator("#history .more").first.click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete now").click()
    expect(page.locator(".undo")).to_be_hidden()
    expect(page.locator(ROWS)).to_have_text([FLOOD])
    expect(page.locator(ROWS)).to_be_focused()
    kept = b"".join(one.read_bytes() for one in (home / "var").glob("chats.sqlite*"))
    assert b"The ferry contract" not in kept


def test_a_declined_question_becomes_a_wish_that_a_curator_sees_to(page: Page) -> None:
    answer = ask(page, "How many submarines does the Ruritanian navy have?")
    expect(answer).to_contain_text("The documents don't answer this")
    page.get_by_role("button", name="Ask the curators for documents").click()
    page.get_by_label("What should the documents tell?").fill("The size of the <b>fleet</b>.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".wish")).to_contain_text("The curators are asked")
    expect(page.get_by_role("button", name="Take back")).to_be_focused()

    page.get_by_role("tab", name="Corpus").click()
    wish = page.locator("#wanted li")
    expect(wish).to_contain_text("The size of the <b>fleet</b>.")
    wish.get_by_role("button", name="Seen to").click()
    expect(wish).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.reload()
    expect(page.locator(".wish")).to_contain_text("The curators have seen to this.")

    page.get_by_role("tab", name="Corpus").click()
    expect(page.locator("#wanted")).not_to_contain_text("fleet")


def test_an_opinion_and_a_report_are_kept_and_can_be_taken_back(page: Page) -> None:
    ask(page, CONTRACT)
    page.get_by_role("button", name="Bad answer").click()
    page.get_by_label("What was wrong with this answer?").fill("The year is missing.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#chat .remark-form")).to_have_count(0)
    expect(page.get_by_role("button", name="Bad answer")).to_be_focused()
    page.locator("#sources button.report").click()
    page.get_by_label("What is wrong with this citation?").fill("Another contract.")
    page.get_by_role("button", name="Send report").click()
    expect(page.locator("#sources button.report")).to_have_attribute("aria-pressed", "true")

    page.reload()
    expect(page.locator("#chat .bot.message")).to_contain_text(CONTRACT_QUOTE)
    bad = page.get_by_role("button", name="Bad answer")
    expect(bad).to_have_attribute("aria-pressed", "true")
    report = page.locator("#sources button.report")
    expect(report).to_have_text("Reported Source 1")
    report.click()
    expect(report).to_have_text("Report Source 1")
    page.get_by_role("button", name="Good answer").click()
    expect(bad).to_have_attribute("aria-pressed", "false")
    page.reload()
    good = page.get_by_role("button", name="Good answer")
    expect(good).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#sources button.report")).to_have_attribute("aria-pressed", "false")


def test_a_link_from_another_site_does_not_cost_the_conversations(
    page: Page, address: str, site: str
) -> None:
    ask(page, CONTRACT)
    other = page.context.new_page()
    other.goto(site.replace("127.0.0.1", "localhost"))
    other.set_content(f"<a href='{address}'>the chat</a>")
    other.get_by_text("the chat").click()
    # On a wide page the list is open where there is something in it.
    expect(other.locator(ROWS)).to_have_text([CONTRACT])
    other.close()
    page.reload()
    expect(page.locator("#chat .bot.message")).to_contain_text(CONTRACT_QUOTE)


def test_the_list_is_a_drawer_on_a_phone(phone: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if '"fn_name":"chats"' in (route.request.post_data or "").replace(" ", ""):
            held.append(route)
        else:
            route.continue_()

    phone.route(CALLS, hold)
    ask(phone, CONTRACT)
    toggle = phone.locator("#history-toggle")
    toggle.click()
    # The panel may open before the list has come; the focus then goes on to the open conversation.
    expect(phone.get_by_role("button", name="Close the list")).to_be_focused()
    assert held
    for route in held:
        route.continue_()
    phone.unroute(CALLS)
    expect(phone.locator(ROWS)).to_be_visible()
    expect(phone.locator(f"{ROWS}[aria-current]")).to_be_focused()
    assert phone.evaluate("document.getElementById('left').inert")
    assert overflow(phone) <= 0
    phone.keyboard.press("Escape")
    expect(phone.locator(ROWS)).to_be_hidden()
    expect(toggle).to_be_focused()
    toggle.click()
    phone.locator("#history .more").click()
    expect(phone.get_by_role("menu")).to_be_in_viewport()
    phone.keyboard.press("Escape")
    phone.locator(ROWS).click()
    expect(phone.locator(ROWS)).to_be_hidden()
    expect(phone.locator("#chat .bot.message")).to_contain_text(CONTRACT_QUOTE)


def test_what_was_read_survives_a_killed_server(
    chromium: Browser, chromium_path: str, tmp_path: Path
) -> None:
    (tmp_path / "documents").mkdir()
    for name, text in DOCUMENTS.items():
        (tmp_path / "documents" / name).write_text(text, encoding="utf-8")
    server = started(tmp_path)
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    try:
        address = printed_address(server)
        page = context.new_page()
        page.goto(address)
        ask(page, CONTRACT)
        expect(page.locator("#talk-title")).to_have_text(CONTRACT)
        server.send_signal(signal.SIGKILL)
        server.wait(timeout=20)
        box = page.locator("#question textarea")
        box.fill(FLOOD)
        box.press("Enter")
        said = page.locator(".editing:visible")
        expect(said).to_contain_text("The server does not answer", timeout=20_000)
        page.evaluate("window.beforeItCameBack = true")
        server = started(tmp_path, urlsplit(address).port or 0)
        assert printed_address(server) == address
        # The page loads itself again, with the conversation and with what was typed.
        page.wait_for_function("window.beforeItCameBack === undefined")
        expect(page.locator("#chat .bot.message")).to_contain_text(CONTRACT_QUOTE)
        expect(box).to_have_value(FLOOD)
        expect(page.locator("#talk-title")).to_have_text(CONTRACT)
        expect(ask(page, "When does it end?")).to_contain_text("31 March 2031")
    finally:
        context.close()
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)
