from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

from assistant.home import make_home
from corpus.errors import CheckFailed, UsageError
from evals.benchmarks import speed
from evals.benchmarks.machine import describe_machine
from evals.benchmarks.program import seconds_of, seconds_until_page
from evals.benchmarks.speed import PARTS, bench_speed
from evals.benchmarks.speed_parts import Measure, Part, Setup, part_table, speed_json

MEASURES = {
    "help_s": Measure("assistant --help", "s", 0.2),
    "wait_p95_ms": Measure("a wait", "ms", 100),
    "in_per_s": Measure("vectors in", "a second", 1400, more=True),
    "recall": Measure("recall", "", 0.98, more=True),
    "size_bytes": Measure("size", "bytes"),
}
PART = Part(
    MEASURES,
    {
        "help_s": 0.06,
        "wait_p95_ms": 123.46,
        "in_per_s": 1500.4,
        "recall": 0.97123456,
        "size_bytes": 3500,
    },
    "a part",
    {"in_per_s": 700.0},
)


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


def test_measurements_stand_next_to_their_targets_and_baselines() -> None:
    about, _, columns, *rows = part_table(PART).splitlines()
    assert about == "a part"
    assert columns.split() == ["measured", "value", "target", "baseline"]
    assert [" ".join(row.split()) for row in rows] == [
        "assistant --help 0.06 s at most 0.2 s ok",
        "a wait 123.5 ms at most 100 ms missed",
        "vectors in 1500 a second at least 1400 a second ok 700 a second",
        "recall 0.971 at least 0.98 missed",
        "size 3500 bytes",
    ]


def test_the_json_has_what_was_measured_what_to_reach_and_the_baselines() -> None:
    assert speed_json({"cores": 2}, {"one": PART}, full=True) == {
        "bench": "speed",
        "machine": {"cores": 2},
        "full": True,
        "parts": ["one"],
        "about": {"one": "a part"},
        "metrics": dict(PART.metrics) | {"recall": 0.9712},
        "targets": {"help_s": 0.2, "wait_p95_ms": 100, "in_per_s": 1400, "recall": 0.98},
        "at_least": ["in_per_s", "recall"],
        "baselines": {"in_per_s": 700.0},
    }


def test_a_part_that_does_not_exist_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no part 'nothing': its parts are program, "):
        bench_speed(Setup(make_home(tmp_path / "home"), full=False), ["chroma", "nothing"])


def test_without_playwright_the_page_is_left_out_or_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    setup = Setup(make_home(tmp_path / "home"), full=False, say=said.append)
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    monkeypatch.setattr(speed, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"Playwright, which is not installed: .*pip install"):
        bench_speed(setup, ["page"])
    assert "page" not in speed._possible(setup)
    assert said == ["page is left out, as playwright is not installed"]


@pytest.mark.parametrize("name", PARTS)
def test_every_part_can_be_measured(name: str) -> None:
    assert callable(import_module(PARTS[name]).measure)


def test_no_two_parts_measure_the_same() -> None:
    names = [
        name for module in PARTS.values() for name in getattr(import_module(module), "MEASURES", {})
    ]
    assert len(names) == len(set(names))
