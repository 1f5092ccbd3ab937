from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.errors import ShelfError, UsageError
from evals.files import read_json, write_json, write_report


def test_what_is_written_is_read_back_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.json"
    write_json(path, {"old": 1})
    write_json(path, {"é": [1.5, None]})
    assert read_json(path) == {"é": [1.5, None]}
    assert list(path.parent.iterdir()) == [path]


def test_a_value_that_json_does_not_know_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_json(path, 1)
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json(path, float("nan"))
    assert read_json(path) == 1


def test_a_link_to_a_device_is_neither_written_nor_replaced(tmp_path: Path) -> None:
    link = tmp_path / "out"
    link.symlink_to(os.devnull)
    with pytest.raises(UsageError, match="is not a plain file"):
        write_report(link, "x")
    assert link.is_symlink()


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ShelfError, match="file could not be written"):
        write_report(tmp_path / "file" / "report.md", "x")


def test_a_file_that_is_missing_or_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("x = 1")
    with pytest.raises(UsageError, match=r"cannot read .*gone \(No such file"):
        read_json(tmp_path / "gone")
    with pytest.raises(UsageError, match="text is not JSON"):
        read_json(tmp_path / "text")
