"""One run of one suite, from its questions to its verdict, kept with the runs before it."""

from __future__ import annotations

import logging
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.client import Client
from assistant.home import quoted
from corpus.errors import ShelfError, UsageError
from evals.answer_cache import AnswerCache
from evals.cases import Suite
from evals.compare import compare_runs
from evals.gates import Gate, Judged, judge
from evals.history import remember
from evals.judge import Judge
from evals.outcomes import outcome_of
from evals.paired import Comparison
from evals.report_json import read_runs
from evals.results import Result, RunReport, Verdict
from evals.runner import run_suite


@dataclass(frozen=True, slots=True)
class Before:
    """The run that a suite is compared with, if there is one."""

    path: Path | None

    def compared(self, report: RunReport) -> Comparison | None:
        """Compare a run with it; None without one."""
        if self.path is None:
            return None
        before = read_runs(self.path)[report.suite]
        judge = report.judged_by.pin if report.judged_by else None
        return compare_runs(before, [outcome_of(one) for one in report.results], judge)


def before_of(suite: Suite, kept: Path | None, named: Path | None = None) -> Before:
    """Return what a suite is compared with: the ``named`` file, else the one that is ``kept``.

    Raises UsageError for a file that can't serve.
    """
    path = named or kept
    if path is None:
        return Before(None)
    if not path.is_file() and not named:
        at = shlex.quote(str(path))
        write = quoted(f"evals run {shlex.quote(suite.name)} --no-gate --write-baseline {at}")
        raise UsageError(f"the baseline {path} of {suite.name} is not there: write it with {write}")
    runs = read_runs(path)
    if suite.name not in runs:
        raise UsageError(f"{path} has no run of {suite.name} (only {', '.join(runs)})")
    if not runs[suite.name].outcomes:
        raise UsageError(f"{path} is of an older release and has no cases: write it again")
    return Before(path)


def judged_run(
    suite: Suite,
    client: Client,
    state: Path,
    gates: Mapping[str, Gate],
    before: Before,
    *,
    insist: bool = False,
    on_done: Callable[[Result], None] = lambda _: None,
    cache: AnswerCache | None = None,
    judging: Judge | None = None,
) -> Judged:
    """Run a suite, judge it, and keep what it came to; see ``runner.run_suite``."""
    report = run_suite(suite, client, on_done, cache, judging)
    comparison = before.compared(report)
    verdict = judge(report, gates.get(suite.name), comparison, insist=insist)
    _remember(state, report, verdict)
    return Judged(report, verdict, comparison)


def _remember(state: Path, report: RunReport, verdict: Verdict) -> None:
    """Keep what a run came to; a home that nobody may write to runs all the same."""
    try:
        remember(state, report, verdict)
    except ShelfError as error:
        logging.getLogger(__name__).warning("the run was not kept: %s", error)
