"""The chat with a language model behind it, one that a test scripts."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ..assistant.llm_server import Server, Step, serving
from .browser_home import CONTRACT, CONTRACT_QUOTE, DOCUMENTS, HEARD
from .conftest import opened, served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        importlib.util.find_spec("openai") is None, reason="the extra 'llm' is not installed"
    ),
]
MADE_UP = '<img src="https://evil.example/x.png"> The mayor sails [1].'


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


@pytest.fixture(scope="module")
def llm_address(
    chromium_path: str, tmp_path_factory: pytest.TempPathFactory, server: Server
) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("llm")
    (folder / "documents").mkdir()
    for name, text in DOCUMENTS.items():
        (folder / "documents" / name).write_text(text, encoding="utf-8")
    spoken = f'llm = "openai-like:scripted@{server.url}"\n'
    (folder / "assistant.toml").write_text(spoken, encoding="utf-8")
    yield from served(folder)


@pytest.fixture
def llm_page(chromium: Browser, llm_address: str) -> Iterator[Page]:
    yield from opened(chromium, llm_address, viewport={"width": 1280, "height": 800})


def begin(page: Page, server: Server, *script: str | float | Step) -> None:
    server.script = list(script)
    server.gone.clear()
    asked = len(server.requests)
    page.locator("#question textarea").fill(CONTRACT)
    page.keyboard.press("Enter")
    deadline = time.monotonic() + 60
    while len(server.requests) == asked:
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)


def test_stop_ends_the_models_work(llm_page: Page, server: Server) -> None:
    begin(llm_page, server, 25.0)
    expect(llm_page.get_by_text("is reading the passages")).to_be_visible()
    llm_page.locator("#question .stop-button").click()
    assert server.gone.wait(6)
    expect(llm_page.locator("#chat").get_by_text("Stopped.")).to_be_visible()
    expect(llm_page.locator("#question textarea")).to_be_focused()

    begin(llm_page, server, 25.0)
    expect(llm_page.get_by_text("is reading the passages")).to_be_visible()
    llm_page.keyboard.press("Escape")
    assert server.gone.wait(20)
    expect(llm_page.locator("#chat").get_by_text("Stopped.")).to_have_count(2)


WATCH = """() => {
  window.seen = [];
  const look = () => window.seen.push(document.querySelector('#chat').textContent);
  new MutationObserver(look).observe(document.querySelector('#chat'), {
    childList: true, subtree: true, characterData: true });
}"""


@pytest.mark.parametrize("waited", [0, 200, 450])
def test_no_moment_of_a_stopped_answer_is_shown_after_the_stop(
    llm_page: Page, server: Server, waited: int
) -> None:
    begin(llm_page, server, *["The mayor sails. ", 0.05] * 200)
    expect(llm_page.get_by_text("is reading the passages")).to_be_visible()
    llm_page.wait_for_timeout(waited)
    llm_page.locator("#question .stop-button").click()
    expect(llm_page.locator("#chat").get_by_text("Stopped.")).to_be_visible()
    llm_page.evaluate(WATCH)
    assert server.gone.wait(6)
    llm_page.wait_for_timeout(900)
    assert not [one for one in llm_page.evaluate("window.seen") if "Stopped." not in one]


def test_a_new_conversation_stays_empty_though_the_old_answer_was_under_way(
    llm_page: Page, server: Server
) -> None:
    begin(llm_page, server, "The mayor sails.")
    answer = llm_page.locator("#chat .bot.message").last
    expect(answer).to_contain_text(CONTRACT_QUOTE)
    expect(llm_page.locator("#question .submit-button")).to_be_visible()
    server.script = ["The mayor sails.", 0.3]
    llm_page.evaluate(
        """() => {
          document.querySelector('#chat button[aria-label="Retry"]').click();
          document.querySelector('#talk-new').click();
        }"""
    )
    llm_page.wait_for_timeout(2500)
    expect(llm_page.locator("#chat .message")).to_have_count(0)
    expect(llm_page.locator("#question .submit-button")).to_be_visible()
    begin(llm_page, server, "The mayor sails.")
    expect(llm_page.locator("#chat .bot.message").last).to_contain_text(CONTRACT_QUOTE)
    expect(llm_page.locator("#chat .user.message")).to_have_count(1)


def test_a_closed_tab_ends_the_models_work(llm_page: Page, server: Server) -> None:
    begin(llm_page, server, 25.0)
    expect(llm_page.get_by_text("is reading the passages")).to_be_visible()
    llm_page.close()
    assert server.gone.wait(10)


def test_a_question_whose_answer_had_not_come_is_in_the_box_again(
    chromium: Browser, llm_address: str, server: Server
) -> None:
    # Gradio complains of a stream that ends with its page, so this one is not watched.
    page = chromium.new_page()
    page.goto(llm_address)
    begin(page, server, 25.0)
    expect(page.get_by_text("is reading the passages")).to_be_visible()
    page.reload()
    expect(page.locator("#question textarea")).to_have_value(CONTRACT, timeout=20_000)
    begin(page, server, CONTRACT_QUOTE)
    expect(page.locator("#heard")).to_contain_text(CONTRACT_QUOTE, timeout=20_000)
    page.reload()
    expect(page.locator("#chat .user.message")).to_have_count(1)
    expect(page.locator("#question textarea")).to_have_value("")
    page.close()


def test_a_model_that_makes_things_up_leaves_the_quotes_and_the_page_says_so(
    llm_page: Page, server: Server
) -> None:
    begin(llm_page, server, MADE_UP)
    answer = llm_page.locator("#chat .bot.message").last
    expect(answer).to_contain_text(CONTRACT_QUOTE)
    expect(answer.locator("small")).to_contain_text("nothing that it wrote stands in the documents")
    assert llm_page.locator("#chat img[src*=evil]").count() == 0


def test_a_sentence_that_no_document_supports_looks_different_and_says_why(
    llm_page: Page, server: Server
) -> None:
    wrong = CONTRACT_QUOTE.replace("18", "99").removesuffix(".")
    llm_page.evaluate(HEARD)
    words = f"{CONTRACT_QUOTE} [1] {wrong} [1].".split(" ")
    begin(llm_page, server, *[step for word in words for step in (f"{word} ", 0.02)])
    answer = llm_page.locator("#chat .bot.message").last
    expect(answer.locator("u")).to_have_text(f"{wrong}.")
    expect(answer.locator("u")).to_have_css("text-decoration-style", "wavy")
    expect(llm_page.locator("#sources .meter")).to_have_text("1 of 2 sentences are supported")
    # It came word by word, and is read aloud once, whole.
    llm_page.wait_for_function("window.heard.length === 1")
    assert wrong in llm_page.evaluate("window.heard[0]")
    llm_page.get_by_role("button", name="Not supported").click()
    expect(answer.locator(".doubt")).to_contain_text("another number")
