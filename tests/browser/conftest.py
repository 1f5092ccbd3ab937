"""A real server over a small home of its own, and a real Chromium that watches what it asks for."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .browser_home import DOCUMENTS, SUITE
from .curated_home import write_curated_home

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 120


@pytest.fixture(scope="session")
def chromium_path() -> str:
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing: install chromium, or set CHROMIUM to where it is"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return str(CHROMIUM)


# Of the module, not of the session: Playwright keeps an event loop running in this thread, and
# tests elsewhere start their own.
@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "documents").mkdir()
    for name, text in DOCUMENTS.items():
        (folder / "documents" / name).write_text(text, encoding="utf-8")
    (folder / "suites").mkdir()
    cases = "".join(json.dumps(case) + "\n" for case in SUITE)
    (folder / "suites" / "harbour.jsonl").write_text(cases, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def address(chromium_path: str, home: Path) -> Iterator[str]:
    """The address of ``assistant chat`` over the home."""
    yield from served(home)


@pytest.fixture(scope="session")
def curated_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("curated")
    write_curated_home(folder)
    return folder


@pytest.fixture(scope="session")
def curated_address(chromium_path: str, curated_home: Path) -> Iterator[str]:
    """The address of ``assistant chat`` over the home that has something to curate."""
    yield from served(curated_home)


def started(home: Path, port: int = 0) -> subprocess.Popen[str]:
    """Start ``assistant chat``."""
    command = [sys.executable, "-m", "assistant", "chat", "--home", str(home)]
    return subprocess.Popen(
        [*command, "--port", str(port), "--no-open"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def served(home: Path) -> Iterator[str]:
    """Run ``assistant chat``, which is stopped at the end as a person would stop it."""
    with started(home) as process:
        try:
            yield printed_address(process)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
    assert process.returncode == 0


def printed_address(process: subprocess.Popen[str]) -> str:
    """Return the address that the chat prints when it answers."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    assert process.stdout is not None
    source = process.stdout

    def read() -> None:
        # To the end of the process, so that its output never fills the pipe.
        for line in source:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    seen = ""
    while line := lines.get(timeout=START_SECONDS):
        seen += line
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise AssertionError(f"the server ended before it printed its address:\n{seen}")


class Watched:
    """A browser page together with everything that it complained about or asked for."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        self.address = address

    def foreign(self) -> list[str]:
        own = (self.address, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]


def opened(chromium: Browser, address: str, **context: object) -> Iterator[Page]:
    made = chromium.new_context(**context)  # type: ignore[arg-type]
    made.set_default_timeout(20_000)
    watched = Watched(made.new_page(), address)
    watched.page.goto(address)
    watched.page.wait_for_selector("#question textarea")
    yield watched.page
    made.close()
    assert (watched.complaints, watched.foreign()) == ([], [])
    assert watched.requests


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The chat on a desktop; after the test: no console error, no request to another host."""
    yield from opened(chromium, address, viewport={"width": 1280, "height": 800})


@pytest.fixture
def other_page(chromium: Browser, address: str) -> Iterator[Page]:
    """The chat of somebody else at the same time."""
    yield from opened(chromium, address, viewport={"width": 1280, "height": 800})


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[Page]:
    """The chat on a narrow phone."""
    narrow = {"width": 360, "height": 740}
    yield from opened(chromium, address, viewport=narrow, has_touch=True, is_mobile=True)


@pytest.fixture
def curated_page(chromium: Browser, curated_address: str) -> Iterator[Page]:
    """The chat over the home that has something to curate."""
    yield from opened(chromium, curated_address, viewport={"width": 1280, "height": 800})


@pytest.fixture
def curated_phone(chromium: Browser, curated_address: str) -> Iterator[Page]:
    """The same on a narrow phone."""
    narrow = {"width": 360, "height": 740}
    yield from opened(chromium, curated_address, viewport=narrow, has_touch=True, is_mobile=True)


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a page that a server of this machine offers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/page.html"
        server.shutdown()
