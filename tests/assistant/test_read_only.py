"""A home that may not be written answers from a copy of its index."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.home import Home
from assistant.owner import Ownership
from assistant.read_only import copied
from corpus.errors import HomeBusy

from . import program
from .conftest import Command, json_of
from .program import Ran
from .small_corpus import COUNCIL_WORTH, FERRY_WORTH, WORTH, listing
from .test_processes import owning

NOTE = "this home may not be written: a copy of its index answers, and nothing is kept\n"


_POWERLESS = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--")
"""Takes from root the right to write what nobody may write."""


def powerless(*arguments: str, temporary: Path) -> Ran:
    """Run ``assistant`` with the fast embedder, held to the rights of files."""
    command = [sys.executable, program.__file__, *arguments]
    if os.geteuid() == 0:
        if subprocess.run([*_POWERLESS, "true"], capture_output=True).returncode != 0:
            pytest.skip("root cannot do without its rights here")
        command = [*_POWERLESS, *command]
    temporary.mkdir()
    done = subprocess.run(
        command,
        env=program.without_settings() | {"TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    temporary.rmdir()  # it is empty again
    return Ran(done.returncode, done.stdout, done.stderr)


@contextmanager
def protected(home: Home) -> Iterator[None]:
    """Let nobody change anything in a home inside, and see that nobody did."""
    before = listing(home.root)
    paths = [home.root, *home.root.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        yield
        assert listing(home.root) == before
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.mark.slow
def test_reading_commands_answer_where_nothing_may_be_written(
    command: Command, home: Home, tmp_path: Path
) -> None:
    at = ("--json", "--home", str(home.root))
    json_of(command("sync", *at))
    with protected(home):
        asked = powerless("ask", WORTH, *at, temporary=tmp_path / "tmp")
        assert (asked.code, asked.err) == (0, NOTE)
        for quote in (FERRY_WORTH, COUNCIL_WORTH):
            assert quote in asked.out
        shown = powerless("show", "ferry", "--home", str(home.root), temporary=tmp_path / "tmp")
        assert shown.code == 0
        assert FERRY_WORTH in shown.out
        refused = powerless("remove", "ferry", *at, temporary=tmp_path / "tmp")
        assert refused.code == 3
        assert refused.err == (
            f"assistant: the state folder {home.state} could not be written (Permission denied): "
            "check its rights and the disk's free space\n"
        )


@pytest.mark.slow
def test_documents_without_an_index_are_read_each_time(home: Home, tmp_path: Path) -> None:
    shutil.rmtree(home.state)
    with protected(home):
        listed = powerless("list", "--home", str(home.root), temporary=tmp_path / "tmp")
        assert (listed.code, listed.err) == (0, NOTE)
        assert [line.split()[0] for line in listed.out.splitlines()] == [
            "ID", "council", "ferry", "library",
        ]  # fmt: skip


def test_what_a_killed_process_left_in_the_log_is_copied_too(command: Command, home: Home) -> None:
    json_of(command("sync", "--json", "--home", str(home.root)))
    (catalogue,) = home.state.glob("index/*/catalogue.sqlite")
    catalogue.with_name("catalogue.sqlite-wal").write_bytes(b"the log")
    with copied(home) as copy:
        assert copy.state != home.state
        there = copy.state / catalogue.relative_to(home.state)
        assert there.read_bytes() == catalogue.read_bytes()
        assert there.with_name("catalogue.sqlite-wal").read_bytes() == b"the log"
    assert not copy.state.exists()


def test_an_index_that_another_process_writes_is_not_copied(command: Command, home: Home) -> None:
    json_of(command("sync", "--json", "--home", str(home.root)))
    held = Ownership(home, "assistant add")
    try:
        with pytest.raises(HomeBusy, match="is open in 'assistant add'"), copied(home):
            pass
    finally:
        held.release()
    with copied(home) as copy:
        assert copy.root == home.root


@pytest.mark.slow
def test_a_chat_that_may_write_the_home_answers_for_those_who_may_not(
    home: Home, tmp_path: Path
) -> None:
    with owning(home):
        places = {home.state: 0o555, home.state / "owner.lock": 0o444}
        for path, mode in places.items():
            path.chmod(mode)
        asked = powerless("ask", WORTH, "--home", str(home.root), temporary=tmp_path / "tmp")
        home.state.chmod(0o755)
    assert (asked.code, asked.err) == (0, "")
    assert FERRY_WORTH in asked.out
