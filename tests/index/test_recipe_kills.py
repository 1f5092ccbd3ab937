"""Whoever is killed while one index takes over from another leaves the old one or the new one."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.recipes import answering

from .homes import Home, found, texts
from .swapping import opened
from .test_recipes import BAN, FINE, LEAK, consistent, folders, holding

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ALL = {"ban", "leak", "fine"}

Act = Callable[..., int]


@pytest.fixture(scope="module")
def act() -> Iterator[Act]:
    """Do something in a child and return its exit code."""
    forker = subprocess.Popen(
        [sys.executable, "-m", "tests.index.swapping"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert forker.stdin is not None
    assert forker.stdout is not None
    asks, answers = forker.stdin, forker.stdout

    def run(home: Home, action: str, step: str = "", moment: str = "") -> int:
        asks.write(json.dumps([str(home.folder), action, step, moment]) + "\n")
        asks.flush()
        return int(answers.readline())

    yield run
    asks.close()
    forker.wait(10)


@pytest.fixture(scope="module")
def made(act: Act, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a home with an index of one recipe, and one with a second that is kept."""
    homes = {}
    for action in ("made", "both"):
        home = Home(tmp_path_factory.mktemp(action))
        for name, text in (("ban", BAN), ("leak", LEAK), ("fine", FINE)):
            home.write(f"{name}.txt", text)
        assert act(home, action) == 0
        homes[action] = home.folder
    return homes


def copy(source: Path, target: Path) -> Home:
    shutil.copytree(source, target)
    return Home(target)


def check(home: Home, model: str, expected: set[str], most: int) -> None:
    """Check that the index answers as soon as it is open, and is all right after a sync."""
    index = opened(home.folder, model)
    assert set(texts(index)) in (expected, ALL)
    assert found(index, "banned cameras", k=1) == ["ban"]
    assert ("leak" in found(index, "leaked customers", k=3)) == ("leak" in texts(index))
    index.sync()
    assert not index.outdated
    assert set(texts(index)) == expected
    assert found(index, "banned cameras", k=1) == ["ban"]
    assert consistent(index)
    index.close()
    if "leak" not in expected:
        assert holding(home, b"customers was leaked") == []
    assert len(folders(home)) <= most
    assert len(answering(home.state / "index")) == len(folders(home))
    again = opened(home.folder, model)
    assert again.sync().unchanged == len(expected)
    assert consistent(again)
    again.close()


BUILDING = ["open the new index", "say what it is made with", "write a document",
            "make a document active", "mark it complete", "name who answers",
            "rename that file", "retire the old index"]  # fmt: skip


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", [*BUILDING, "compare a kept index"])
def test_a_kill_while_the_recipe_changes(
    act: Act, made: dict[str, Path], tmp_path: Path, step: str, moment: str
) -> None:
    home = copy(made["made"], tmp_path / "home")
    assert act(home, "change", step, moment) == -signal.SIGKILL
    check(home, "two", ALL, most=2)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", [*BUILDING, "set an index aside", "delete an index"])
def test_a_kill_while_the_index_is_rebuilt(
    act: Act, made: dict[str, Path], tmp_path: Path, step: str, moment: str
) -> None:
    home = copy(made["made"], tmp_path / "home")
    assert act(home, "rebuild", step, moment) == -signal.SIGKILL
    check(home, "one", ALL, most=1)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", ["name who answers", "rename that file", "compare a kept index"])
def test_a_kill_while_going_back(
    act: Act, made: dict[str, Path], tmp_path: Path, step: str, moment: str
) -> None:
    home = copy(made["both"], tmp_path / "home")
    assert act(home, "back", step, moment) == -signal.SIGKILL
    check(home, "one", ALL, most=2)


FORGETTING = ["forget in a kept index", "drop a kept index's vectors", "wipe a kept index"]


@pytest.mark.parametrize("model", ["one", "two"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", FORGETTING)
def test_a_kill_while_a_document_leaves_the_kept_index(
    act: Act, made: dict[str, Path], tmp_path: Path, step: str, moment: str, model: str
) -> None:
    home = copy(made["both"], tmp_path / "home")
    assert act(home, "remove", step, moment) == -signal.SIGKILL
    assert not (home.shelf.folder / "leak.txt").exists()
    check(home, model, {"ban", "fine"}, most=2)


SWAPPING = ["mark it complete", "doubt a kept index", "name who answers", "rename that file",
            "retire the old index", "compare a kept index", "wipe a kept index",
            "set an index aside", "delete an index"]  # fmt: skip


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", SWAPPING)
def test_a_kill_between_the_swap_and_the_look_at_the_kept_index(
    act: Act, tmp_path: Path, step: str, moment: str
) -> None:
    home = Home(tmp_path)  # no copy, whose files would all seem to have changed
    for name, text in (("ban", BAN), ("leak", LEAK), ("fine", FINE)):
        home.write(f"{name}.txt", text)
    assert act(home, "both") == 0
    before = answering(home.state / "index")
    assert act(home, "rebuild after deleting", step, moment) == -signal.SIGKILL
    is_swapped = answering(home.state / "index") != before
    back = opened(home.folder, "one")  # with nothing in between
    assert set(texts(back)) in ({"ban", "fine"}, *([] if is_swapped else [ALL]))
    assert ("leak" in found(back, "leaked customers", k=3)) == ("leak" in texts(back))
    back.close()
    check(home, "one", {"ban", "fine"}, most=2)
