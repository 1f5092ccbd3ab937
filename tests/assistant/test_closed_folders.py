"""Folders inside the documents folder for which the rights are missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.home import Home

from . import program
from .program import ROOT, Ran, without_settings

pytestmark = pytest.mark.slow


@pytest.fixture
def closed(home: Home) -> Iterator[list[Path]]:
    """A folder that cannot be listed, and one that can be listed but not entered."""
    folders = [home.documents / "closed", home.documents / "shut"]
    for folder in folders:
        folder.mkdir()
        (folder / "tram.txt").write_text(f"Tram {folder.name}\n\nIt came {folder.name}.\n", "utf-8")
        (folder / "tram.txt.meta.yaml").write_text(f"title: Tram {folder.name}\n", "utf-8")
    yield folders
    for folder in folders:
        folder.chmod(0o700)


def run(*arguments: str) -> Ran:
    """Run the command line as a user whose rights count, as root's do not."""
    command = [sys.executable, program.__file__, *arguments]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root needs setpriv to give up its rights")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    done = subprocess.run(
        command, cwd=ROOT, env=without_settings(), capture_output=True, text=True, timeout=120
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_a_closed_folder_is_named_keeps_its_documents_and_does_not_stop_the_rest(
    home: Home, closed: list[Path]
) -> None:
    at = ("--json", "--home", str(home.root))
    assert len(json.loads(run("sync", *at).out)["added"]) == 5
    for folder, mode in zip(closed, (0o000, 0o444), strict=True):
        folder.chmod(mode)
    (home.documents / "bus.txt").write_text("Bus\n\nThe bus came.\n", "utf-8")
    synced = run("sync", *at)
    assert synced.code == 3
    changes = json.loads(synced.out)
    assert (changes["added"], changes["removed"]) == (["bus"], [])
    assert [(one["path"], one["error"]) for one in changes["failed"]] == [
        (f"{folder.name}/", f"The folder {folder} could not be read: Permission denied. Change its "
        "rights.")
        for folder in closed
    ]  # fmt: skip
    doctor = run("doctor", *at)
    assert (doctor.code, doctor.err) == (1, "")
    kinds = {(one["kind"], one["path"]) for one in json.loads(doctor.out)["findings"]}
    assert {kind for kind in kinds if kind[0] in ("unreadable", "stray sidecar")} == {
        ("unreadable", "closed/"),
        ("unreadable", "shut/"),
    }
    for folder in closed:
        folder.chmod(0o700)
    assert json.loads(run("sync", *at).out)["unchanged"] == 6
