"""The chat is killed while it builds an index: the old one answers, the next start ends that."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator

import pytest

from assistant.archive import Archive
from assistant.home import Home
from assistant.owner import is_alive, read_owner
from assistant.remote import RemoteClient
from assistant.settings import Settings
from index.recipes import answering

from ..index.models import Model
from ..waiting import wait_until
from .program import ROOT, child
from .small_corpus import COUNCIL_WORTH, FERRY_WORTH, WORTH

PROGRAM = f"""
import importlib, sys, time
sys.path.insert(0, {str(ROOT)!r})
from tests.assistant.program import fast_parts
from tests.index.models import Model

class Slow(Model):
    "Takes long for what is indexed, as real models do."
    def embed(self, texts):
        time.sleep(float(sys.argv[1]))
        return super().embed(texts)

for name, part in fast_parts().items():
    module, _, attribute = name.rpartition(".")
    setattr(importlib.import_module(module), attribute, part)
choose = lambda model, **options: Slow(model)
importlib.import_module("assistant.archive").default_embedder = lambda one: choose(one.model)
importlib.import_module("assistant.embedders").choose_embedder = choose
from assistant import cli
from assistant.shell import run
sys.exit(run(cli.cli, "assistant", sys.argv[2:]))
"""
"""``assistant`` with models of any name, that take some seconds for each group of texts."""


@contextlib.contextmanager
def running(home: Home, seconds: float, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = child(PROGRAM, str(seconds), *arguments, "--home", str(home.root))
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


@contextlib.contextmanager
def chatting(
    home: Home, seconds: float = 0.0
) -> Iterator[tuple[RemoteClient, subprocess.Popen[str]]]:
    """Run the chat, which takes so long to embed anything, and give a client of it."""
    with running(home, seconds, "chat", "--no-open", "--port", "0") as process:
        wait_until(lambda: process.poll() is None and answers(home, process.pid), 60)
        owner = read_owner(home)
        assert owner is not None
        yield RemoteClient(owner), process


def answers(home: Home, pid: int) -> bool:
    owner = read_owner(home)
    return owner is not None and owner.pid == pid and is_alive(owner)


def folders(home: Home) -> list[str]:
    return sorted(one.name for one in (home.state / "index").iterdir() if one.is_dir())


def quotes(client: RemoteClient) -> set[str]:
    return {one["quote"] for one in client.ask(WORTH)["citations"]}


RIGHT = {FERRY_WORTH, COUNCIL_WORTH}


@pytest.mark.slow
def test_a_chat_killed_while_it_builds_another_models_index_ends_that_at_its_next_start(
    home: Home,
) -> None:
    with Archive(home, Settings(model="one"), Model("one")) as archive:
        archive.sync()
    (one,) = answering(home.state / "index")
    home.settings_file.write_text('model = "two"\n', "utf-8")
    with chatting(home, 600) as (client, process):
        wait_until(lambda: len(folders(home)) == 2)
        assert quotes(client) == RIGHT
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    assert answering(home.state / "index") == [one]
    with chatting(home, 600) as (client, _):
        assert quotes(client) == RIGHT
        assert answering(home.state / "index") == [one]
    with chatting(home) as (client, _):
        wait_until(lambda: len(answering(home.state / "index")) == 2)
        assert answering(home.state / "index")[1] == one
        assert quotes(client) == RIGHT


@pytest.mark.slow
def test_who_asked_for_a_rebuild_gets_it_though_the_chat_that_did_it_is_killed(
    home: Home,
) -> None:
    home.settings_file.write_text('model = "one"\n', "utf-8")
    with Archive(home, Settings(model="one"), Model("one")) as archive:
        archive.sync()
    (one,) = answering(home.state / "index")
    with chatting(home, 600) as (client, process), running(home, 0, "sync", "--rebuild") as sync:
        wait_until(lambda: len(folders(home)) == 2, 60)
        assert quotes(client) == RIGHT
        process.send_signal(signal.SIGKILL)
        out, err = sync.communicate(timeout=60)
    assert (sync.returncode, err) == (0, "")
    assert "added ferry" in out or "indexed again" in out
    (rebuilt,) = answering(home.state / "index")
    assert rebuilt != one
    assert folders(home) == [rebuilt]
    with chatting(home) as (client, _):
        assert quotes(client) == RIGHT
