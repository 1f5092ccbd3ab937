"""The benchmarks by name: each gives what it measured, and the same as a table."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from assistant.home import Home
from corpus.errors import UsageError

Measured = tuple[Mapping[str, object], str]


def run_bench(name: str, data: Path | None, home: Home) -> Measured:
    """Run a benchmark. Raises UsageError where it takes no ``data``, or cannot use it."""
    own = {"speed": _speed, "cleaning": _cleaning}
    if name not in own:
        return _retrieval(name, data, home)
    if data is not None:
        raise UsageError(f"the benchmark {name} brings its own data: leave out --data")
    return own[name](home)


def _speed(home: Home) -> Measured:
    from evals.benchmarks.speed import bench_speed, speed_table
    from evals.benchmarks.speed_reading import reading_metrics, reading_speed, reading_table

    speed = bench_speed(home, say=_say)
    reading = reading_speed(say=_say)
    shown = f"{speed_table(speed)}\n\n{reading_table(reading)}"
    return {**speed, "reading": reading_metrics(reading)}, shown


def _cleaning(home: Home) -> Measured:
    from evals.benchmarks.cleaning import bench_cleaning, cleaning_table

    measured = bench_cleaning()
    return measured, cleaning_table(measured)


def _retrieval(name: str, data: Path | None, home: Home) -> Measured:
    from assistant.settings import load_settings
    from assistant.terminal import ProgressLine
    from evals.benchmarks.datasets import load_collection
    from evals.benchmarks.retrieval import bench_retrieval
    from evals.benchmarks.retrieval_table import retrieval_table

    collection, line = load_collection(name, data), ProgressLine()
    settings = load_settings(home.settings_file)
    measured = bench_retrieval(collection, settings, progress=line)
    line.clear()
    return measured, retrieval_table(measured)


def _say(step: str) -> None:
    print(f"{step} ...", file=sys.stderr, flush=True)
