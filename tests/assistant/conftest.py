"""Homes with the small corpus, an archive over one, and the command line in this process."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.archive import Archive
from assistant.cli import cli
from assistant.home import Home
from assistant.settings import Settings
from assistant.shell import run

from ..chroma_server import chroma, mortal
from ..fakes import BagOfStems
from .program import Ran, fast_parts
from .small_corpus import write_home

__all__ = ["chroma", "mortal"]

Command = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("assistant.spoken._root", None)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let archives that are opened by name use the fast embedder; see ``program.fast_parts``."""
    for name, part in fast_parts().items():
        monkeypatch.setattr(name, part)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with the small corpus, not indexed yet."""
    return write_home(tmp_path / "home")


@pytest.fixture(scope="session")
def _shared_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = write_home(tmp_path_factory.mktemp("shared") / "home")
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        yield archive


@pytest.fixture
def shared_archive(fast: None, _shared_archive: Archive) -> Archive:
    """The small corpus, indexed, for tests that only ask."""
    return _shared_archive


@pytest.fixture
def command(fast: None, capfd: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Run the command line in this process, with the fast embedder."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers = []  # pytest's own would be taken for the home's log

    def call(*arguments: str) -> Ran:
        capfd.readouterr()
        code = run(cli, "assistant", arguments)
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    yield call
    for handler in root.handlers:
        handler.close()
    root.handlers = handlers
    root.setLevel(level)


def json_of(ran: Ran) -> Any:
    """Return the one JSON value that a command printed, having done its work without a word."""
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)
