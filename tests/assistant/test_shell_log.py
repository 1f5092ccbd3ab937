"""The log of a home whose disk takes nothing costs nobody an answer, or a traceback."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from assistant.shell import log_to

from .conftest import Command


def test_a_log_that_cannot_be_written_is_left_out(
    command: Command, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "assistant.log").mkdir()
    log_to(tmp_path)
    logging.getLogger("assistant").warning("nobody hears this")
    assert capfd.readouterr() == ("", "")
