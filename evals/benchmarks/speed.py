"""Speed, as a user meets it: the program, the index and the page in processes of their own.

Everything is measured on a temporary copy of the home's documents, so a home in use is left alone.
Times are medians of several runs; question times are percentiles over all questions of a suite,
asked several times after one question that is not counted (it pays for what is loaded lazily, and
is reported on its own).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypedDict

import numpy as np

from assistant.connect import connect
from assistant.home import Home, make_home
from evals.benchmarks.machine import describe_machine
from evals.benchmarks.program import seconds_of, seconds_until_page
from evals.cases import Case, load_suite
from evals.metrics.latency import percentile_ms
from evals.tables import table

HELP_RUNS = 5
START_RUNS = 3
BUILD_RUNS = 3
QUESTION_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """A thing that is measured: how people call it, its unit, and what to stay under, if set."""

    label: str
    unit: str
    target: float | None = None


MEASURES = {
    "help_s": Measure("assistant --help", "s", 0.3),
    "page_ready_s": Measure("assistant chat, until the page is ready", "s", 10),
    "index_build_s": Measure("assistant sync, from an empty state", "s"),
    "first_question_ms": Measure("first question after the start", "ms"),
    "question_p50_ms": Measure("question, median wait", "ms", 100),
    "question_p95_ms": Measure("question, 95th percentile of the wait", "ms", 100),
    "question_own_p50_ms": Measure("question, median of the assistant's own timing", "ms"),
    "question_own_p95_ms": Measure("question, 95th percentile of the same", "ms"),
}


class SpeedJson(TypedDict):
    """What ``evals bench speed --json`` writes; every metric is meant to be low."""

    bench: str
    machine: dict[str, str | float]
    documents: int
    questions: int
    metrics: dict[str, float]
    targets: dict[str, float]


def bench_speed(home: Home, say: Callable[[str], None]) -> SpeedJson:
    """Measure the speed on a copy of a home; ``say`` hears what is being measured."""
    cases = load_suite("starter").cases
    # Before our own work adds to the load.
    machine = describe_machine()
    with _copy_of(home) as copy:
        say("assistant --help")
        metrics = {"help_s": _median(HELP_RUNS, lambda: seconds_of("--help"))}
        say("building the index")
        metrics["index_build_s"] = _median(BUILD_RUNS, lambda: _build(copy))
        say("starting the chat")
        metrics["page_ready_s"] = _median(START_RUNS, lambda: seconds_until_page(copy.root))
        say("asking questions")
        documents, asked = _question_times(copy, cases)
    return {
        "bench": "speed",
        "machine": machine,
        "documents": documents,
        "questions": len(cases),
        "metrics": {name: round((metrics | asked)[name], 4) for name in MEASURES},
        "targets": {name: one.target for name, one in MEASURES.items() if one.target is not None},
    }


def speed_table(speed: SpeedJson) -> str:
    """Return the measurements next to their targets, below a line about the machine."""
    rows = [["measured", "value", "target", ""]]
    for name, measure in MEASURES.items():
        value = speed["metrics"][name]
        within = "" if measure.target is None else ("ok" if value < measure.target else "missed")
        rows.append([measure.label, _amount(value, measure), _target(measure), within])
    machine = speed["machine"]
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, "
        f"Python {machine['python']}, load {machine.get('load', 'unknown')} before\n"
        f"{speed['documents']} documents, {speed['questions']} questions\n\n{table(rows)}"
    )


def _question_times(home: Home, cases: Sequence[Case]) -> tuple[int, dict[str, float]]:
    """Return how many documents there are, and the question metrics in milliseconds."""
    with connect(home) as client:
        documents = len(client.list())

        def ask(case: Case) -> tuple[float, float]:
            start = perf_counter()
            answer = client.ask(case.question, history=case.history, filters=case.filters)
            return perf_counter() - start, answer["timings_ms"]["total"] / 1000

        first, _ = ask(cases[0])
        times = np.array([ask(case) for _ in range(QUESTION_ROUNDS) for case in cases])
    asked = {"first_question_ms": first * 1000}
    for column, prefix in enumerate(("question", "question_own")):
        for percent in (50, 95):
            value = percentile_ms(times[:, column], percent)
            asked[f"{prefix}_p{percent}_ms"] = value or 0.0
    return documents, asked


@contextmanager
def _copy_of(home: Home) -> Iterator[Home]:
    """Make a home in a temporary folder with the same documents and settings, and no index."""
    with tempfile.TemporaryDirectory(prefix="assistant-speed-") as folder:
        copy = make_home(Path(folder))
        shutil.copytree(home.documents, copy.documents, dirs_exist_ok=True)
        if home.settings_file.is_file():
            shutil.copyfile(home.settings_file, copy.settings_file)
        yield copy


def _build(home: Home) -> float:
    shutil.rmtree(home.state, ignore_errors=True)
    return seconds_of("sync", "--home", str(home.root))


def _median(runs: int, measure: Callable[[], float]) -> float:
    return median(measure() for _ in range(runs))


def _amount(value: float, measure: Measure) -> str:
    return f"{value:.2f} {measure.unit}" if measure.unit == "s" else f"{value:.1f} {measure.unit}"


def _target(measure: Measure) -> str:
    return "" if measure.target is None else f"under {measure.target:g} {measure.unit}"
