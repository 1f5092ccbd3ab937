"""Watching a home that another process has open, and what is said while documents are read."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from assistant.archive import Archive
from assistant.client import Client, LocalClient
from assistant.connect import connect
from assistant.contract_corpus import ChangesJson, changes_json
from assistant.curating import _watch
from assistant.home import Home
from assistant.owner import read_owner
from index.embed import Vectors
from index.entries import Changes, Skipped

from ..fakes import BagOfStems
from . import program
from .conftest import Command
from .program import ROOT, without_settings
from .small_corpus import WORTH
from .test_processes import owning

BRIEFLY = f"""
import importlib, sys
sys.path.insert(0, {str(ROOT)!r})
from tests.assistant.program import fast_parts
for name, part in fast_parts().items():
    module, _, attribute = name.rpartition(".")
    setattr(importlib.import_module(module), attribute, part)
from assistant.connect import connect
from assistant.home import find_home
with connect(find_home(sys.argv[1]), command="assistant add") as client:
    client.sync()
    print("ready", flush=True)
    sys.stdin.read()
from assistant.shell import leave
leave(0)
"""
"""Has the home open, as a command has that takes long, and does not watch its folder."""


@contextlib.contextmanager
def watching(home: Home) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, program.__file__, "sync", "--watch", "--home", str(home.root)],
        cwd=ROOT,
        env=without_settings() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    with ThreadPoolExecutor(1) as pool:
        try:
            return pool.submit(process.stdout.readline).result(90)  # a busy machine starts slowly
        except TimeoutError:
            process.kill()
            raise


@pytest.mark.slow
def test_a_watch_follows_whoever_has_the_home_open_and_takes_over_when_that_ends(
    home: Home,
) -> None:
    with owning(home, BRIEFLY) as owner, watching(home) as process:
        assert next_line(process) == "unchanged: 3\n"
        (home.documents / "tram.txt").write_text("Tram\n\nThe tram came.\n", "utf-8")
        assert next_line(process) == "added tram\n"
        assert next_line(process) == "unchanged: 3\n"
        (home.documents / "copy.txt").write_bytes((home.documents / "tram.txt").read_bytes())
        assert next_line(process) == "skipped copy.txt: same text as the document 'tram'\n"
        assert next_line(process) == "unchanged: 4\n"
        owner.communicate(timeout=30)
        assert owner.returncode == 0
        (home.documents / "copy.txt").unlink()
        (home.documents / "tram.txt").unlink()
        assert next_line(process) == "removed tram\n"


@pytest.mark.slow
def test_two_watches_hear_of_the_same_change(home: Home) -> None:
    with watching(home) as first:
        for _ in range(4):  # three documents and the sum
            next_line(first)
        with watching(home) as second:
            assert next_line(second) == "unchanged: 3\n"
            os.rename(home.documents / "ferry.md", home.documents / "boat.md")
            for process in (first, second):
                assert [next_line(process) for _ in range(2)] == ["added boat\n", "removed ferry\n"]


def test_who_takes_the_watch_over_says_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    nothing = changes_json(Changes(), [])
    copy = changes_json(Changes(skipped=(Skipped("copy.txt", "a copy"),)), [])
    gone = changes_json(Changes(removed=("tram",)), [])

    class TwoOwners:
        def watch(self, listener: Callable[[ChangesJson], None]) -> None:
            for changes in (copy, copy, gone, copy):  # the second is the next owner's first look
                listener(changes)

    _watch(cast(Client, TwoOwners()), nothing)
    said = [line for line in capsys.readouterr().out.splitlines() if ":" in line or "tram" in line]
    assert said == ["skipped copy.txt: a copy", "removed tram", "skipped copy.txt: a copy"]


class Held(BagOfStems):
    """Waits in the middle of its work until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.at_work, self.may_go_on = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.at_work.set()
        assert self.may_go_on.wait(30)
        return super().embed(texts)


def test_while_documents_are_read_nothing_says_that_there_are_none(
    command: Command, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = ("--home", str(home.root))
    embedder = Held()
    monkeypatch.setattr("assistant.archive.default_embedder", lambda settings: embedder)
    far = "Documents are being read: 0 of 3 so far.\n"
    with connect(home, command="assistant chat") as client, ThreadPoolExecutor(1) as pool:
        syncing = pool.submit(client.sync)
        assert embedder.at_work.wait(30)
        listed = command("list", *at)
        assert (listed.out, listed.err) == ("No document is in the index yet.\n", far)
        assert command("list", "--json", *at).out == "[]\n"
        asked = command("ask", WORTH, *at)
        assert asked.out.startswith("No document is in the index yet, as they are still being read")
        assert asked.err == far
        embedder.may_go_on.set()
        assert len(syncing.result(30)["added"]) == 3
        listed = command("list", *at)
        assert (len(listed.out.splitlines()), listed.err) == (4, "")


def test_work_whose_caller_goes_away_is_stopped_and_left_in_order(
    fast: None, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = Held()
    monkeypatch.setattr("assistant.archive.default_embedder", lambda settings: embedder)
    monkeypatch.setattr("index.taking.GROUP", 1)
    for number in range(9):
        (home.documents / f"tram-{number}.txt").write_text(f"Tram {number} came.\n", "utf-8")
    with connect(home, command="assistant chat") as client:
        owner = read_owner(home)
        assert owner is not None
        with socket.create_connection(("127.0.0.1", owner.port)) as caller:
            request = {"token": owner.token, "call": "sync", "arguments": {"rebuild": False}}
            caller.sendall(json.dumps(request).encode() + b"\n")
            assert embedder.at_work.wait(30)
        embedder.may_go_on.set()
        deadline = time.monotonic() + 30
        while client.under_way():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert isinstance(client, LocalClient)
        assert 0 < len(client._archive.entries()) < 12
        assert [*home.state.glob("index/*/*.seal")]
        assert len(client.list()) == 12


def test_nothing_is_under_way_in_a_home_at_rest(shared_archive: Archive) -> None:
    assert LocalClient(shared_archive).under_way() == ""
