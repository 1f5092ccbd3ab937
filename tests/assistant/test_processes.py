"""Several processes on one home: one has it open, the others ask it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.connect import connect
from assistant.home import Home
from assistant.owner import Ownership, read_owner

from ..waiting import wait_until
from .conftest import Command, json_of
from .program import ROOT, child, fast
from .small_corpus import COUNCIL_WORTH, FERRY_WORTH, WORTH, listing

OWNER = f"""
import importlib, sys
sys.path.insert(0, {str(ROOT)!r})
from tests.assistant.program import fast_parts
for name, part in fast_parts().items():
    module, _, attribute = name.rpartition(".")
    setattr(importlib.import_module(module), attribute, part)
from assistant.connect import own
from assistant.home import find_home
with own(find_home(sys.argv[1]), command="assistant chat") as (archive, ownership):
    archive.sync()
    ownership.announce("http://127.0.0.1:7860")
    print("ready", flush=True)
    sys.stdin.read()
"""
"""Opens the home as the chat does, until its stdin is closed."""


@contextlib.contextmanager
def owning(home: Home, script: str = OWNER) -> Iterator[subprocess.Popen[str]]:
    process = child(script, str(home.root))
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        if process.poll() is None:
            process.communicate(timeout=30)


@pytest.fixture
def owner(home: Home) -> Iterator[subprocess.Popen[str]]:
    with owning(home) as process:
        yield process
    assert process.returncode == 0
    assert read_owner(home) is None


def test_every_command_works_through_the_process_that_has_the_home_open(
    command: Command, home: Home, owner: subprocess.Popen[str]
) -> None:
    at = ("--json", "--home", str(home.root))
    assert [row["id"] for row in json_of(command("list", *at))] == ["council", "ferry", "library"]
    answer = json_of(command("ask", WORTH, *at))
    assert {one["quote"] for one in answer["citations"]} == {FERRY_WORTH, COUNCIL_WORTH}
    found = json_of(command("search", WORTH, "--source", "Council Gazette", "-k", "1", *at))
    assert [hit["document_id"] for hit in found["hits"]] == ["council"]
    assert json_of(command("show", "ferry", *at))["text"].startswith(FERRY_WORTH)

    tram = home.root / "tram.txt"
    tram.write_text("Tram\n\nThe tram tunnel cost 7 million euros.\n", encoding="utf-8")
    added = json_of(command("add", str(tram), "--date", "2020-05-01", "--tag", "rail", *at))
    assert added["added"] == ["tram"]
    shown = json_of(command("show", "tram", *at))
    assert (shown["date"], shown["tags"]) == ("2020-05-01", ["rail"])
    tunnel = json_of(command("ask", "How much did the tram tunnel cost?", *at))
    assert tunnel["citations"][0]["quote"] == "The tram tunnel cost 7 million euros."

    assert json_of(command("remove", "tram", *at))["removed"] == ["tram"]
    assert json_of(command("sync", *at))["unchanged"] == 3
    assert json_of(command("sync", "--rebuild", *at))["added"] == ["council", "ferry", "library"]
    assert not json_of(command("ask", WORTH, *at))["abstained"]


def test_who_changes_the_settings_is_told_that_the_chat_goes_by_others(
    command: Command, home: Home, owner: subprocess.Popen[str]
) -> None:
    at = ("--home", str(home.root))
    assert command("sync", *at).err == ""
    home.settings_file.write_text(
        f'model = "{home.root}"\nkeep_indexes = 2\nport = 80\n'
        '[llms.here]\nkind = "openai-like"\nmodel = "m"\nurl = "http://127.0.0.1:1/v1"\n',
        "utf-8",
    )
    for call in (("sync",), ("doctor",), ("ask", WORTH)):
        ran = command(*call, *at)
        assert ran.code == 0
        assert ran.err == (
            f"'assistant chat' (process {owner.pid}) has this home open and goes by the settings "
            f'that it started with: model is "all-MiniLM-L6-v2" there, and "{home.root}" now; '
            "keep_indexes is 1 there, and 2 now; llms is another there than now. Stop it and start "
            "it again to change that\n"
        )


def test_errors_come_through_as_if_the_home_were_open_here(
    command: Command, home: Home, owner: subprocess.Popen[str]
) -> None:
    at = ("--json", "--home", str(home.root))
    before = listing(home.documents)
    listed = f"'assistant list --home {home.root}'"
    unknown = f"no document has the id 'nothing': {listed} shows the ids there are"
    assert command("show", "nothing", *at).err == f"assistant: {unknown}\n"
    assert command("show", "nothing", *at).code == 3
    assert command("ask", "", *at).code == 2
    missing = command("add", "missing.txt", *at)
    assert missing.code == 3
    assert "There is no file" in missing.out
    assert listing(home.documents) == before


def test_a_relative_path_is_the_askers_not_the_owners(
    command: Command, home: Home, owner: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.root / "below").mkdir()
    (home.root / "below" / "tram.txt").write_text("Tram\n\nThe tram came.\n", encoding="utf-8")
    monkeypatch.chdir(home.root / "below")
    at = ("--json", "--home", str(home.root))
    assert json_of(command("add", "tram.txt", *at))["added"] == ["tram"]


DYING = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from assistant.home import find_home
from assistant.owner import Ownership
held = Ownership(find_home(sys.argv[1]), "assistant add")
held.answer(lambda *call: os._exit(9))
print("ready", flush=True)
sys.stdin.read()
"""
"""Has the home open, and ends as soon as somebody asks it something."""


@pytest.mark.parametrize("call", [("ask", WORTH), ("list",), ("sync",), ("doctor",)])
def test_what_the_owner_did_not_answer_any_more_is_answered_here(
    command: Command, home: Home, call: tuple[str, ...]
) -> None:
    with owning(home, DYING):
        assert json_of(command(*call, "--json", "--home", str(home.root)))


def test_what_may_have_been_done_is_not_done_twice(command: Command, home: Home) -> None:
    with owning(home, DYING) as process:
        ran = command("remove", "ferry", "--home", str(home.root))
    assert ran.code == 3
    assert f"'assistant add' (process {process.pid}), which had this home open, did" in ran.err
    assert (home.documents / "ferry.md").exists()


def test_a_person_is_told_who_is_waited_for(fast: None, home: Home) -> None:
    told: list[str] = []
    held = Ownership(home, "assistant add")
    with ThreadPoolExecutor(1) as pool:

        def connected() -> int:
            with connect(home, waiting=told.append) as client:
                return len(client.list())

        answer = pool.submit(connected)
        wait_until(lambda: told)
        held.release()
        assert answer.result(30) == 3
    who = f"'assistant add' (process {os.getpid()})"
    assert told == [f"Waiting for {who}, which has the home open ..."]


@pytest.mark.slow
def test_a_second_chat_is_refused_at_once_with_the_address_of_the_first(
    home: Home, owner: subprocess.Popen[str]
) -> None:
    start = time.monotonic()
    ran = fast("chat", "--no-open", "--port", "0", "--home", str(home.root))
    seconds = time.monotonic() - start
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        f"assistant: {home.root} is open already in 'assistant chat' (process {owner.pid}): its "
        "chat is at http://127.0.0.1:7860\n"
    )
    assert seconds < 15  # and not the 20 s that an owner is waited for which ends soon


def test_an_owner_killed_outright_leaves_a_home_that_opens(command: Command, home: Home) -> None:
    at = ("--json", "--home", str(home.root))
    with owning(home) as process:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        for stream in (process.stdin, process.stdout, process.stderr):
            assert stream is not None
            stream.close()
    assert read_owner(home) is not None
    assert len(json_of(command("list", *at))) == 3
    assert not json_of(command("ask", WORTH, *at))["abstained"]
    assert read_owner(home) is None


@pytest.mark.slow
def test_commands_at_the_same_time_wait_for_one_another_or_ask_one_another(home: Home) -> None:
    at = ("--json", "--home", str(home.root))
    for number in range(3):
        text = f"Tram {number}\n\nTram number {number} came.\n"
        (home.root / f"tram-{number}.txt").write_text(text, encoding="utf-8")
    calls = [
        ("list", *at),
        ("ask", WORTH, *at),
        *(("add", str(home.root / f"tram-{number}.txt"), *at) for number in range(3)),
    ]
    with ThreadPoolExecutor(len(calls)) as pool:
        ran = list(pool.map(lambda call: fast(*call), calls))
    assert [(one.code, one.err) for one in ran] == [(0, "")] * len(calls)
    rows = json_of(fast("list", *at))
    assert {row["id"] for row in rows} == {
        "council", "ferry", "library", "tram-0", "tram-1", "tram-2",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.model
def test_the_chat_itself_owns_its_home(command: Command, home: Home) -> None:
    script = f"""
import runpy, sys
sys.path.insert(0, {str(ROOT)!r})
sys.argv = ["assistant", "chat", "--no-open", "--port", "0", "--home", sys.argv[1]]
runpy.run_module("assistant", run_name="__main__")
"""
    process = child(script, str(home.root))
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        assert lines[0] == "3 documents are ready.\n"
        owner = read_owner(home)
        assert owner is not None
        assert owner.url is not None
        assert owner.pid == process.pid
        assert owner.url in lines[1]
        rows = json_of(command("list", "--json", "--home", str(home.root)))
        assert len(rows) == 3
        second = command("chat", "--no-open", "--home", str(home.root))
        assert second.code == 3
        assert second.err.endswith(f"its chat is at {owner.url}\n")
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert read_owner(home) is None
