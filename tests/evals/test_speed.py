from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpus.errors import CheckFailed
from evals.benchmarks.machine import describe_machine
from evals.benchmarks.program import seconds_of, seconds_until_page
from evals.benchmarks.speed import MEASURES, SpeedJson, speed_table


def test_the_machine_is_described() -> None:
    machine = describe_machine()
    assert set(machine) == {"processor", "cores", "system", "python", "load"}
    assert all(machine[key] for key in ("processor", "cores", "system", "python"))


def test_a_measured_command_that_fails_is_not_a_measurement() -> None:
    with pytest.raises(CheckFailed, match=re.escape("'assistant --wrong' did not work (assist")):
        seconds_of("--wrong")


def test_a_chat_that_cannot_start_is_not_a_measurement(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match=r"'assistant chat .*did not work \(.* is no home"):
        seconds_until_page(tmp_path / "nowhere")


def test_measurements_stand_next_to_their_targets() -> None:
    metrics = dict.fromkeys(MEASURES, 0.25) | {"question_p95_ms": 123.46}
    speed: SpeedJson = {
        "bench": "speed",
        "machine": {"processor": "P", "cores": 2, "system": "L 6", "python": "3.11.9", "load": 0.5},
        "documents": 12,
        "questions": 40,
        "metrics": metrics,
        "targets": {},
    }
    machine, corpus, _, columns, *rows = speed_table(speed).splitlines()
    assert machine == "P, 2 cores, L 6, Python 3.11.9, load 0.5 before"
    assert corpus == "12 documents, 40 questions"
    assert columns.split() == ["measured", "value", "target"]
    assert rows[0].split() == ["assistant", "--help", "0.25", "s", "under", "0.3", "s", "ok"]
    assert rows[2].split()[-2:] == ["0.25", "s"]
    assert rows[5].split()[-6:] == ["123.5", "ms", "under", "100", "ms", "missed"]
