from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest

from corpus.errors import ShelfError
from index.entries import Changes
from index.index import Index
from index.watch import Watch

from ..waiting import wait_until
from .homes import Home, found, texts

SOON = 20.0  # far more than it takes: the machine may be busy


class Watched:
    """An index that is watched in a thread."""

    def __init__(self, index: Index, *, polling: bool) -> None:
        self.changes: list[Changes] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=lambda: index.watch(self._stop, self.changes.append, polling=polling)
        )
        self._thread.start()

    def until(self, holds: Callable[[], bool]) -> None:
        wait_until(holds, SOON)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(SOON)
        assert not self._thread.is_alive()


@pytest.fixture(params=[False, True], ids=["told", "polling"])
def watched(request: pytest.FixtureRequest, home: Home, index: Index) -> Iterator[Watched]:
    home.write("first.txt", "The first text was there before.\n")
    watched = Watched(index, polling=request.param)
    watched.until(lambda: watched.changes == [Changes(added=("first",))])
    yield watched
    watched.stop()


def test_what_people_do_in_the_folder_is_found(home: Home, index: Index, watched: Watched) -> None:
    home.write("2020/ban.txt", "The city banned the cameras.\n")
    watched.until(lambda: found(index, "banned cameras")[0] == "2020/ban")
    home.write("2020/ban.txt", "The county allowed quokkas.\n")
    watched.until(lambda: "quokkas" in texts(index)["2020/ban"])
    home.write("2020/ban.txt.meta.yaml", "title: Quokkas\n")
    watched.until(lambda: index.catalogue.entry("2020/ban").title == "Quokkas")
    home.embedder.embedded.clear()
    (home.shelf.folder / "2020").rename(home.shelf.folder / "2021")
    watched.until(lambda: set(texts(index)) == {"first", "2021/ban"})
    (home.shelf.folder / "2021/ban.txt").unlink()
    watched.until(lambda: set(texts(index)) == {"first"})
    assert [one.failed for one in watched.changes if one.failed] == []


def test_a_renamed_file_is_not_embedded_again(home: Home, index: Index, watched: Watched) -> None:
    home.embedder.embedded.clear()
    (home.shelf.folder / "first.txt").rename(home.shelf.folder / "second.txt")
    watched.until(lambda: len(watched.changes) == 2)
    assert watched.changes[-1] == Changes(added=("second",), removed=("first",))
    assert home.embedder.embedded == []


def test_a_file_is_taken_in_when_it_is_written_to_its_end(
    home: Home, index: Index, watched: Watched
) -> None:
    path = home.shelf.folder / "slow.txt"
    with path.open("w", encoding="utf-8") as file:
        for number in range(12):
            file.write(f"Sentence {number} is written.\n\n")
            file.flush()
            time.sleep(0.1)
    watched.until(lambda: "slow" in texts(index) and "Sentence 11" in texts(index)["slow"])


def test_temporary_files_are_no_news(home: Home, index: Index, watched: Watched) -> None:
    for name in (".hidden.txt", "~$a.txt", "b.txt.tmp", "c.txt~", ".0123456789abcdef.tmp"):
        home.write(name, "A text.\n")
    time.sleep(1)
    assert watched.changes == [Changes(added=("first",))]


# ---------------------------------------------------------------- without a folder


class Syncs:
    """Stands for an index: remembers what was held, and answers what it is told to."""

    def __init__(self, *answers: Changes | Exception | None) -> None:
        self.answers = list(answers)
        self.held: list[Collection[Path]] = []

    def __call__(self, hold: Collection[Path]) -> Changes | None:
        self.held.append(hold)
        answer = self.answers.pop(0) if self.answers else Changes()
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_growing_file_is_held_until_it_stands_still(tmp_path: Path) -> None:
    syncs = Syncs()
    watch = Watch(tmp_path, syncs, lambda _: None)
    growing, still = tmp_path / "growing.txt", tmp_path / "still.txt"
    growing.write_text("a")
    still.write_text("a")
    watch._attempt()
    watch.note([growing, still])
    watch._attempt()
    assert syncs.held == [frozenset()]
    growing.write_text("ab")
    watch.note([growing])
    watch._attempt()
    assert syncs.held == [frozenset(), {growing}]
    watch.note([])
    watch._attempt()
    assert syncs.held == [frozenset(), {growing}, frozenset()]
    watch.note([])
    watch._attempt()
    assert len(syncs.held) == 3


def test_a_busy_index_is_asked_again(tmp_path: Path) -> None:
    heard: list[Changes] = []
    syncs = Syncs(None, None, Changes(added=("a",)))
    watch = Watch(tmp_path, syncs, heard.append)
    for _ in range(5):
        watch._attempt()
    assert len(syncs.held) == 3
    assert heard == [Changes(added=("a",))]


def test_a_folder_that_is_away_is_not_asked_for_all_the_time(tmp_path: Path) -> None:
    syncs = Syncs(ShelfError("There is no folder."))
    watch = Watch(tmp_path, syncs, lambda _: None)
    for _ in range(5):
        watch._attempt()
    assert len(syncs.held) == 1


def test_watching_ends_when_it_is_stopped_while_the_folder_is_away(tmp_path: Path) -> None:
    stop = threading.Event()
    watch = Watch(tmp_path / "none", Syncs(), lambda _: None)
    thread = threading.Thread(target=watch.run, args=(stop,))
    thread.start()
    time.sleep(0.3)
    stop.set()
    thread.join(SOON)
    assert not thread.is_alive()
    assert not os.path.exists(tmp_path / "none")
