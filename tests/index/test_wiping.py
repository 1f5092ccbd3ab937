"""What replacing a document leaves behind is wiped soon, or at the latest when the index closes."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from corpus.errors import IndexFailure
from index import generations, wiping
from index.wiping import Wiping

from ..waiting import wait_until
from .homes import Home, bytes_of


def holds(home: Home, word: bytes) -> bool:
    files = [path for path in home.state.rglob("*") if path.is_file()]
    return any(word in bytes_of(path) for path in files)


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a home whose few passages count as many."""
    monkeypatch.setattr(generations, "MANY", 3)
    home = Home(tmp_path)
    for number in range(8):
        home.write(f"{number}.txt", f"Report {number}\n\nThe zyzzyva{number} was counted.\n")
    return home


def test_a_replaced_text_is_wiped_when_the_index_closes(many: Home) -> None:
    index = many.open()
    index.sync()
    many.write("3.txt", "Report 3\n\nNothing was counted.\n")
    assert index.sync().updated == ("3",)
    assert index._beside.store._generations.has_traces()
    index.close()
    assert not holds(many, b"zyzzyva3")
    assert holds(many, b"zyzzyva4")


def test_a_replaced_text_is_wiped_soon(many: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiping, "AFTER", 0.1)
    monkeypatch.setattr(generations, "_PART_PAGES", 1)
    index = many.open()
    index.sync()
    many.write("3.txt", "Report 3\n\nNothing was counted.\n")
    index.sync()
    wait_until(lambda: not index._beside.store._generations.has_traces())
    assert not holds(many, b"zyzzyva3")
    query = index.prepare("zyzzyva4")
    assert index.search(query)[0].passage.document_id == "4"
    index.close()


def test_a_removed_text_is_wiped_at_once(many: Home) -> None:
    index = many.open()
    index.sync()
    index.remove(["3"])
    assert not index._beside.store._generations.has_traces()
    assert not holds(many, b"zyzzyva3")
    index.close()


def test_parts_wait_for_a_pause_in_the_changes_and_end_with_their_owner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wiping, "AFTER", 0.3)
    done: list[float] = []
    left = iter((True, True, False))
    work = Wiping(lambda: bool(done.append(time.monotonic())) or next(left))
    begun = time.monotonic()
    for _ in range(4):
        work.begin()
        time.sleep(0.1)
    wait_until(lambda: len(done) == 3)
    assert done[0] - begun > 0.55
    work.end()
    work.begin()
    assert len(done) == 3
    endless = Wiping(lambda: True)
    endless.begin()
    endless.end()
    assert not [one for one in threading.enumerate() if one.name == "wiping"]


def test_a_failure_is_left_to_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiping, "AFTER", 0.01)
    calls: list[str] = []

    def part() -> bool:
        calls.append("called")
        if len(calls) == 1:
            raise IndexFailure("the disk is full")
        return False

    work = Wiping(part)
    work.begin()
    wait_until(lambda: len(calls) == 1 and work._thread is None)
    work.begin()
    wait_until(lambda: len(calls) == 2)
    work.end()
