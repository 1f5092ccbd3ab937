"""The commands ``evals inbox list|show|accept|dismiss``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.options import home_option, json_option
from corpus.errors import UsageError

if TYPE_CHECKING:
    from evals.inbox import Entry

_entry = click.argument("entry", metavar="ENTRY")


@click.group()
def inbox() -> None:
    """Make cases of answers that readers called bad.

    ENTRY is an id of 'evals inbox list', or its beginning.
    """


@inbox.command("list")
@click.option("--all", "decided", is_flag=True, help="Also what was accepted or dismissed.")
@json_option
@home_option
def list_(decided: bool, as_json: bool, home: str | None) -> None:
    """List what is open, the latest report first."""
    from assistant.terminal import print_json
    from evals.inbox import entries
    from evals.inbox_report import entry_json, listed
    from evals.running import found

    all_of_them = entries(found(home), decided=decided)
    if as_json:
        print_json([entry_json(one) for one in all_of_them])
    else:
        click.echo(listed(all_of_them))


@inbox.command()
@_entry
@json_option
@home_option
def show(entry: str, as_json: bool, home: str | None) -> None:
    """Show one entry.

    That is what was asked, answered and quoted, and what readers said.
    """
    from assistant.terminal import print_json
    from evals.inbox import entry as one_entry
    from evals.inbox_report import entry_json, shown
    from evals.running import found

    this = one_entry(found(home), entry)
    if as_json:
        print_json(entry_json(this))
    else:
        click.echo(shown(this))


@inbox.command()
@_entry
@click.option("--answer", "answers", multiple=True, metavar="TEXT", help="An accepted answer.")
@click.option(
    "--quote", "quotes", multiple=True, metavar="TEXT", help="What gives it, word for word."
)
@click.option(
    "--document",
    "documents",
    multiple=True,
    metavar="ID",
    help="The document of the quote in the same place; else a search for the quote tells it.",
)
@click.option("--unanswerable", is_flag=True, help="The documents do not say; declining is right.")
@click.option("--question", metavar="TEXT", help="Asked so in place of what was asked.")
@click.option("--tag", "tags", multiple=True, metavar="T", help="A tag besides 'inbox'.")
@click.option("--redact", "names", multiple=True, metavar="NAME", help="A name to take out, too.")
@click.option(
    "--suite",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="F",
    help="The suite to add to; else evals/suite.jsonl in the home's state folder.",
)
@json_option
@home_option
def accept(
    entry: str,
    answers: tuple[str, ...],
    quotes: tuple[str, ...],
    documents: tuple[str, ...],
    unanswerable: bool,
    question: str | None,
    tags: tuple[str, ...],
    names: tuple[str, ...],
    suite: Path | None,
    as_json: bool,
    home: str | None,
) -> None:
    """Make an entry into a case with what is right.

    It is added to a suite as one line.
    """
    from assistant.terminal import print_json
    from evals.cases import Evidence
    from evals.corrections import Correction
    from evals.inbox import accept as accept_entry
    from evals.inbox_report import accepted, accepted_json
    from evals.running import found

    if len(documents) > len(quotes):
        raise UsageError("each --document needs its --quote: give as many quotes")
    places = [*documents, *[""] * (len(quotes) - len(documents))]
    evidence = tuple(Evidence(*one) for one in zip(places, quotes, strict=True))
    correction = Correction(answers, evidence, unanswerable, question or "", tags, names)
    done = accept_entry(found(home), entry, correction, suite=suite)
    if as_json:
        print_json(accepted_json(done))
    else:
        click.echo(accepted(done))


@inbox.command()
@_entry
@json_option
@home_option
def dismiss(entry: str, as_json: bool, home: str | None) -> None:
    """Take an entry out of the inbox.

    It is back once a reader says it again.
    """
    from assistant.terminal import print_json
    from evals.inbox import dismiss as dismiss_entry
    from evals.inbox_report import entry_json
    from evals.running import found

    this: Entry = dismiss_entry(found(home), entry)
    if as_json:
        print_json(entry_json(this))
    else:
        click.echo(f"{this.id} is dismissed.")
