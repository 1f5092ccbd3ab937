from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import CatalogueDamaged, IndexFailure
from index import open_files
from index.database import Database
from index.readonly import reading
from index.snapshot import copy_database

from .homes import Home, found

PUT = "INSERT INTO meta VALUES (?, ?)"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "catalogue.sqlite")
    yield opened
    opened.close()


def look(path: Path) -> None:
    with reading(path) as rows:
        rows("SELECT count(*) FROM meta")


def put(database: Database, key: str, value: str = "here") -> None:
    with database.transaction() as connection:
        connection.execute(PUT, (key, value))


def keys(path: Path) -> set[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return {key for (key,) in connection.execute("SELECT key FROM meta")}


def test_nothing_of_the_log_is_mapped_into_memory(database: Database) -> None:
    put(database, "one")
    assert database.path.with_name("catalogue.sqlite-wal").stat().st_size > 0
    assert not database.path.with_name("catalogue.sqlite-shm").exists()
    mapped = Path("/proc/self/maps")
    if mapped.exists():
        assert database.path.name not in mapped.read_text()


def test_what_an_older_release_left_of_its_mapped_file_is_deleted(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    Database(path).close()
    left = tmp_path / "left"
    left.mkdir()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as older:
        older.execute(PUT, ("from the log", "of a process that was killed"))
        for file in tmp_path.glob("catalogue.sqlite*"):
            shutil.copy(file, left)
    shared = left / "catalogue.sqlite-shm"
    assert shared.stat().st_size > 0
    for harm in (
        lambda: None,
        lambda: os.truncate(shared, 0),
        lambda: shared.write_bytes(b"x" * 9),
    ):
        again = tmp_path / "again"
        shutil.rmtree(again, ignore_errors=True)
        harm()
        shutil.copytree(left, again)
        opened = Database(again / "catalogue.sqlite")
        assert opened.rows("SELECT 1 FROM meta WHERE key = 'from the log'") == [(1,)]
        assert not (again / shared.name).exists()
        opened.close()


def test_a_file_is_opened_once_and_closed_by_the_last(database: Database, tmp_path: Path) -> None:
    other = Database(database.path)
    put(other, "one")
    assert database.rows("SELECT value FROM meta WHERE key = 'one'") == [("here",)]
    other.close()
    other.close()
    with pytest.raises(IndexFailure, match="was closed"):
        other.rows("SELECT 1")
    with pytest.raises(IndexFailure, match="was closed"), other.transaction():
        pass
    put(database, "two")
    with reading(database.path) as rows:
        assert rows("SELECT count(*) FROM meta WHERE key IN ('one', 'two')") == [(2,)]
    database.close()
    assert keys(database.path) == {"one", "two"}


def test_a_folder_that_takes_the_name_of_another_is_not_taken_for_it(tmp_path: Path) -> None:
    first = Database(tmp_path / "index/catalogue.sqlite")
    put(first, "one")
    (tmp_path / "index").rename(tmp_path / "index.gone")
    second = Database(tmp_path / "index/catalogue.sqlite")
    assert second.rows("SELECT * FROM meta") == []
    assert first.rows("SELECT key FROM meta") == [("one",)]
    first.close()
    second.close()


def test_a_copy_has_what_was_written_meanwhile_and_holds_nobody_up(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, "large", "x" * 20_000_000)
    monkeypatch.setattr(open_files, "_COPIED", 10)
    target = tmp_path / "copy.sqlite"
    copying = threading.Thread(target=copy_database, args=(database.path, target))
    copying.start()
    written: list[str] = []
    waits: list[float] = []
    while copying.is_alive() and len(written) < 200:
        begun = time.monotonic()
        put(database, f"number {len(written)}")
        waits.append(time.monotonic() - begun)
        written.append(f"number {len(written)}")
    copying.join()
    assert max(waits) < 1
    copied = keys(target) - {"large"}
    assert len(copied) > 3
    assert copied == set(written[: len(copied)])  # the state at one moment
    assert not target.with_name("copy.sqlite-wal").exists()


HOLDING = """
import sys
from pathlib import Path
from index.database import Database
held = Database(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_file_that_another_process_has_is_left_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_files, "_PATIENCE", 0.1)
    home.write("ban.txt", "The city banned the cameras.\n")
    index = home.open()
    index.sync()
    index.close()
    (path,) = (home.state / "index").glob("*/catalogue.sqlite")
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    for open_it in (home.open, lambda: Database(path), lambda: look(path)):
        with pytest.raises(IndexFailure, match="in use by another program: end that") as raised:
            open_it()
        assert not isinstance(raised.value, CatalogueDamaged)  # which would be deleted
    other.stdin.close()
    assert other.wait(10) == 0
    index = home.open()
    assert found(index, "banned cameras", k=1) == ["ban"]
    index.close()
