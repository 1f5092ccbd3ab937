"""Where shared data lies, and a way to meet a folder without rights although tests run as root."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.sandbox import Readers

DATA = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    if not DATA.is_dir():
        pytest.skip(f"no shared data at {DATA}")
    return DATA


@pytest.fixture
def without_rights() -> Callable[[Callable[[], object]], str]:
    """Run a call in a child that is nobody, and return the message of what it raised."""
    return _message_as_nobody


def let_in(folder: Path) -> None:
    """Let everybody reach a test's folder: pytest makes those above it for its user only."""
    for one in (folder, *folder.parents):
        if one.stat().st_uid == os.geteuid() and one.parent != one:
            one.chmod(one.stat().st_mode | 0o055)
        if one.name.startswith("pytest-of-"):
            break


def _message_as_nobody(call: Callable[[], object]) -> str:
    if os.geteuid() != 0:
        return _message(call)
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            message = _message(call)
        except BaseException as error:
            message = f"unexpected {error!r}"
        os.write(write_end, message.encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        message = answer.read()
    os.waitpid(child, 0)
    return message


def _message(call: Callable[[], object]) -> str:
    from corpus.errors import CorpusError

    try:
        call()
    except CorpusError as error:
        return f"{type(error).__name__}: {error}"
    return "nothing was raised"


@pytest.fixture
def readers() -> Iterator[Readers]:
    """Readers of the production kind."""
    readers = Readers(size=2)
    yield readers
    readers.close()


@pytest.fixture
def bad_readers() -> Iterator[Readers]:
    """Readers that obey a file's name (see misbehaving.py), with little memory."""
    readers = Readers(size=2, memory=300_000_000, worker="tests.corpus.misbehaving")
    yield readers
    readers.close()


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Path]:
    def make(name: str) -> Path:
        path = tmp_path / name
        text = "The council met on Tuesday and decided to keep the library open."
        path.write_text(f"Notes of {path.stem}\n\n{text}\n", "utf-8")
        return path

    return make
