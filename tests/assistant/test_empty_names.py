"""Names that are empty, as a script gives them where a variable is not set: nothing is done."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.home import CHECKOUT, Home, default_root

from .conftest import Command
from .small_corpus import listing
from .test_cli import refused


@pytest.mark.parametrize("name", ["", " "])
@pytest.mark.parametrize(
    "arguments", [["list"], ["add", "a.txt"], ["restore", "b.zip"], ["init"], ["users", "list"]]
)
def test_no_home_at_all_is_never_the_checkout(
    command: Command, arguments: list[str], name: str
) -> None:
    assert refused(command(*arguments, "--home", name), 2) == (
        "the name of the home's folder is empty: name a folder, as in '--home DIR'"
    )


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_HOME", "")
    assert default_root() == CHECKOUT


def test_a_file_is_no_home_and_nobody_has_one(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", "utf-8")
    assert refused(command("list", "--home", str(tmp_path / "a.txt")), 2) == (
        f"{tmp_path / 'a.txt'} is a file, and a home is a folder: name another one"
    )
    assert refused(command("list", "--home", "~nobody-of-this-name/x"), 2).startswith(
        "'~nobody-of-this-name/x' names no folder ("
    )


def test_init_takes_the_folder_either_way(command: Command, tmp_path: Path) -> None:
    for number, way in enumerate([[], ["--home"]]):
        assert command("init", *way, str(tmp_path / str(number))).code == 0
        assert (tmp_path / str(number) / "documents").is_dir()
    says = "name one folder for the home: 'assistant init DIR'"
    assert refused(command("init"), 2) == says
    assert refused(command("init", "a", "--home", "b"), 2) == says


def test_no_file_at_all_is_not_this_folder(
    command: Command, home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("Not meant.", "utf-8")
    monkeypatch.chdir(tmp_path)
    before = listing(home.documents)
    assert refused(command("add", "", "--home", str(home.root)), 2) == (
        "the name of a file to add is empty: name a file, a folder or an address"
    )
    assert listing(home.documents) == before


def shell(arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``assistant`` in a shell, which may close what it gets."""
    program = f"{sys.executable} -c 'from assistant.cli import main; main()'"
    command = ["sh", "-c", f"{program} {arguments}"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHECKOUT)


@pytest.mark.parametrize(
    ("to", "code", "says"),
    [
        (">&-", 0, ""),
        (
            "> /dev/full",
            3,
            "assistant: No space left on device: make room on the disk, or write elsewhere\n",
        ),
    ],
)
def test_output_that_goes_nowhere_is_no_bug(to: str, code: int, says: str) -> None:
    done = shell(f"users --help {to}")
    assert (done.returncode, done.stderr) == (code, says)


def test_an_error_does_not_go_to_stdout_for_want_of_a_stderr() -> None:
    done = shell("ask --json '' 2>&-")
    assert (done.returncode, done.stdout) == (2, "")


def test_an_input_that_was_closed_is_an_empty_one(home: Home) -> None:
    done = shell(f"users add ada --home {shlex.quote(str(home.root))} <&-")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("assistant: there is no terminal to type a password on")


def test_a_folder_with_the_home_in_it_is_not_added(
    command: Command, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = ("--home", str(home.root))
    assert command("sync", *at).code == 0
    before = listing(home.documents)
    monkeypatch.chdir(home.root)
    for folder in (".", str(home.root.parent), "var"):
        ran = command("add", folder, *at)
        assert (ran.code, ran.out) == (3, "")
        assert ran.err == (
            f"failed: {folder} has this home in it: name the files and folders that are to be added"
            "\n"
        )
    assert listing(home.documents) == before
