"""A process killed at any step leaves the old state or the new one, whole."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from index.index import Index

from ..index.homes import Home, chroma_numbers, found, passage_numbers, texts
from .conftest import Children

OLD = "The city banned the cameras. The police may not use them."
NEW = "The county allowed quokkas. The police may stroke them."
MARKS = {OLD: "banned cameras", NEW: "allowed quokkas"}

ADDING = [
    "write the file",
    "rename the file",
    "write the pending generation",
    "put in vectors",
    "activate",
    "set the seal",
]
REMOVING = ["delete the file", "retire", "take out vectors", "purge", "set the seal", "wipe"]
CASES = (
    [("add", step) for step in ADDING]
    + [("update", step) for step in [*ADDING, "take out vectors", "purge", "wipe"]]
    + [("remove", step) for step in REMOVING]
)


def states(home: Home, action: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts before and after an action, by document id."""
    index = home.open()
    before = texts(index)
    index.close()
    assert before["ban"] == OLD
    if action == "add":
        return before, before | {"new": NEW}
    if action == "update":
        return before, before | {"ban": NEW}
    return before, {name: text for name, text in before.items() if name != "ban"}


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("action", "step"), CASES)
def test_a_kill_leaves_the_old_state_or_the_new_one(
    home: Home, children: Children, action: str, step: str, moment: str
) -> None:
    before, after = states(home, action)
    name = "new.txt" if action == "add" else "ban.txt"
    target = "ban" if action == "remove" else home.outside(name, f"The ban\n\n{NEW}\n")
    code, said = children.run("killed_at", home.folder, action, target, step, moment)
    assert (code, said) == (-signal.SIGKILL, None)
    index = home.open()
    assert texts(index) in (before, after)
    assert consistent(index)
    check_finds(index)
    index.sync()
    wanted = after if _in_folder(home, action) else before
    assert texts(index) == wanted
    assert consistent(index)
    check_finds(index)
    index.close()
    again = home.open()
    assert again.sync().unchanged == len(wanted)
    assert consistent(again)
    again.close()


GROUP_STEPS = ["write the pending generation", "put in vectors", "activate", "set the seal"]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", GROUP_STEPS)
def test_a_kill_in_a_group_of_documents_leaves_whole_groups(
    home: Home, children: Children, step: str, moment: str
) -> None:
    names = [f"n{number}" for number in range(6)]
    for name in names:
        home.outside(f"set/{name}.txt", f"Case\n\nMarker{name} is said here. Again {name}.\n")
    folder = home.folder / "outside/set"
    code, _ = children.run("killed_in_a_group", home.folder, folder, step, moment)
    assert code == -signal.SIGKILL
    index = home.open()
    new = [name for name in names if name in texts(index)]
    assert new in (names[:2], names[:4])
    assert all(f"Marker{name} is said here. Again {name}." in texts(index)[name] for name in new)
    assert len(texts(index)) == 3 + len(new)
    assert consistent(index)
    changes = index.add([folder])
    assert changes.unchanged >= len(new)
    assert changes.failed == changes.skipped == ()
    assert all(found(index, f"marker{name}", k=1) == [name] for name in names)
    assert consistent(index)
    index.close()
    again = home.open()
    assert again.sync().unchanged == 9
    assert consistent(again)
    again.close()


def _in_folder(home: Home, action: str) -> bool:
    """Tell whether the documents folder, which is the truth, is in the state after the action."""
    new, ban = home.shelf.folder / "new.txt", home.shelf.folder / "ban.txt"
    if action == "add":
        return new.exists()
    return not ban.exists() if action == "remove" else "quokkas" in ban.read_text("utf-8")


def consistent(index: Index) -> bool:
    """Tell whether Chroma holds just the passages of the catalogue, and nothing is left over."""
    rows = index._database.rows
    passages = passage_numbers(index)
    return (
        chroma_numbers(index) == passages
        and [number for (number,) in rows("SELECT number FROM passages ORDER BY 1")] == passages
        and [number for (number,) in rows("SELECT rowid FROM lexicon ORDER BY 1")] == passages
        and rows("SELECT id FROM documents WHERE state != 'active'") == []
    )


def check_finds(index: Index) -> None:
    """Check that each version that is there is found by its words, and no other."""
    held = texts(index).values()
    for text, question in MARKS.items():
        there = any(one in text for one in held)
        words = " ".join(hit.text for hit in index.search(index.prepare(question), k=10))
        assert (question.split()[1] in words) == there
    assert found(index, "leaked customers")[0] == "leak"


def many(home: Home, count: int) -> None:
    for number in range(count):
        home.write(
            f"d{number:02}.txt", f"Case {number}\n\nMarker{number:02} is said here. Again.\n"
        )


@pytest.fixture
def empty_home(tmp_path: Path) -> Home:
    (tmp_path / "documents").mkdir()
    return Home(tmp_path)


def check_kills(home: Home, children: Children, rounds: int, seed: int) -> None:
    many(home, 40)
    chance = random.Random(seed)
    longest = 1.0
    for number in range(rounds):
        started = time.monotonic()
        code, _ = children.run("synced", home.folder, kill_after=chance.uniform(0.05, longest))
        if code == 0:  # it was faster than the kill
            longest = max(0.2, 0.7 * (time.monotonic() - started))
        index = home.open()
        assert consistent(index)
        for name, text in texts(index).items():
            assert f"Marker{name[1:]}" in text or f"Changed{name[1:]}" in text
        index.close()
        home.write(
            f"d{number % 40:02}.txt", f"Case\n\nChanged{number % 40:02} in round {number}.\n"
        )
        (home.shelf.folder / f"d{(number * 7 + 3) % 40:02}.txt").unlink(missing_ok=True)
    check_equals_folder(home)


def check_equals_folder(home: Home) -> None:
    index = home.open()
    index.sync()
    assert consistent(index)
    assert {f"{name}.txt" for name in texts(index)} == {
        path.name for path in home.shelf.folder.iterdir()
    }
    for name, text in texts(index).items():
        marker = f"changed{name[1:]}" if "Changed" in text else f"marker{name[1:]}"
        assert found(index, marker, k=1) == [name]
        assert text in Path(home.shelf.folder / f"{name}.txt").read_text("utf-8")
    index.close()


def test_five_kills_during_a_sync_of_forty_documents_lose_and_double_nothing(
    empty_home: Home, children: Children
) -> None:
    check_kills(empty_home, children, rounds=5, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_forty_kills_during_syncs_lose_and_double_nothing(
    empty_home: Home, children: Children, seed: int
) -> None:
    check_kills(empty_home, children, rounds=40, seed=seed)
