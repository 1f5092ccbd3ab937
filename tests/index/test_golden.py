"""Homes that older releases made open with today's code: ``golden/README.md``."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from index.database import SCHEMA_VERSION
from index.index import Index

from .golden.embedder import Golden
from .homes import Home, found, texts
from .test_recipes import consistent, folders

GOLDEN = Path(__file__).parent / "golden"
OLDER = ("schema-1", "schema-2-splitter-1", "schema-2", "schema-3", "schema-3-recipe", "schema-4")
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


@pytest.mark.parametrize("name", OLDER)
def test_an_older_schema_is_built_anew_with_the_vectors_it_had(tmp_path: Path, name: str) -> None:
    home, of_folder = golden_home(tmp_path, name)
    embedder = Golden()
    index = opened(home, embedder)
    assert texts(index) == {}
    assert (home.state / "index" / of_folder).is_dir()
    assert index.sync().added == ("ban", "fine", "leak")
    check(index)
    # Since schema 4 passages have had the vectors of now, which know their heads.
    assert sorted(embedder.embedded) == ([] if name == "schema-4" else HEADS)
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
