"""Damage that SQLite does not see."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import CatalogueDamaged
from index import open_files
from index.database import Database
from index.index import Index
from index.made import mark_subset

from .homes import Home, found, texts
from .models import Model, Shop, open_with

LONG = " ".join(f"word{number}" for number in range(80))


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM bands WHERE band = (SELECT min(band) FROM bands)",
        "UPDATE bands SET band = band + 1 WHERE band = (SELECT max(band) FROM bands)",
        "INSERT INTO bands VALUES (17, 1)",
        "INSERT INTO bands SELECT band, 99 FROM bands LIMIT 1",
        "UPDATE documents SET signature = zeroblob(length(signature))",
        "UPDATE passages SET vector = zeroblob(length(vector))",
        "UPDATE documents SET title = 'Another'",
    ],
)
def test_a_changed_value_is_noticed(home: Home, index: Index, damage: str) -> None:
    home.write("long.txt", f"A title\n\n{LONG}.\n")
    index.sync()
    assert index.is_sound()
    index._database.rows(damage)
    assert not index.is_sound()
    index.close()
    with pytest.raises(CatalogueDamaged, match="run 'assistant sync --rebuild'"):
        home.open()
    mended = Index(home.state, home.shelf, home.embedder, mend=True)
    assert mended.sync().added == ("long",)
    assert mended.is_sound()
    mended.close()


def text_flipped(path: Path) -> None:
    """Change a letter of a stored text."""
    place = path.read_bytes().index(b"word33")
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"sword")


def header_lost(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(16))


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def replaced(path: Path) -> None:
    """Put the same bytes in its place, as a file that this process does not have open."""
    shutil.copy(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def log_deleted(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


def folder_deleted(path: Path) -> None:
    shutil.rmtree(path.parent)


@pytest.mark.parametrize(
    "damage",
    [text_flipped, header_lost, cut_short, replaced, Path.unlink, log_deleted, folder_deleted],
    ids=lambda damage: damage.__name__,
)
def test_damage_on_the_disk_is_noticed_though_sqlite_answers_from_memory(
    home: Home, index: Index, damage: Callable[[Path], None]
) -> None:
    home.write("long.txt", f"A title\n\n{LONG}.\n")
    index.sync()
    file = index.catalogue.file
    assert index.is_sound()  # and all of it is in the file now, and in SQLite's memory
    before = texts(index)
    damage(file)
    assert texts(index) == before
    assert not index.is_sound()
    index.sync(rebuild=True)
    assert texts(index) == before
    assert found(index, "word33") == ["long"]
    assert index.is_sound()
    index.close()
    again = home.open()
    assert texts(again) == before
    again.close()


def test_of_a_large_file_only_its_length_is_looked_at_unless_asked(
    home: Home, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write("long.txt", f"A title\n\n{LONG}.\n")
    index.sync()
    assert index.is_sound()
    monkeypatch.setattr(Database, "is_small", lambda self: False)
    text_flipped(index.catalogue.file)
    assert index.is_sound()
    assert not index.is_sound(thorough=True)
    cut_short(index.catalogue.file)
    assert not index.is_sound()


def test_what_is_written_while_a_file_is_looked_at_waits(home: Home, index: Index) -> None:
    home.write("long.txt", f"A title\n\n{LONG}.\n")
    index.sync()
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            mark_subset(index._database, True)
            mark_subset(index._database, False)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert all(index.is_sound() for _ in range(30))
    finally:
        stop.set()
        writer.join()


def test_a_file_that_is_being_copied_is_sound(
    home: Home, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_files, "_COPIED", 1)
    home.write("long.txt", f"A title\n\n{LONG}.\n")
    index.sync()
    copying = threading.Thread(target=copied, args=(index._database.path, tmp_path / "copy"))
    copying.start()
    seen = 0
    while copying.is_alive():
        mark_subset(index._database, bool(seen % 2))  # so that there is something in the log
        assert index.is_sound()
        seen += 1
    copying.join()
    assert seen
    with contextlib.closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT id FROM documents").fetchall() == [("long",)]


def copied(path: Path, target: Path) -> None:
    file = open_files.acquire_open(path)
    assert file is not None
    with contextlib.closing(sqlite3.connect(target)) as copy:
        open_files.copy_to(file, copy)
    open_files.release(file)


def test_a_damaged_index_is_made_again_also_where_another_one_was_to_be_built(
    home: Home, tmp_path: Path
) -> None:
    home.write("long.txt", f"A title\n\n{LONG}.\n")
    one, two = Model("one"), Model("two")
    first = open_with(tmp_path, one, Shop())
    first.sync()
    first.close()
    index = open_with(tmp_path, two, Shop(one))
    assert index.outdated
    index._database.rows("DROP TABLE passages")
    with pytest.raises(CatalogueDamaged):
        index.catalogue.passage_count()
    home.write("new.txt", "A new one\n\nA quokka sat there.\n")
    index.sync(rebuild=True)
    assert not index.outdated
    assert set(texts(index)) == {"long", "new"}
    assert found(index, "quokka")[0] == "new"
    index.close()
