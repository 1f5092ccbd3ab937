"""The benchmarks by name: each gives what it measured, and the same as a table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.home import Home
from corpus.errors import UsageError

Measured = tuple[Mapping[str, object], str]


def run_bench(
    name: str,
    data: Path | None,
    home: Home,
    *,
    parts: Sequence[str] = (),
    full: bool = False,
    passages: int | None = None,
    crowd: Mapping[str, int | None] = {},
) -> Measured:
    """Run a benchmark. Raises UsageError where it takes no ``data``, or cannot use it, or has no
    ``parts``, no number of ``passages``, or no such option of a ``crowd``."""
    own: dict[str, Callable[[], Measured]] = {
        "speed": lambda: _speed(home, parts, full=full, passages=passages),
        "cleaning": _cleaning,
        "across": lambda: _across(home),
        "attacks": lambda: _attacks(home),
        "load": lambda: _load(home, crowd),
        "soak": lambda: _soak(home, crowd),
        "scaling": _scaling,
    }
    of_crowds = {"load": {"users", "seconds"}, "soak": {"minutes", "questions"}}
    for option in (one for one, value in crowd.items() if value is not None):
        if option not in of_crowds.get(name, ()):
            raise UsageError(f"the benchmark {name} has no --{option}: leave it out")
    of_sets = {"answers": _answers, "abstention": _abstention}
    if name in of_sets and not (parts or full):
        return of_sets[name](data, home)
    if name != "speed" and (parts or full):
        raise UsageError(f"the benchmark {name} has no parts: leave out --part and --full")
    if passages is not None and (name != "speed" or set(parts) != {"search"}):
        raise UsageError("--passages is for 'evals bench speed --part search'")
    if name not in own:
        return _retrieval(name, data, home)
    if data is not None:
        raise UsageError(f"the benchmark {name} brings its own data: leave out --data")
    return own[name]()


def _speed(home: Home, parts: Sequence[str], *, full: bool, passages: int | None) -> Measured:
    from evals.benchmarks.speed import bench_speed
    from evals.benchmarks.speed_parts import Setup

    return bench_speed(Setup(home, full, _say, passages), parts)


def _cleaning() -> Measured:
    from evals.benchmarks.cleaning import bench_cleaning, cleaning_table

    measured = bench_cleaning()
    return measured, cleaning_table(measured)


def _across(home: Home) -> Measured:
    from evals.benchmarks.across import across_table, bench_across

    measured = bench_across(home)
    return measured, across_table(measured)


def _attacks(home: Home) -> Measured:
    from assistant.settings import load_settings
    from evals.benchmarks.attacks import attacks_table, bench_attacks

    measured = bench_attacks(home, load_settings(home.settings_file), say=_say)
    return measured, attacks_table(measured)


def _load(home: Home, crowd: Mapping[str, int | None]) -> Measured:
    from evals.benchmarks.load import SECONDS, USERS, bench_load, load_table

    measured = bench_load(home, crowd.get("users") or USERS, crowd.get("seconds") or SECONDS)
    return measured, load_table(measured)


def _soak(home: Home, crowd: Mapping[str, int | None]) -> Measured:
    from evals.benchmarks.soak import MINUTES, bench_soak, soak_table

    questions = crowd.get("questions") or 0
    minutes = crowd.get("minutes") or (0 if questions else MINUTES)
    measured = bench_soak(home, minutes, questions)
    return measured, soak_table(measured)


def _scaling() -> Measured:
    from evals.benchmarks.scaling import bench_scaling, scaling_table

    measured = bench_scaling(_say)
    return measured, scaling_table(measured)


def _answers(data: Path | None, home: Home) -> Measured:
    from assistant.settings import load_settings
    from evals.benchmarks.answers import answers_table, bench_answers

    data = _given("answers", data)
    measured = bench_answers(data, load_settings(home.settings_file), say=_say)
    return measured, answers_table(measured)


def _abstention(data: Path | None, home: Home) -> Measured:
    from assistant.settings import load_settings
    from evals.benchmarks.abstention import abstention_table, bench_abstention

    data = _given("abstention", data)
    measured = bench_abstention(data, load_settings(home.settings_file), say=_say)
    return measured, abstention_table(measured)


def _given(name: str, data: Path | None) -> Path:
    if data is None:
        raise UsageError(f"the benchmark {name} needs public sets: add --data DIR")
    return data


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
