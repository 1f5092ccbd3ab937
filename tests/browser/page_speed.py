"""How fast the page is, in headless Chromium: ``python -m tests.browser.page_speed [LOADS]``.

It starts ``assistant chat`` over a copy of the starter corpus, waits until the model is loaded, and
prints medians in milliseconds: the first paint, the moment from which a question can be typed and
sent, and a click on a marker to the frame that shows the quote. Goals, on a machine with nothing
else to do: 1000, 2000 and 100. On a busy one the numbers say little; its load is printed too.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from .browser_home import ask
from .conftest import CHROMIUM, FLAGS, served
from .test_asking_page import CLICK

QUESTION = "When did San Francisco ban facial recognition?"
DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"
# Noted by the page itself: when the question's box may be typed in and sent.
USABLE = """new Promise(done => {
  const look = () => (document.querySelector('#question textarea:not([disabled])')
      && document.querySelector('#question .submit-button')
    ? done(performance.now()) : requestAnimationFrame(look));
  look();
})"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


def main(loads: int) -> None:
    with home() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for address in served(folder):
            for name, size in SIZES.items():
                measure(browser, address, name, size, loads)
        browser.close()


def measure(browser: Browser, address: str, name: str, size: dict[str, int], loads: int) -> None:
    """Print the medians of one kind of screen; every load is of a browser without a cache."""
    paints, usables, clicks = [], [], []
    for _ in range(loads):
        context = browser.new_context(viewport=size, is_mobile=name == "phone")  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(address, wait_until="commit")
        usables.append(float(page.evaluate(USABLE)))
        paints.append(float(page.evaluate(PAINT)))
        clicks += clicked(page)
        context.close()
    found = {"first paint": paints, "usable": usables, "marker to quote": clicks}
    told = ", ".join(f"{what} {statistics.median(times):.0f} ms" for what, times in found.items())
    print(f"{name}: {told} ({loads} loads, load average {os.getloadavg()[0]:.1f})", flush=True)


def clicked(page: Page) -> Iterator[float]:
    ask(page, QUESTION)
    page.wait_for_timeout(500)
    for _ in range(5):
        yield float(page.evaluate(CLICK))
        page.keyboard.press("Escape")
        page.wait_for_function("!document.querySelector('#reader .ev-read')")


@contextmanager
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(DOCUMENTS, Path(folder) / "documents", dirs_exist_ok=True)
        yield Path(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
