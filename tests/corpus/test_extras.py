"""The command that a message names for a part that is not installed."""

from __future__ import annotations

import shlex
import sys
import tomllib
from pathlib import Path

import pytest

from corpus.extras import installing

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]


@pytest.mark.parametrize("extra", sorted(EXTRAS))
def test_a_checkout_is_installed_from_where_it_lies(extra: str) -> None:
    said = ["-m", "pip", "install", "--constraint", str(ROOT / "constraints.txt"), "--editable"]
    assert shlex.split(installing(extra)) == [sys.executable, *said, f"{ROOT}[{extra}]"]


def test_without_a_checkout_the_name_has_to_do(tmp_path: Path) -> None:
    said = shlex.split(installing("llm", tmp_path / "no checkout"))
    assert said == [sys.executable, "-m", "pip", "install", "archive-assistant[llm]"]


def test_every_extra_that_is_named_is_there() -> None:
    named = {
        part.partition(mark)[0]
        for folder in ("corpus", "index", "assistant", "evals")
        for file in (ROOT / folder).rglob("*.py")
        for text in [file.read_text("utf-8")]
        for start, mark in (('installing("', '"'), ("installing('", "'"))
        for part in text.split(start)[1:]
    }
    assert (len(named) >= 5, named - set(EXTRAS)) == (True, set())
