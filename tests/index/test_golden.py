"""Homes that older releases made open with today's code: ``golden/README.md``."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from corpus import clean, documents
from index import reuse, sentences, split
from index.database import SCHEMA_VERSION
from index.entries import Changes
from index.index import Index
from index.recipes import answering

from .golden.embedder import Golden
from .homes import Home, found, texts
from .test_recipes import consistent, folders

GOLDEN = Path(__file__).parent / "golden"
OLDER = ("schema-1", "schema-2-splitter-1", "schema-2")
READABLE = "schema-3"
HEADS = ["The ban", "The fine", "The leak", "The leak\nReaction"]
"""What is embedded of these documents where all of their sentences' vectors are known."""


def golden_home(folder: Path, name: str) -> tuple[Home, str]:
    """Return a home as a release left it, and the name of its index folder."""
    shutil.copytree(GOLDEN / "documents", folder / "documents")
    script = (GOLDEN / f"{name}.sql").read_text("utf-8")
    of_folder = script.splitlines()[0].removeprefix("-- ")
    index = folder / "var" / "index" / of_folder
    index.mkdir(parents=True)
    connection = sqlite3.connect(index / "catalogue.sqlite")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(script)
    connection.commit()
    connection.close()
    return Home(folder), of_folder


def opened(home: Home, embedder: Golden) -> Index:
    return Index(home.state, home.shelf, embedder)


def check(index: Index) -> None:
    assert sorted(texts(index)) == ["ban", "fine", "leak"]
    assert found(index, "banned cameras", k=1) == ["ban"]
    assert found(index, "leaked customers", k=1) == ["leak"]
    assert index.catalogue.entry("leak").source == "Gazette"
    assert consistent(index)


def test_there_is_a_golden_home_of_every_schema() -> None:
    scripts = [path.read_text("utf-8") for path in GOLDEN.glob("*.sql")]
    schemas = {script.splitlines()[1] for script in scripts}
    expected = {f"PRAGMA user_version = {number};" for number in range(1, SCHEMA_VERSION)}
    assert schemas >= expected


def test_the_last_release_before_recipes_were_written_down_answers_while_the_next_is_built(
    tmp_path: Path,
) -> None:
    home, name = golden_home(tmp_path, READABLE)
    embedder = Golden()
    index = opened(home, embedder)
    assert index.outdated
    check(index)
    assert index.sync().added == ("ban", "fine", "leak")
    # Its passages were embedded whole; now they are made of their sentences and titles.
    assert sorted(embedder.embedded) == HEADS
    check(index)
    index.close()
    assert answering(home.state / "index")[1:] == [name]
    again = opened(home, embedder)
    assert again.sync() == Changes(unchanged=3)
    again.close()


def test_one_that_differs_in_nothing_is_taken_over_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What that release made an index with; what is made with other versions is built beside it.
    monkeypatch.setattr(documents, "READING_VERSION", 1)
    monkeypatch.setattr(clean, "VERSION", 2)
    monkeypatch.setattr(sentences, "VERSION", 1)
    monkeypatch.setattr(split, "VERSION", 2)
    monkeypatch.setattr(reuse, "CONTEXT_VERSION", 1)
    home, name = golden_home(tmp_path, READABLE)
    embedder = Golden()
    index = opened(home, embedder)
    assert not index.outdated
    check(index)
    assert index.sync() == Changes(unchanged=3)
    check(index)
    assert embedder.embedded == []
    index.close()
    assert folders(home) == [name]
    assert answering(home.state / "index") == [name]
    again = opened(home, embedder)
    assert again.sync() == Changes(unchanged=3)
    again.close()


@pytest.mark.parametrize("name", OLDER)
def test_an_older_schema_is_built_anew_with_the_vectors_it_had(tmp_path: Path, name: str) -> None:
    home, of_folder = golden_home(tmp_path, name)
    embedder = Golden()
    index = opened(home, embedder)
    assert texts(index) == {}
    assert (home.state / "index" / of_folder).is_dir()
    assert index.sync().added == ("ban", "fine", "leak")
    check(index)
    assert sorted(embedder.embedded) == HEADS
    index.close()
    assert of_folder not in folders(home)
    assert len(folders(home)) == 1


@pytest.mark.parametrize("name", OLDER)
def test_what_is_removed_before_that_is_gone_from_the_old_index_too(
    tmp_path: Path, name: str
) -> None:
    home, _ = golden_home(tmp_path, name)
    index = opened(home, Golden())
    index.add([home.outside("new.txt", "A zebra\n\nIt crossed the street.\n")])
    index.remove(["new"])
    index.close()
    left = [path for path in home.state.rglob("*") if path.is_file()]
    assert not any(b"A list of customers" in path.read_bytes() for path in left)
