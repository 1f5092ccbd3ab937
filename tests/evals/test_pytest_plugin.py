"""The plugin runs in a pytest of its own, in a process of its own, as a user's does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

TEXT = "The bridge opened on 4 May 1911. It carries two tracks over the river.\n"
CASES = [
    {
        "id": "opened",
        "question": "When did the bridge open?",
        "answers": ["4 May 1911"],
        "evidence": [{"document": "bridge", "quote": "The bridge opened on 4 May 1911."}],
        "tags": ["date"],
    },
    {
        "id": "stale",
        "question": "When did the bridge close?",
        "answers": ["1950"],
        "evidence": [{"document": "bridge", "quote": "The bridge closed in 1950."}],
    },
]


POWERLESS = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--")
"""Takes from root the right to write what nobody may write."""


def run(
    folder: Path, *arguments: str, before: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    command = [
        *before,
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    loaded = ["-p", "evals.pytest_plugin", f"--rootdir={folder}"]
    return subprocess.run(
        [*before, *command, *loaded, *arguments],
        cwd=folder,
        env={
            **os.environ,
            "ASSISTANT_HOME": str(folder / "home"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = tmp_path / "home" / "documents"
    documents.mkdir(parents=True)
    (documents / "bridge.md").write_text(TEXT, "utf-8")
    lines = "".join(json.dumps(one) + "\n" for one in CASES)
    (tmp_path / "towns.jsonl").write_text(lines, "utf-8")
    return tmp_path


def test_each_case_is_a_test_that_says_where_it_was_lost(folder: Path) -> None:
    done = run(folder, "--evals", "towns.jsonl")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 1 passed" in done.stdout
    assert "stale: bridge no longer says 'The bridge closed in 1950.'" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_tag_picks_its_cases_and_a_bad_suite_names_its_line(folder: Path) -> None:
    assert "1 passed, 1 deselected" in run(folder, "--evals", "towns.jsonl", "-k", "date").stdout
    (folder / "towns.jsonl").write_text('{"id": "x"}\n', "utf-8")
    said = run(folder, "--evals", "towns.jsonl").stdout
    assert "towns.jsonl, line 1" in said
    assert "1 error" in said


def test_without_the_option_nothing_is_collected(folder: Path) -> None:
    done = run(folder, "towns.jsonl")
    assert "no tests ran" in done.stdout or "not found" in done.stdout + done.stderr


def test_a_home_that_may_not_be_written_is_asked_all_the_same(folder: Path) -> None:
    root = os.geteuid() == 0
    if root and subprocess.run([*POWERLESS, "true"], capture_output=True).returncode != 0:
        pytest.skip("root cannot do without its rights here")
    home = folder / "home"
    first = run(folder, "--evals", "towns.jsonl", "-k", "date")
    assert "1 passed" in first.stdout, first.stdout + first.stderr
    paths = [home, *home.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        done = run(folder, "--evals", "towns.jsonl", "-k", "date", before=POWERLESS if root else ())
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
