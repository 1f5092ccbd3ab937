"""What the commands share: their options, opening the home, reading dates, reporting changes."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from assistant.shell import log_to
from assistant.spoken import speak_of, with_home
from corpus.errors import BadFilter

if TYPE_CHECKING:
    from assistant.client import Client
    from assistant.contract_corpus import ChangesJson
    from assistant.home import Home
    from index.passages import Filters

home_option = click.option(
    "--home", metavar="DIR", help="Folder with documents/, assistant.toml and var/."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that narrow a search."""
    for option in (
        click.option(
            "--document", "documents", multiple=True, metavar="ID", help="Only in this document."
        ),
        click.option("--tag", "tags", multiple=True, metavar="T", help="Only with this tag."),
        click.option("--source", "sources", multiple=True, metavar="S", help="Only this outlet."),
        click.option("--until", metavar="D", help="Only dated D or before (2020-08-18)."),
        click.option("--since", metavar="D", help="Only dated D or after."),
    ):
        command = option(command)
    return command


def explain_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that explain what was found."""
    for option in (
        click.option("--why-not", metavar="DOCUMENT", help="Say why this document was not chosen."),
        click.option(
            "--explain", is_flag=True, help="Say why each passage stands where it stands."
        ),
    ):
        command = option(command)
    return command


@contextlib.contextmanager
def open_client(
    home: str | None,
    *,
    mend: bool = False,
    builds: bool = False,
    reads: bool = False,
    examines: bool = False,
) -> Iterator[Client]:
    """Give a client of a home, with a progress line on the terminal while it works.

    Unless the command ``builds`` it itself, a person is told where a new index is to be built. One
    that only ``reads`` also works in a home that may not be written; one that ``examines`` the home
    says itself what is wrong.
    """
    from assistant.connect import connect
    from assistant.terminal import ProgressLine, print_note

    line = ProgressLine()
    with connect(
        found_home(home),
        progress=line,
        mend=mend,
        builds=builds,
        reads=reads,
        examines=examines,
        remark=lambda said: print_note(with_home(said)),
        waiting=_waiting,
    ) as client:
        try:
            yield client
        finally:
            line.clear()


def _waiting(said: str) -> None:
    from assistant.terminal import print_note

    if sys.stderr.isatty():
        print_note(said)


def tell_under_way(client: Client, *, quiet: bool) -> bool:
    """Tell a person, unless ``quiet``, that another process is taking documents in, so that not
    all are there yet; return whether that is so."""
    from assistant.terminal import print_note

    said = client.under_way()
    if said and not quiet:
        print_note(said)
    return bool(said)


def found_home(home: str | None) -> Home:
    """Return the home that was named, with its log opened."""
    from assistant.home import find_home

    found = find_home(home)
    log_to(found.state)
    speak_of(found)
    return found


def chosen_filters(
    since: str | None,
    until: str | None,
    sources: tuple[str, ...],
    tags: tuple[str, ...],
    documents: tuple[str, ...] = (),
) -> Filters:
    """Return the filters that options name. Raises BadFilter."""
    from index.passages import Filters

    first, last = date_of("--since", since), date_of("--until", until)
    if first and last and first > last:
        raise BadFilter(f"--since {since} is after --until {until}: no document can be both")
    return Filters(since=first, until=last, sources=sources, tags=tags, documents=documents)


def date_of(option: str, text: str | None) -> dt.date | None:
    """Return the date that an option was given. Raises BadFilter."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadFilter(f"{option} {text!r} is no date: write it as 2020-08-18") from None


def report(changes: ChangesJson, as_json: bool) -> int:
    """Print what was done, and return the exit code: 3 where something failed."""
    from assistant.terminal import print_changes, print_json

    if as_json:
        print_json(changes)
    else:
        print_changes(changes)
    return 3 if changes["failed"] else 0
