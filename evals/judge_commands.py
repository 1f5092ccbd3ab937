"""The commands about judges: ``judge-agreement`` and ``judge-labels``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.options import home_option
from evals.tables import UNDEFINED, table

if TYPE_CHECKING:
    from assistant.home import Home
    from evals.judge import Judge
    from evals.labels import AgreementJson

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("judge-agreement")
@click.argument("labels", type=_FILE, metavar="LABELS")
@click.option("--judge-llm", metavar="NAME", help="Which one judges; else that of the settings.")
@click.option("--json", "json_file", type=_FILE, metavar="F", help="Write JSON to F.")
@home_option
def judge_agreement(
    labels: Path, judge_llm: str | None, json_file: Path | None, home: str | None
) -> None:
    """Say how far a judging model agrees with people.

    LABELS has what they said. Each line is an answer with "faithful" and "correct"; 'evals
    judge-labels' makes such a file from a report, to be filled in.
    """
    from evals.files import write_json
    from evals.labels import agreement_of, read_labels
    from evals.running import found

    judge = judges_of(found(home), judge_llm)()
    measured = agreement_of(read_labels(labels), judge)
    if json_file:
        write_json(json_file, measured)
    click.echo(_shown(measured))
    if judge.part.silent:
        click.echo(f"{judge.part.silent} opinions were not given: {judge.part.reason}", err=True)


@click.command("judge-labels")
@click.argument("report", type=_FILE, metavar="REPORT")
@click.argument("labels", type=_FILE, metavar="LABELS")
def judge_labels(report: Path, labels: Path) -> None:
    """Write the answers of a report to be judged by people.

    REPORT is a file that 'evals run --json' wrote. LABELS is written, a line for each answer, for
    people to say what they think of it.
    """
    from corpus.errors import UsageError
    from evals.files import write_report
    from evals.labels import lines_to_label

    if labels.exists():
        raise UsageError(f"{labels} is there, and may hold what people said: name another file")
    lines = lines_to_label(report)
    write_report(labels, lines)
    click.echo(f"{lines.count(chr(10))} answers are in {labels}: set faithful and correct in them.")


def judges_of(home: Home, name: str | None) -> Callable[[], Judge]:
    """Return what makes a judge for each suite. Raises UsageError where there is none to be had."""
    from assistant.settings import load_settings
    from evals.judge import chosen_judge

    settings = load_settings(home.settings_file)
    chosen_judge(settings, name)
    return lambda: chosen_judge(settings, name)


def _shown(measured: AgreementJson) -> str:
    head = f"{measured['model']}, prompt {measured['prompt']}"
    rows = [["task", "labels", "not judged", "agreement", "kappa", "yes (people)", "yes (judge)"]]
    for name, task in measured["tasks"].items():
        shares = (task["agreement"], task["kappa"])
        cells = [UNDEFINED if one is None else f"{one:.3f}" for one in shares]
        counts = [str(task["labels"]), str(task["silent"])]
        rows.append([name, *counts, *cells, str(task["people"]), str(task["judge"])])
    return f"{head}\n\n{table(rows)}"
