"""The program as a user meets it: commands, the page and the questions, in processes of their own.

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
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from assistant.connect import connect
from assistant.home import Home, make_home
from evals.benchmarks.program import seconds_of, seconds_until_page
from evals.benchmarks.speed_parts import Measure, Part, Setup
from evals.cases import Case, load_suite
from evals.metrics.latency import percentile_ms

HELP_RUNS = 5
START_RUNS = 3
BUILD_RUNS = 3
ASK_RUNS = 5
QUESTION_ROUNDS = 3

MEASURES = {
    "help_s": Measure("assistant --help", "s", 0.2),
    "cold_ask_s": Measure("assistant ask, from the shell to the answer", "s", 1.5),
    "page_ready_s": Measure("assistant chat, until the page is ready", "s", 10),
    "index_build_s": Measure("assistant sync, from an empty state", "s"),
    "first_question_ms": Measure("first question after the start", "ms"),
    "question_p50_ms": Measure("question, median wait", "ms", 100),
    "question_p95_ms": Measure("question, 95th percentile of the wait", "ms", 100),
    "question_own_p50_ms": Measure("question, median of the assistant's own timing", "ms"),
    "question_own_p95_ms": Measure("question, 95th percentile of the same", "ms"),
}


def measure(setup: Setup) -> Part:
    """Measure the program on a copy of the home."""
    cases = load_suite("starter").cases
    with copy_of(setup.home) as copy:
        at_home = ("--home", str(copy.root))
        setup.say("assistant --help")
        metrics = {"help_s": _median(HELP_RUNS, lambda: seconds_of("--help"))}
        setup.say("building the index")
        metrics["index_build_s"] = _median(BUILD_RUNS, lambda: _build(copy))
        setup.say("assistant ask")
        question = cases[0].question
        metrics["cold_ask_s"] = _median(ASK_RUNS, lambda: seconds_of("ask", question, *at_home))
        setup.say("starting the chat")
        metrics["page_ready_s"] = _median(START_RUNS, lambda: seconds_until_page(copy.root))
        setup.say("asking questions")
        documents, asked = _question_times(copy, cases)
    about = f"the program, {documents} documents, {len(cases)} questions"
    return Part(MEASURES, metrics | asked, about)


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
def copy_of(home: Home) -> Iterator[Home]:
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


def _median(runs: int, measured: Callable[[], float]) -> float:
    return median(measured() for _ in range(runs))
