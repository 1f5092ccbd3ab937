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
from corpus.errors import ArchiveError, UsageError
from evals.answer_cache import AnswerCache, answers_folder
from evals.cases import Suite
from evals.files import place_for, write_json, write_report
from evals.gates import GATES, Judged, load_gates
from evals.history import past_runs
from evals.html import html_report
from evals.judge import Judge
from evals.judging import before_of, judged_run
from evals.junit import junit_xml
from evals.markdown import markdown_report
from evals.report import terminal_report
from evals.report_json import baseline_text, run_json
from evals.results import Result


@dataclass(frozen=True, slots=True)
class Files:
    """Where to write reports; None for those that nobody wants."""

    json: Path | None = None
    junit: Path | None = None
    markdown: Path | None = None
    html: Path | None = None
    baseline: Path | None = None

    def check(self) -> None:
        """Raise UsageError or ShelfError for a place that can't be written to."""
        for path in (self.json, self.junit, self.markdown, self.html, self.baseline):
            if path is not None:
                place_for(path)


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
    before = {one.name: before_of(one, kept.get(one.name), baseline) for one in suites}
    judged = []
    with up_to_date(home, "evals run") as client:
        for suite in suites:
            cache = (
                AnswerCache(answers_folder(home.state), client) if cached and not fresh else None
            )
            with _bar(suite) as advance:
                judged.append(
                    judged_run(
                        suite,
                        client,
                        home.state,
                        gates,
                        before[suite.name],
                        insist=insist,
                        on_done=advance,
                        cache=cache,
                        judging=judges() if judges else None,
                    )
                )
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


@contextlib.contextmanager
def _bar(suite: Suite) -> Iterator[Callable[[Result], None]]:
    """Show a progress bar on stderr where that is a terminal; give what moves it on."""
    with click.progressbar(
        length=len(suite.cases),
        label=suite.name,
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as bar:

        def advance(_: Result) -> None:
            bar.update(1)

        yield advance
