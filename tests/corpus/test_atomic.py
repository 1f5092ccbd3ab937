"""Whose temporary files may be taken away."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from corpus.atomic import is_abandoned, temporary_name


def test_a_temporary_file_is_abandoned_once_its_writer_of_this_machine_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with monkeypatch.context() as patched:
        patched.setattr(os, "getpid", lambda: process.pid)
        name = temporary_name("0a1b2c")
    other = f".{int(name[1:5], 16) ^ 1:04x}{name[5:]}"
    assert not is_abandoned(name), "it is being written"
    process.communicate(b"\n")
    assert is_abandoned(name)
    assert not is_abandoned(other), "another machine shares the folder"
    assert not is_abandoned(name.removesuffix(".tmp"))
