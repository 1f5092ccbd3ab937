"""Calls to the system that fail give one clear error, and all works again when they work."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from ..index.homes import Home
from . import shim
from .conftest import Children

needs_compiler = pytest.mark.skipif(shim.compiler() is None, reason="there is no C compiler")

ACTIONS = ("add", "sync", "rebuild", "remove", "describe")
PLACES = {
    "the documents": "/documents/",
    "the documents folder": "/documents$",
    "the catalogue": "catalogue.sqlite$",
    "the log": "catalogue.sqlite-wal$",
    "Chroma's SQLite": "chroma.sqlite3",
    "Chroma's graph": ".bin",
    "the seal": "chroma.",
}
OPERATIONS = {
    "read": shim.READ,
    "write": shim.WRITE,
    "sync": shim.SYNC,
    "rename": shim.RENAME,
    "unlink": shim.UNLINK,
    "open": shim.OPEN,
}


def call(place: str, operation: str, error: int = errno.EIO, nth: int = 1) -> dict[str, Any]:
    return {
        "kind": "call",
        "path": PLACES[place],
        "operations": OPERATIONS[operation],
        "error": error,
        "nth": nth,
    }


@pytest.fixture(scope="module")
def expected(
    synced_home: Path, tmp_path_factory: pytest.TempPathFactory, children: Children
) -> dict[str, Any]:
    """Return what an index says after each action when nothing fails."""
    said = {}
    for action in ACTIONS:
        folder = tmp_path_factory.mktemp("whole") / "home"
        shutil.copytree(synced_home, folder)
        code, said[action] = children.run("without_faults", folder, action)
        assert code == 0
        assert said[action]["faults"] == []
    return said


def check_error(error: list[str] | None, of: str) -> None:
    if error is None:
        return
    kind, words = error
    assert kind != "untyped", (of, words)
    assert "\n" not in words
    assert "/" in words or ".txt" in words, f"{of}: names no file: {words}"
    steps = ("heck", "run ", "Mend", "Change", "Save", "again", "rebuild")
    assert any(step in words for step in steps), f"{of}: names no next step: {words}"


def check(said: dict[str, Any], expected: dict[str, Any], of: str) -> None:
    check_error(said["error"], of)
    if isinstance(said.get("during"), list):
        check_error(said["during"], of)
    assert said["after"] == expected, of


def chosen() -> list[tuple[str, str, str]]:
    """Return each place and operation with one of the actions; with FAULTS=all with each."""
    if os.environ.get("FAULTS") == "all":
        return list(itertools.product(PLACES, OPERATIONS, ACTIONS))
    return [
        (place, operation, ACTIONS[(number + other) % len(ACTIONS)])
        for number, place in enumerate(PLACES)
        for other, operation in enumerate(OPERATIONS)
    ]


CHOSEN = chosen()


@needs_compiler
@pytest.mark.slow
@pytest.mark.parametrize(("place", "operation", "action"), CHOSEN)
def test_an_input_or_output_error_is_named_and_passes(
    home: Home,
    children: Children,
    expected: dict[str, Any],
    place: str,
    operation: str,
    action: str,
) -> None:
    fault = json.dumps(call(place, operation))
    code, said = children.run("failing", home.folder, fault, action)
    assert code == 0, "the process died"
    check(said, expected[action], f"{operation} {place} during {action}")


@needs_compiler
@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_an_input_or_output_error_when_opening_is_named_and_passes(
    home: Home, children: Children, expected: dict[str, Any], place: str
) -> None:
    whole = home.folder.with_name("whole")
    shutil.copytree(home.folder, whole)
    for operation in ("read", "write", "open"):
        shutil.rmtree(home.folder)
        shutil.copytree(whole, home.folder)
        fault = json.dumps(call(place, operation))
        code, said = children.run("failing_to_open", home.folder, fault)
        assert code == 0, "the process died"
        check(said, expected["sync"], f"{operation} {place} when opening")


@needs_compiler
@pytest.mark.parametrize(("place", "operation"), [("the log", "write"), ("the documents", "sync")])
def test_a_fault_strikes_where_it_is_to(
    home: Home, children: Children, place: str, operation: str
) -> None:
    code, said = children.run("failing", home.folder, json.dumps(call(place, operation)), "add")
    assert code == 0
    assert said["struck"] > 0
    assert said["error"] is not None


@needs_compiler
@pytest.mark.parametrize("action", ["add", "sync"])
def test_a_document_that_cannot_be_read_is_named_and_is_read_when_it_can(
    home: Home, children: Children, expected: dict[str, Any], action: str
) -> None:
    code, said = children.run("failing", home.folder, json.dumps({"kind": "reading"}), action)
    assert code == 0
    check(said, expected[action], f"reading during {action}")
    if action == "sync":
        assert said["error"] is not None
        assert "Input/output error" in said["error"][1]


@pytest.mark.slow
@pytest.mark.parametrize("action", ["add", "rebuild"])
@pytest.mark.parametrize("size", [100, 5_000, 70_000, 300_000])
def test_a_limit_on_the_size_of_files_is_named_and_passes(
    home: Home, children: Children, expected: dict[str, Any], size: int, action: str
) -> None:
    fault = json.dumps({"kind": "size", "bytes": size})
    code, said = children.run("failing", home.folder, fault, action)
    assert code == 0, "the process died"
    check(said, expected[action], f"{size} bytes during {action}")
    assert said["error"] is not None or size > 5_000


@pytest.mark.slow
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("folders", [["documents"], ["var"], ["documents", "var"]], ids="+".join)
def test_a_folder_that_may_not_be_written_is_named_and_passes(
    home: Home, children: Children, expected: dict[str, Any], folders: list[str], action: str
) -> None:
    fault = json.dumps({"kind": "closed", "folders": folders})
    code, said = children.run("failing", home.folder, fault, action)
    assert code == 0, "the process died"
    check(said, expected[action], f"closed {folders} during {action}")
    writes_there = action in ("add", "remove", "describe")
    if "documents" in folders and writes_there:
        assert said["error"] is not None


@pytest.mark.parametrize("folders", [["var"], ["documents"]], ids="+".join)
def test_opening_in_a_folder_that_may_not_be_written_is_named_and_passes(
    home: Home, children: Children, expected: dict[str, Any], folders: list[str]
) -> None:
    fault = json.dumps({"kind": "closed", "folders": folders})
    code, said = children.run("failing_to_open", home.folder, fault)
    assert code == 0
    check(said, expected["sync"], f"closed {folders} when opening")


def test_a_document_whose_file_may_not_be_opened_goes_on_answering(
    home: Home, children: Children
) -> None:
    ban = home.shelf.folder / "ban.txt"
    code, before = children.run("answers", home.folder)
    assert code == 0
    ban.chmod(0)
    code, said = children.run("without_rights", home.folder)
    assert code == 0, said
    assert said == before
    ban.chmod(0o644)
    assert children.run("answers", home.folder) == (0, before)
