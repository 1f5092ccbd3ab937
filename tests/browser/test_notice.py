"""The line about a new index, in a real browser, while one is being built."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, expect

from assistant.archive import Archive
from assistant.home import Home, make_home
from assistant.settings import Settings
from assistant.web.app import application
from assistant.web.notice import notice
from index.backends import LoadableEmbedder

from ..index.models import Held, Model
from .browser_home import DOCUMENTS

pytestmark = pytest.mark.browser


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a home whose index was made with the model "one"."""

    def choose(model: str, **options: object) -> LoadableEmbedder:
        return Model(model)

    monkeypatch.setattr("assistant.embedders.choose_embedder", choose)
    made = make_home(tmp_path / "home with spaces")
    for name, text in DOCUMENTS.items():
        (made.documents / name).write_text(text, encoding="utf-8")
    with Archive(made, Settings(model="one"), Model("one")) as archive:
        archive.sync()
        assert notice(archive) == {"text": "", "busy": False}
    return made


@contextmanager
def served(archive: Archive) -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(
                application(archive, loopback_only=True),
                log_level="critical",
                timeout_graceful_shutdown=1,
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


def test_the_page_says_how_far_a_new_index_is_until_it_answers(
    chromium: Browser, home: Home
) -> None:
    two = Held("two")
    with Archive(home, Settings(model="two"), two) as archive, served(archive) as address:
        assert "answers until" in notice(archive)["text"]
        archive.new_index.start(lambda progress: None, lambda said: None)
        assert two.begun.wait(30)
        page = chromium.new_page()
        page.goto(address)
        line = page.locator(".index-news")
        expect(line).to_be_visible(timeout=30_000)
        expect(line).to_contain_text("New index: embedding")
        expect(line).to_contain_text("Questions are answered.")
        box = line.bounding_box()
        assert box is not None
        assert box["height"] < 60
        question, header = (page.locator(one).bounding_box() for one in ("#question", "header.top"))
        assert question is not None
        assert header is not None
        assert header["y"] + header["height"] <= box["y"]
        assert box["y"] + box["height"] <= question["y"]
        assert page.viewport_size is not None
        assert question["y"] + question["height"] <= page.viewport_size["height"]
        two.go_on.set()
        expect(line).to_be_hidden(timeout=30_000)
        page.close()


def test_an_older_index_that_answers_is_named_with_the_command_that_builds(home: Home) -> None:
    with Archive(home, Settings(model="two"), Model("two")) as archive:
        said = notice(archive)
    assert not said["busy"]
    assert said["text"].startswith("The settings ask for another index")


def test_readers_hear_that_the_database_is_away_and_nothing_of_where_it_is(home: Home) -> None:
    class Away:
        is_away = True
        remark = "the database db.example/archive cannot be reached (no): see that it runs"

    with Archive(home, Settings(model="one"), Model("one")) as archive:
        archive.index.sharing = Away()  # type: ignore[assignment]
        whole = notice(archive)["text"]
        told = notice(archive, looks_after=False)["text"]
    assert "db.example" in whole
    assert told.startswith("The database that this host shares with others cannot be reached now")
    assert "db.example" not in told
