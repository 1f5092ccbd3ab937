"""Runs suites from the command line: asks, compares with the baseline, judges, prints, writes."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from assistant import connect, shell
from assistant.client import Client
from assistant.home import Home, find_home
from assistant.spoken import speak_of, with_home
from assistant.terminal import ProgressLine, print_note
from corpus.errors import ArchiveError, ShelfError, UsageError
from evals.answer_cache import AnswerCache, answers_folder
from evals.cases import Suite
from evals.compare import compare_runs
from evals.files import write_json, write_report
from evals.gates import GATES, Judged, judge, load_gates
from evals.history import past_runs, remember
from evals.html import html_report
from evals.judge import Judge
from evals.junit import junit_xml
from evals.markdown import markdown_report
from evals.outcomes import outcome_of
from evals.paired import Comparison
from evals.report import terminal_report
from evals.report_json import baseline_text, read_runs, run_json
from evals.results import Result, RunReport, Verdict
from evals.runner import run_suite


@dataclass(frozen=True, slots=True)
class Files:
    """Where to write reports; None for those that nobody wants."""

    json: Path | None = None
    junit: Path | None = None
    markdown: Path | None = None
    html: Path | None = None
    baseline: Path | None = None


def run_all(
    suites: Sequence[Suite],
    home: Home,
    *,
    insist: bool,
    baseline: Path | None,
    gates_file: Path | None,
    fresh: bool = False,
    cached: bool = True,
    judges: Callable[[], Judge] | None = None,
) -> list[Judged]:
    """Run and judge the suites one after the other, printing each report as it is ready.

    A ``fresh`` run is to become the baseline, and is not compared with the one that the gates name.
    With ``cached``, answers that nothing changed about are those of an earlier run. ``judges``
    gives a language model that judges a suite's answers besides.
    """
    if fresh and len(suites) != 1:
        raise UsageError("a baseline is for one suite: run each with its --write-baseline")
    gates = load_gates(gates_file or GATES)
    # Read before anything is asked: a wrong path should not cost a whole run.
    kept = {} if fresh else {name: gate.baseline for name, gate in gates.items()}
    before = {one.name: _before(one, kept.get(one.name), baseline) for one in suites}
    judged = []
    with up_to_date(home, "evals run") as client:
        for suite in suites:
            cache = (
                AnswerCache(answers_folder(home.state), client) if cached and not fresh else None
            )
            report = _run_one(suite, client, cache, judges() if judges else None)
            comparison = before[suite.name].compared(report)
            verdict = judge(report, gates.get(suite.name), comparison, insist=insist)
            judged.append(Judged(report, verdict, comparison))
            _remember(home.state, report, verdict)
            click.echo(terminal_report(judged[-1]))
    return judged


def write_all_reports(judged: Sequence[Judged], files: Files, home: Home) -> None:
    """Write what was asked for; the JSON is a list where several suites ran."""
    if files.json:
        runs = [run_json(one.report, one.verdict) for one in judged]
        write_json(files.json, runs[0] if len(runs) == 1 else runs)
    if files.junit:
        write_report(files.junit, junit_xml([(one.report, one.verdict) for one in judged]))
    if files.markdown:
        write_report(files.markdown, "\n".join(map(markdown_report, judged)))
    if files.html:
        past = {one.report.suite: past_runs(home.state, one.report.suite) for one in judged}
        write_report(files.html, html_report(judged, past))
    if files.baseline:
        write_report(files.baseline, baseline_text(judged[0].report))


def found(home: str | None) -> Home:
    """Return the home to work on, and let messages and the log be about it."""
    this = find_home(home)
    shell.log_to(this.state)
    speak_of(this)
    return this


@dataclass(frozen=True, slots=True)
class _Before:
    """The run that a suite is compared with, if there is one."""

    path: Path | None

    def compared(self, report: RunReport) -> Comparison | None:
        if self.path is None:
            return None
        before = read_runs(self.path)[report.suite]
        judge = report.judged_by.pin if report.judged_by else None
        return compare_runs(before, [outcome_of(one) for one in report.results], judge)


def _before(suite: Suite, kept: Path | None, named: Path | None) -> _Before:
    path = named or kept
    if path is None:
        return _Before(None)
    if not path.is_file() and not named:
        raise UsageError(
            f"the baseline {path} of {suite.name} is not there: "
            f"write it with 'evals run {suite.name} --no-gate --write-baseline {path}'"
        )
    runs = read_runs(path)
    if suite.name not in runs:
        raise UsageError(f"{path} has no run of {suite.name} (only {', '.join(runs)})")
    if not runs[suite.name].outcomes:
        raise UsageError(f"{path} is of an older release and has no cases: write it again")
    return _Before(path)


def _remember(state: Path, report: RunReport, verdict: Verdict) -> None:
    """Keep what a run came to; a home that nobody may write to runs all the same."""
    try:
        remember(state, report, verdict)
    except ShelfError as error:
        logging.getLogger(__name__).warning("the run was not kept: %s", error)


def _bring_up_to_date(client: Client) -> None:
    """Take in the folder and the settings before anything is asked, a new index included.

    A question would be answered from the old index meanwhile, which is not what is to be judged.
    Where that can't be done (a home that may not be written), what is there is judged.
    """
    try:
        client.sync()
    except ArchiveError as error:
        logging.getLogger(__name__).warning("judged as it is: %s", error)
        client.list()


@contextlib.contextmanager
def up_to_date(home: Home, command: str) -> Iterator[Client]:
    """Give a client of a home that has taken in its documents and its settings.

    One that may not be written is answered from a copy.
    """
    line = ProgressLine()
    with connect.connect(
        home,
        progress=line,
        command=command,
        reads=True,
        remark=lambda said: print_note(with_home(said)),
    ) as client:
        _bring_up_to_date(client)
        line.clear()
        yield client


def _run_one(
    suite: Suite, client: Client, cache: AnswerCache | None, judging: Judge | None
) -> RunReport:
    """Run one suite, with a progress bar on stderr where that is a terminal."""
    with click.progressbar(
        length=len(suite.cases),
        label=suite.name,
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as bar:

        def advance(_: Result) -> None:
            bar.update(1)

        return run_suite(suite, client, advance, cache, judging)
