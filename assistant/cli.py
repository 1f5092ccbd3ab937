"""The ``assistant`` command: each subcommand checks its input, makes one call, prints the result.

Nothing heavy is imported before a subcommand runs, so that ``--help`` is there at once.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.shell import log_to, run
from corpus.errors import BadFilter, UsageError

if TYPE_CHECKING:
    from assistant.client import Client
    from assistant.home import Home
    from index.passages import Filters


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="archive-assistant", prog_name="assistant")
def cli() -> None:
    """Ask a curated corpus of documents; every answer quotes them, word for word."""


_home = click.option(
    "--home", metavar="DIR", help="Folder with documents/, assistant.toml and var/."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")


def _filters(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--tag", "tags", multiple=True, metavar="T", help="Only with this tag."),
        click.option("--source", "sources", multiple=True, metavar="S", help="Only this outlet."),
        click.option("--until", metavar="D", help="Only dated D or before (2020-08-18)."),
        click.option("--since", metavar="D", help="Only dated D or after."),
    ):
        command = option(command)
    return command


@cli.command()
@click.argument("question")
@_json
@click.option("--explain", is_flag=True, help="Show the passages looked at, with their scores.")
@_filters
@_home
def ask(question: str, as_json: bool, explain: bool, home: str | None, **filters: Any) -> None:
    """Answer a question from the corpus, with citations."""
    from assistant.ask import checked_question
    from assistant.terminal import print_answer, print_json

    checked_question(question)
    chosen = _chosen(**filters)
    with _client(home) as client:
        answer = client.ask(question, filters=chosen, explain=explain)
    if as_json:
        print_json(answer)
    else:
        print_answer(answer, explain=explain)


@cli.command()
@click.argument("query")
@_json
@click.option("-k", default=10, type=click.IntRange(1, 1000), help="Passages, at most.")
@_filters
@_home
def search(query: str, as_json: bool, k: int, home: str | None, **filters: Any) -> None:
    """Find the passages nearest to a query."""
    from assistant.ask import checked_question
    from assistant.terminal import print_json, print_search

    checked_question(query)
    chosen = _chosen(**filters)
    with _client(home) as client:
        found = client.search(query, k=k, filters=chosen)
    if as_json:
        print_json(found)
    else:
        print_search(found)


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER...")
@_json
@click.option("--title", help="Title of the one file added.")
@click.option("--date", help="Date of the document (2020-08-18).")
@click.option("--source", help="Outlet of the document.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be given several times.")
@_home
def add(
    paths: tuple[str, ...],
    as_json: bool,
    title: str | None,
    date: str | None,
    source: str | None,
    tags: tuple[str, ...],
    home: str | None,
) -> int:
    """Add documents to the corpus and to its index."""
    from corpus.documents import Overrides

    for path in paths:
        if "://" in path:
            raise UsageError(f"{path} is a web address: save the page as HTML and add that file")
    if title and (len(paths) > 1 or Path(paths[0]).is_dir()):
        raise UsageError("--title names one document: add the files one by one")
    overrides = Overrides(title, _date("--date", date), source, tags)
    with _client(home) as client:
        changes = client.add([Path(path) for path in paths], overrides=overrides)
    return _report(changes, as_json)


@cli.command()
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@_json
@_home
def remove(documents: tuple[str, ...], as_json: bool, home: str | None) -> int:
    """Remove documents, by id, from the corpus and from its index."""
    with _client(home) as client:
        changes = client.remove(documents)
    return _report(changes, as_json)


@cli.command("list")
@_json
@_home
def list_(as_json: bool, home: str | None) -> None:
    """List the documents."""
    from assistant.terminal import print_entries, print_json

    with _client(home) as client:
        entries = client.list()
    if as_json:
        print_json(entries)
    else:
        print_entries(entries)


@cli.command()
@click.argument("document")
@_json
@_home
def show(document: str, as_json: bool, home: str | None) -> None:
    """Show one document as it was read, with its metadata."""
    from assistant.terminal import print_document, print_json

    with _client(home) as client:
        shown = client.show(document)
    if as_json:
        print_json(shown)
    else:
        print_document(shown)


@cli.command()
@click.option("--rebuild", is_flag=True, help="Make the whole index again.")
@_json
@_home
def sync(rebuild: bool, as_json: bool, home: str | None) -> int:
    """Bring the index up to date with the documents folder."""
    with _client(home, start_over=rebuild) as client:
        changes = client.sync(rebuild=rebuild)
    return _report(changes, as_json)


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a new, empty home in DIR."""
    from assistant.home import make_home

    home = make_home(folder)
    print(f"A home is ready at {home.root}: 'assistant add FILE --home {folder}' adds a document.")


@cli.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@_home
def chat(host: str | None, port: int | None, no_open: bool, home: str | None) -> None:
    """Bring the index up to date, then open the chat in a browser."""
    from assistant.chat import run_chat

    run_chat(_found(home), host=host, port=port, open_browser=not no_open)


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(cli, "assistant"))


@contextlib.contextmanager
def _client(home: str | None, *, start_over: bool = False) -> Iterator[Client]:
    from assistant.connect import connect
    from assistant.terminal import ProgressLine

    line = ProgressLine()
    with connect(_found(home), progress=line, start_over=start_over) as client:
        try:
            yield client
        finally:
            line.clear()


def _found(home: str | None) -> Home:
    from assistant.home import find_home

    found = find_home(home)
    log_to(found.state)
    return found


def _chosen(
    since: str | None, until: str | None, sources: tuple[str, ...], tags: tuple[str, ...]
) -> Filters:
    from index.passages import Filters

    first, last = _date("--since", since), _date("--until", until)
    if first and last and first > last:
        raise BadFilter(f"--since {since} is after --until {until}: no document can be both")
    return Filters(since=first, until=last, sources=sources, tags=tags)


def _date(option: str, text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadFilter(f"{option} {text!r} is no date: write it as 2020-08-18") from None


def _report(changes: Any, as_json: bool) -> int:
    from assistant.terminal import print_changes, print_json

    if as_json:
        print_json(changes)
    else:
        print_changes(changes)
    return 3 if changes["failed"] else 0
