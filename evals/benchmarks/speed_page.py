"""The page in headless Chromium, on a screen and on a phone, over a copy of the home.

Each load is of a browser without a cache, on a server that has answered before. The page's own
clock tells when something is painted, when a question can be typed and sent, and how long a
click on a marker takes to the frame that shows the quote. On a machine with other work to do the
numbers say little: the load stands in the head of the report.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Timer
from typing import TYPE_CHECKING, Any

from assistant.home import Home
from corpus.errors import CheckFailed, UsageError
from corpus.extras import installing
from evals.benchmarks.program import printed_address, stop
from evals.benchmarks.speed_parts import Measure, Part, Setup
from evals.benchmarks.speed_program import copy_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOADS, CLICKS = 5, 5
_PATIENCE = 300.0
_MS = 1000.0
SCREENS: Mapping[str, dict[str, Any]] = {
    "page": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
_CALLED = {"page": "on a screen", "phone": "on a phone"}
MEASURES = {
    f"{screen}_{name}_ms": Measure(f"{what}, {_CALLED[screen]}", "ms", target)
    for screen in SCREENS
    for name, what, target in (
        ("paint", "first paint", 1000),
        ("usable", "until a question can be asked", 2000),
        ("quote", "from a click on a marker to its quote", 100),
    )
}
MARKERS = "#chat .bot a[href^='#cite-']"
# From the click to the frame that shows the quote, in milliseconds.
CLICK = """() => new Promise(done => {
  const began = performance.now(), column = document.getElementById('right');
  const look = () => (column.matches('.reading') && column.querySelector('#hit')
    ? done(performance.now() - began) : requestAnimationFrame(look));
  document.querySelector("#chat .bot a[href^='#cite-']").click();
  look();
})"""
_USABLE = """() => new Promise(done => {
  const look = () => (document.querySelector('#question textarea:not([disabled])')
      && document.querySelector('#question .submit-button')
    ? done(performance.now()) : requestAnimationFrame(look));
  look();
})"""
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
_CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))


def measure(setup: Setup) -> Part:
    """Measure the page. Raises UsageError where there is no browser to measure it in, and
    CheckFailed where the page does not do what it should."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise UsageError(
            f"the part page needs Playwright, which is not installed: {installing('dev')}"
        ) from error
    setup.say("starting the chat")
    with copy_of(setup.home) as copy, _chat(copy) as address, sync_playwright() as playwright:
        path = str(_CHROMIUM) if _CHROMIUM.exists() else None
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        except Error as error:
            raise UsageError(
                "Chromium could not be started: install it, or name it in CHROMIUM "
                f"({str(error).strip().splitlines()[0]})"
            ) from error
        try:
            question = _warm(browser, address)
            metrics: dict[str, float] = {}
            for name, screen in SCREENS.items():
                setup.say(f"loading the page {_CALLED[name]}")
                metrics |= _times(browser, address, name, screen, question)
        except Error as error:
            said = str(error).strip().splitlines()[0]
            raise CheckFailed(f"the page could not be measured ({said}): look at it") from error
        finally:
            browser.close()
    return Part(MEASURES, metrics, f"the page, {LOADS} loads, {LOADS * CLICKS} clicks, medians")


def _warm(browser: Browser, address: str) -> str:
    """Ask an example of the page's own, so that the model is there; return it."""
    page = browser.new_page()
    page.goto(address)
    try:
        page.wait_for_selector("#chat .example", timeout=60 * _MS)
    except Exception as error:
        raise CheckFailed(
            "no example could be made of the documents of this home: name another with --home"
        ) from error
    question = str(page.inner_text("#chat .example .example-text"))
    _ask(page, question, _PATIENCE)
    page.close()
    return question


def _times(
    browser: Browser, address: str, name: str, screen: Mapping[str, Any], question: str
) -> dict[str, float]:
    paints, usables, clicks = [], [], list[float]()
    for _ in range(LOADS):
        context = browser.new_context(**screen)
        page = context.new_page()
        page.goto(address, wait_until="commit")
        usables.append(float(page.evaluate(_USABLE)))
        paints.append(float(page.evaluate(_PAINT)))
        _ask(page, question, 60)
        clicks += _clicks(page)
        context.close()
    found = {"paint": paints, "usable": usables, "quote": clicks}
    return {f"{name}_{what}_ms": median(times) for what, times in found.items()}


def _ask(page: Page, question: str, seconds: float) -> None:
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.wait_for_selector(MARKERS, timeout=seconds * _MS)
    page.wait_for_selector("#question .submit-button", timeout=seconds * _MS)


def _clicks(page: Page) -> Iterator[float]:
    page.wait_for_timeout(500)  # as long as a reader needs to see the number at all
    for _ in range(CLICKS):
        yield float(page.evaluate(CLICK))
        page.keyboard.press("Escape")
        page.wait_for_function("!document.querySelector('#reader .ev-read')")


@contextmanager
def _chat(home: Home) -> Iterator[str]:
    """Run the chat, open to whoever asks and without a language model; give its address."""
    command = ("chat", "--home", str(home.root), "--port", "0", "--no-open")
    plain = {"ASSISTANT_USERS": "off", "ASSISTANT_LLM": "none", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **plain},
    ) as process:
        patience = Timer(_PATIENCE, process.kill)
        patience.start()
        try:
            address = printed_address(process, command)
            patience.cancel()
            yield address
        finally:
            patience.cancel()
            stop(process)
