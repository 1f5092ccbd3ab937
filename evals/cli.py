"""The ``evals`` command: runs suites, compares their reports, benchmarks.

Each subcommand checks its input, makes its calls and prints the result; nothing heavy is imported
before one runs. Exit codes and error lines are those of ``assistant.shell``.
"""

from __future__ import annotations

from pathlib import Path

import click

from assistant import shell
from corpus.errors import CheckFailed
from evals.draft_commands import draft
from evals.inbox_commands import inbox
from evals.judge_commands import judge_agreement, judge_labels

FILE = click.Path(dir_okay=False, path_type=Path)
_home_option = click.option(
    "--home", metavar="DIR", help="The home to ask; else ASSISTANT_HOME, else the checkout."
)
_json_option = click.option("--json", "json_file", type=FILE, metavar="F", help="Write JSON to F.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="archive-assistant", prog_name="evals")
def cli() -> None:
    """Check the assistant with questions whose answers are known."""


@cli.command()
@click.argument("suites", nargs=-1, metavar="[SUITE]...")
@_home_option
@_json_option
@click.option("--junit", type=FILE, metavar="F", help="Write JUnit XML to F.")
@click.option("--markdown", type=FILE, metavar="F", help="Write Markdown to F.")
@click.option("--html", type=FILE, metavar="F", help="Write one page with plots and cases to F.")
@click.option(
    "--baseline",
    type=FILE,
    metavar="F",
    help="Compare with the run in F, case by case; else with the one that the gates name.",
)
@click.option(
    "--write-baseline", type=FILE, metavar="F", help="Write this run's scores to F, to be kept."
)
@click.option(
    "--gates",
    "gates_file",
    type=FILE,
    metavar="F",
    help="The thresholds to hold suites to; else those that come with the program.",
)
@click.option(
    "--no-cache", is_flag=True, help="Ask every question, also those nothing changed about."
)
@click.option("--judge", is_flag=True, help="Let a language model judge the answers besides.")
@click.option("--judge-llm", metavar="NAME", help="Which one judges; else that of the settings.")
@click.option(
    "--gate/--no-gate",
    default=None,
    help="Fail a suite without thresholds too, or exit 0 whatever came out. "
    "Without either, a suite is held to the thresholds it has.",
)
def run(
    suites: tuple[str, ...],
    home: str | None,
    json_file: Path | None,
    junit: Path | None,
    markdown: Path | None,
    html: Path | None,
    baseline: Path | None,
    write_baseline: Path | None,
    gates_file: Path | None,
    no_cache: bool,
    judge: bool,
    judge_llm: str | None,
    gate: bool | None,
) -> None:
    """Ask the questions of suites, and judge the answers.

    A SUITE (default: starter) is a name in evals/suites/ or a path to a .jsonl file.
    """
    from evals.cases import load_suite
    from evals.judge_commands import judges_of
    from evals.running import Files, found, run_all, write_all_reports

    loaded = [load_suite(suite) for suite in suites or ("starter",)]
    files = Files(json_file, junit, markdown, html, write_baseline)
    files.check()  # before minutes of questions
    asked = found(home)
    judged = run_all(
        loaded,
        asked,
        insist=bool(gate),
        baseline=baseline,
        gates_file=gates_file,
        fresh=write_baseline is not None,
        cached=not no_cache,
        judges=judges_of(asked, judge_llm) if judge or judge_llm else None,
    )
    write_all_reports(judged, files, asked)
    failed = [one.report.suite for one in judged if not one.verdict.passed]
    if failed and gate is not False:
        raise CheckFailed(f"{', '.join(failed)} did not pass the gate: see the reasons above")


@cli.command()
@click.argument("one", type=FILE, metavar="A")
@click.argument("other", type=FILE, metavar="B")
def compare(one: Path, other: Path) -> None:
    """Set the metrics of two reports side by side.

    A and B are JSON files that 'evals run' or 'evals bench' wrote.
    """
    from evals.compare import compare as comparison

    click.echo(comparison(one, other))


@cli.command()
@click.argument("name")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of a public data set.",
)
@click.option("--part", "parts", multiple=True, help="Only this part of speed; may be repeated.")
@click.option("--full", is_flag=True, help="speed at the sizes its targets are for: half an hour.")
@click.option(
    "--passages",
    type=click.IntRange(1000, 10_000_000),
    metavar="N",
    help="speed --part search with N passages; a million takes an hour and 18 GB of disk.",
)
@click.option("--users", type=click.IntRange(1, 1000), metavar="N", help="load: people who ask.")
@click.option("--seconds", type=click.IntRange(1, 86_400), metavar="N", help="load: how long.")
@click.option("--minutes", type=click.IntRange(1, 10_000), metavar="N", help="soak: how long.")
@click.option(
    "--questions", type=click.IntRange(1, 10_000_000), metavar="N", help="soak: at least so many."
)
@_home_option
@_json_option
def bench(
    name: str,
    data: Path | None,
    parts: tuple[str, ...],
    full: bool,
    passages: int | None,
    home: str | None,
    json_file: Path | None,
    **crowd: int | None,
) -> None:
    """Run the benchmark NAME.

    It is speed, cleaning, across, attacks, load, soak or scaling; or, on --data, onestopqa, squad2,
    clapnq, beir, answers or abstention.
    """
    from evals.benches import run_bench
    from evals.files import write_json
    from evals.running import found

    measured, shown = run_bench(
        name, data, found(home), parts=parts, full=full, passages=passages, crowd=crowd
    )
    if json_file:
        write_json(json_file, measured)
    click.echo(shown)
    if wrong := measured.get("wrong"):
        raise CheckFailed(f"{name}: {'; '.join(map(str, wrong))}")  # type: ignore[call-overload]


@cli.command()
@click.argument("suites", nargs=-1, metavar="[SUITE]...")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Fit on half of SQuAD 2 as well, which lies in squad2/ of this folder.",
)
@_home_option
@click.option("--write", is_flag=True, help="Put the result into assistant/confidence.json.")
def calibrate(suites: tuple[str, ...], data: Path | None, home: str | None, write: bool) -> None:
    """Fit the confidence, and where to decline.

    It is fitted on the cases of each SUITE (default: starter and across).
    """
    from evals.fits import fit_confidence
    from evals.running import found

    fit_confidence(suites or ("starter", "across"), found(home), data, write=write)


_public_sets = click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    help="The folder that holds onestopqa/ (with onestopenglish/ beside it) and squad2/.",
)


@cli.command("fit-ranker")
@_public_sets
@_home_option
@click.option("--write", is_flag=True, help="Put the result into index/ranker.json.")
def fit_ranker(data: Path, home: str | None, write: bool) -> None:
    """Fit the weights that rank passages.

    They are fitted on the tuning halves of two public sets.
    """
    from evals.fits import fit_ranker as fit
    from evals.running import found

    fit(data, found(home), write=write)


@cli.command("fit-quotes")
@_public_sets
@_home_option
@click.option("--write", is_flag=True, help="Put the result into assistant/quote_ranker.json.")
def fit_quotes(data: Path, home: str | None, write: bool) -> None:
    """Fit which sentences are quoted, and how many.

    That is done on two public sets and the starter suite.
    """
    from evals.fits import fit_quotes as fit
    from evals.running import found

    fit(data, found(home), write=write)


for _command in (draft, inbox, judge_agreement, judge_labels):
    cli.add_command(_command)


def main() -> None:
    """Run the command line and exit with its code."""
    shell.leave(shell.run(cli, "evals"))
