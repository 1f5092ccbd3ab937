"""Many who ask at once, and hours of use in minutes: small ones, and how they are summed up."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.home import Home
from evals.benches import run_bench
from evals.benchmarks.crowd import Seen
from evals.benchmarks.load import bench_load, load_table
from evals.benchmarks.served import Served
from evals.benchmarks.soak import bench_soak, growth_of, soak_table
from evals.cli import cli

from ..assistant.program import __file__ as program
from ..assistant.small_corpus import write_home

FAST = (sys.executable, program)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return write_home(tmp_path / "home")


@pytest.mark.slow
def test_a_small_crowd_is_answered_and_nothing_is_lost(home: Home) -> None:
    measured = bench_load(home, 12, 3, FAST)
    assert measured["wrong"] == []
    assert measured["answered"] >= 12  # type: ignore[operator]
    assert measured["added"] >= 1  # type: ignore[operator]
    assert measured["lost"] == 0
    assert "12 people asking for 3 s" in load_table(measured)


@pytest.mark.slow
def test_a_crowd_beyond_the_queue_is_told_to_wait_and_nothing_else(home: Home) -> None:
    measured = bench_load(home, 90, 2, FAST)
    assert measured["wrong"] == []
    assert measured["busy"] >= 18  # type: ignore[operator]


@pytest.mark.slow
def test_a_short_soak_reads_memory_and_leaves_no_temporary_files(home: Home) -> None:
    measured = bench_soak(home, 0.1, program=FAST)
    assert [one for one in measured["wrong"] if "memory" not in one] == []  # type: ignore[attr-defined]
    assert measured["memory_at_the_end_mb"] > 50  # type: ignore[operator]
    assert measured["temporary_at_the_end_mb"] < 5  # type: ignore[operator]
    assert measured["refused_uploads"] >= 1  # type: ignore[operator]
    assert "callers for 0.1 min" in soak_table(measured)


def test_growth_is_told_apart_from_peaks_and_from_the_warm_up() -> None:
    seconds = [float(n) for n in range(0, 300, 3)]
    flat = [min(300.0, 100 + 4 * one) + (80 if n % 17 == 0 else 0) for n, one in enumerate(seconds)]
    first, last, growth = growth_of(seconds, flat)
    assert (first, last) == (300, 300)
    assert abs(growth) < 2
    leaking = [100 + one / 2 for one in seconds]
    assert growth_of(seconds, leaking)[2] == pytest.approx((seconds[-1] - 102) / 2, abs=2)


def test_what_must_not_happen_is_said() -> None:
    seen = Seen()
    seen.statuses.update([200, 429, 500, 500])
    seen.broken["EOFError"] += 1
    assert seen.wrong([3]) == [
        "2 requests were answered with 500",
        "1 requests broke off (EOFError)",
        "1 documents were taken and are not there: [3]",
        "no question was answered",
        "no document was added",
    ]


def test_a_bench_fails_where_something_went_wrong_and_knows_its_options(
    monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    monkeypatch.setattr("evals.benches.run_bench", lambda *_, **__: ({"wrong": ["so it was"]}, "t"))
    at = ["--home", str(home.root)]
    failed = CliRunner().invoke(cli, ["bench", "load", *at])
    assert failed.exit_code == 1
    assert "load: so it was" in str(failed.exception)
    monkeypatch.undo()
    wrong = CliRunner().invoke(cli, ["bench", "soak", "--users", "3", *at])
    assert "the benchmark soak has no --users" in str(wrong.exception)
    with pytest.raises(Exception, match="the benchmark load has no --minutes"):
        run_bench("load", None, home, crowd={"minutes": 1})


def test_what_goes_while_temporary_files_are_counted_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reading" / "0").mkdir(parents=True)
    (tmp_path / "reading" / "0" / "page").write_bytes(b"x" * 1_000)
    for name in ("one", "other"):
        (tmp_path / name).write_bytes(b"x" * 500_000)
    real, seen = os.lstat, list[str]()

    def lstat(path: str, *, dir_fd: int | None = None) -> os.stat_result:
        seen.append(path)
        if len(seen) == 1:
            shutil.rmtree(tmp_path / "reading")
            os.unlink(path)
        return real(path, dir_fd=dir_fd)

    monkeypatch.setattr(os, "lstat", lstat)
    assert Served("127.0.0.1", 0, os.getpid(), tmp_path).temporary_mb() == 0.5
