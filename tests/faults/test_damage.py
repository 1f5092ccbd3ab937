"""Whatever happens to a file of the state folder, nothing wrong is answered and nobody dies."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ..index.homes import Home
from .conftest import Children
from .damage import DAMAGES, Damage, flip

FILES = (
    "catalogue.sqlite",
    "catalogue.sqlite-wal",
    "catalogue.sqlite-shm",
    "chroma.seal",
    "chroma/chroma.sqlite3",
    "chroma/*/data_level0.bin",
    "chroma/*/header.bin",
    "chroma/*/length.bin",
    "chroma/*/link_lists.bin",
)


@pytest.fixture(scope="module")
def left_open(
    synced_home: Path, tmp_path_factory: pytest.TempPathFactory, children: Children
) -> Path:
    """Return a home whose last writer was killed, so that SQLite's log holds its last change."""
    folder = tmp_path_factory.mktemp("left") / "home"
    shutil.copytree(synced_home, folder)
    Home(folder).write("late.txt", "The late one\n\nThe vendor said nothing more of it.\n")
    code, _ = children.run("left_open", folder)
    assert code == -9
    _leave_as_older_releases_did(Home(folder), tmp_path_factory.mktemp("older"))
    return folder


def _leave_as_older_releases_did(home: Home, aside: Path) -> None:
    """Put the file beside the catalogue that SQLite had mapped into memory."""
    path = file_of(home, "catalogue.sqlite")
    for one in path.parent.glob("catalogue.sqlite*"):
        shutil.copy(one, aside)
    with contextlib.closing(sqlite3.connect(aside / path.name)) as connection:
        connection.execute("SELECT * FROM meta").fetchall()
        shutil.copy(aside / "catalogue.sqlite-shm", path.parent)


@pytest.fixture(scope="module")
def expected(left_open: Path, tmp_path_factory: pytest.TempPathFactory, children: Children) -> Any:
    """Return all that an undamaged index says."""
    folder = tmp_path_factory.mktemp("sound") / "home"
    shutil.copytree(left_open, folder)
    code, said = children.run("answers", folder)
    assert code == 0
    assert said["answers"] == said["sync"]
    assert len(said["sync"]["documents"]) == 4
    return said["sync"]


@pytest.fixture
def damaged(left_open: Path, tmp_path: Path) -> Home:
    shutil.copytree(left_open, tmp_path / "home")
    return Home(tmp_path / "home")


def file_of(home: Home, pattern: str) -> Path:
    (path,) = (home.state / "index").glob(f"*/{pattern}")
    return path


def check(home: Home, children: Children, expected: Any, *, of: str) -> str:
    """Check that an index works or says what to do, and return which."""
    code, said = children.run("answers", home.folder)
    assert code == 0, f"the process died of {code}: {of}"
    if "error" not in said:
        assert said["sync"] == expected, of
        return "works"
    assert said["error"] == "CatalogueDamaged", (of, said)
    assert "assistant sync --rebuild" in said["message"], of
    assert "\n" not in said["message"]
    assert children.run("rebuilt", home.folder) == (0, expected), of
    return "rebuilt"


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("pattern", FILES)
def test_a_damaged_file_is_made_again_or_the_way_to_do_so_is_named(
    damaged: Home, children: Children, expected: Any, pattern: str, damage: Damage
) -> None:
    damage(file_of(damaged, pattern))
    check(damaged, children, expected, of=f"{pattern} {damage.__name__}")


FLIPS = 100 if os.environ.get("FAULTS") == "all" else 30


def check_flips(
    whole: Path, folder: Path, children: Children, expected: Any, pattern: str, count: int
) -> None:
    chance = random.Random(f"{pattern} {count}")
    for number in range(count):
        home = Home(folder / f"home{number}")
        shutil.copytree(whole, home.folder)
        place, bit = flip(file_of(home, pattern), chance)
        check(home, children, expected, of=f"{pattern}: bit {bit} of byte {place}")
        shutil.rmtree(home.folder)


@pytest.fixture(scope="module")
def closed(left_open: Path, tmp_path_factory: pytest.TempPathFactory, children: Children) -> Path:
    """Return the same home closed well, so that SQLite's log hides nothing of its file."""
    folder = tmp_path_factory.mktemp("closed") / "home"
    shutil.copytree(left_open, folder)
    assert children.run("synced", folder)[0] == 0
    return folder


LOGS = [pattern for pattern in FILES if pattern.startswith("catalogue.sqlite-")]
# The file of links is empty as long as the graph is small.
REST = [pattern for pattern in FILES if pattern not in LOGS and "link_lists" not in pattern]


@pytest.mark.parametrize("pattern", REST)
def test_a_flipped_bit_never_changes_an_answer(
    closed: Path, tmp_path: Path, children: Children, expected: Any, pattern: str
) -> None:
    check_flips(closed, tmp_path, children, expected, pattern, count=3)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", REST)
def test_many_flipped_bits_never_change_an_answer(
    closed: Path, tmp_path: Path, children: Children, expected: Any, pattern: str
) -> None:
    check_flips(closed, tmp_path, children, expected, pattern, count=FLIPS)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", LOGS)
def test_many_flipped_bits_in_a_log_never_change_an_answer(
    left_open: Path, tmp_path: Path, children: Children, expected: Any, pattern: str
) -> None:
    check_flips(left_open, tmp_path, children, expected, pattern, count=FLIPS)


STORED = (
    [("documents", column) for column in ("title", "text", "date", "tags", "path", "sha256")]
    + [("documents", column) for column in ("added", "problems", "digest")]
    + [("passages", column) for column in ("heading", "vector", "sentence_spans", "words")]
    + [("passages", "sentence_vectors")]
    + [("lexicon", column) for column in ("title", "about", "body")]
    + [("postings", "data")]
)


@pytest.mark.parametrize(("table", "column"), STORED)
def test_a_flipped_bit_in_any_stored_value_is_noticed(
    closed: Path, tmp_path: Path, children: Children, expected: Any, table: str, column: str
) -> None:
    shutil.copytree(closed, tmp_path / "home")
    path = file_of(Home(tmp_path / "home"), "catalogue.sqlite")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        query = f"SELECT {column} FROM {table} WHERE length({column}) > 1 ORDER BY length({column})"
        value = connection.execute(query).fetchall()[-1][0]
    stored = (value if isinstance(value, bytes) else value.encode())[:24]
    data = path.read_bytes()
    assert stored in data
    path.write_bytes(data.replace(stored, stored[:-1] + bytes([stored[-1] ^ 1])))
    home = Home(tmp_path / "home")
    assert check(home, children, expected, of=f"{table}.{column}") == "rebuilt"
