from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from assistant.home import make_home
from evals.benchmarks import speed_duplicates
from evals.benchmarks.speed_parts import Setup


def test_edited_copies_are_found_among_others_and_new_texts_are_not_taken_for_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed_duplicates, "QUICK", 60)
    monkeypatch.setattr(speed_duplicates, "LOOKS", 20)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    part = speed_duplicates.measure(Setup(make_home(tmp_path / "home"), full=False))
    assert set(part.metrics) == set(part.measures)
    assert (part.metrics["duplicates_found"], part.metrics["duplicates_wrong"]) == (1, 0)
    assert 0 < part.metrics["duplicates_p50_ms"] <= part.metrics["duplicates_worst_ms"]
    assert "60 made-up documents" in part.about
    assert os.listdir(tmp_path) == ["home"]
