"""Too many people at once: said in words, and over by itself."""

from __future__ import annotations

import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.archive import Archive
from assistant.home import make_home
from assistant.settings import Settings
from assistant.web import conversation, page
from assistant.web.chat import Frame, frames

from ..index.models import Model
from .browser_home import DOCUMENTS
from .test_notice import served

pytestmark = pytest.mark.browser

LIBRARY = "What happened to the library?"


def put(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")


def test_a_full_queue_is_said_and_every_question_is_answered_by_itself(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def held(*asked: Any) -> Generator[Frame, None, None]:
        go_on.wait(60)
        yield from frames(*asked)

    monkeypatch.setattr(page, "ASKING", 1)
    monkeypatch.setattr(page, "WAITING", 1)
    monkeypatch.setattr(conversation, "frames", held)
    home = make_home(tmp_path / "home")
    for name, text in DOCUMENTS.items():
        (home.documents / name).write_text(text, encoding="utf-8")
    with Archive(home, Settings(), Model("one")) as archive:
        archive.sync()
        with served(archive) as address:
            people = [chromium.new_context() for _ in range(3)]
            pages = [one.new_page() for one in people]
            for one in pages:
                one.goto(address)
                one.wait_for_selector("#question textarea")
                put(one, LIBRARY)
                one.wait_for_timeout(400)  # so that they come in their order
            _, waits, refused = pages
            expect(waits.locator(".editing:visible")).to_contain_text("Others are asking")
            expect(refused.locator(".editing:visible")).to_contain_text("Too many people")
            expect(refused.locator("#question textarea")).to_have_value(LIBRARY)
            expect(refused.locator("#chat .error:visible")).to_have_count(0)
            go_on.set()
            for one in pages:
                expect(one.locator("#chat .bot.message")).to_have_count(1, timeout=20_000)
                expect(one.locator(".editing:visible")).to_have_count(0)
            for context in people:
                context.close()
