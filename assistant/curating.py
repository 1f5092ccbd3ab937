"""The commands that curate the corpus: add, remove, list, show, sync, doctor, release, init."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.options import (
    date_of,
    home_option,
    json_option,
    open_client,
    report,
    tell_under_way,
)
from assistant.spoken import speak_of, with_home
from corpus.errors import UsageError

if TYPE_CHECKING:
    from assistant.client import Client
    from assistant.contract_corpus import ChangesJson

_on = click.option(
    "--on",
    metavar="CLUSTER",
    help="Read and embed in parallel: ray (this machine's cores) or ray://host:port.",
)
_documents = click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="FILE|FOLDER|URL...")
@json_option
@click.option("--title", help="Title of the one document added.")
@click.option("--author", help="Author of the documents.")
@click.option("--date", help="Date of the documents (2020-08-18).")
@click.option("--source", help="Outlet of the documents.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be given several times.")
@click.option(
    "--limit",
    default=20,
    type=click.IntRange(1, 100_000),
    show_default=True,
    help="Pages taken from a feed or a sitemap, at most.",
)
@click.option(
    "--match",
    metavar="TEXT",
    help="Only pages of a feed or sitemap with this address (a part of it, or a pattern with *).",
)
@_on
@home_option
def add(
    targets: tuple[str, ...],
    as_json: bool,
    title: str | None,
    author: str | None,
    date: str | None,
    source: str | None,
    tags: tuple[str, ...],
    limit: int,
    match: str | None,
    on: str | None,
    home: str | None,
) -> int:
    """Add documents to the corpus and to its index.

    A file in any format that a reader takes, a folder, a ZIP or JSONL of documents, a web page, a
    feed (RSS, Atom) or a sitemap.
    """
    from corpus.documents import Overrides

    if not all(targets):
        raise UsageError("the name of a file to add is empty: name a file, a folder or an address")
    if title and (len(targets) > 1 or Path(targets[0]).is_dir()):
        raise UsageError("--title names one document: add the files one by one")
    overrides = Overrides(title, date_of("--date", date), source, tags, author=author)
    with open_client(home) as client:
        changes = client.add(targets, overrides=overrides, limit=limit, match=match, on=on)
    return report(changes, as_json)


@click.command()
@_documents
@json_option
@home_option
def remove(documents: tuple[str, ...], as_json: bool, home: str | None) -> int:
    """Remove documents, by id, from the corpus and from its index."""
    with open_client(home) as client:
        changes = client.remove(documents)
    return report(changes, as_json)


@click.command()
@_documents
@json_option
@home_option
def release(documents: tuple[str, ...], as_json: bool, home: str | None) -> int:
    """Let quarantined documents, by id, be retrieved.

    You read them and trust their text.
    """
    with open_client(home) as client:
        changes = client.release(documents)
    return report(changes, as_json)


@click.command("list")
@json_option
@home_option
def list_(as_json: bool, home: str | None) -> None:
    """List the documents."""
    from assistant.terminal import print_entries, print_json

    with open_client(home, reads=True) as client:
        is_filling = tell_under_way(client, quiet=as_json)
        entries = client.list()
    if as_json:
        print_json(entries)
    else:
        print_entries(entries, is_filling=is_filling)


@click.command()
@click.argument("document")
@json_option
@home_option
def show(document: str, as_json: bool, home: str | None) -> None:
    """Show one document as it was read, with its metadata."""
    from assistant.terminal import print_document, print_json

    with open_client(home, reads=True) as client:
        tell_under_way(client, quiet=as_json)
        shown = client.show(document)
    if as_json:
        print_json(shown)
    else:
        print_document(shown)


@click.command()
@click.option("--rebuild", is_flag=True, help="Make the whole index again.")
@click.option(
    "--emptied", is_flag=True, help="Believe it if the documents' store holds nothing any more."
)
@click.option("--watch", is_flag=True, help="Go on taking in what changes in the folder.")
@click.option("--adopt", is_flag=True, help="With a database: this folder is the truth now.")
@_on
@json_option
@home_option
def sync(
    rebuild: bool,
    emptied: bool,
    watch: bool,
    adopt: bool,
    on: str | None,
    as_json: bool,
    home: str | None,
) -> int:
    """Bring the index up to date with the documents folder."""
    if watch and as_json:
        raise UsageError("--watch has no end, so it has no JSON: leave one of the two out")
    with open_client(home, mend=rebuild, builds=True) as client:
        changes = client.sync(rebuild=rebuild, adopt=adopt, emptied=emptied, on=on)
        code = report(changes, as_json)
        if watch:
            _watch(client, changes)
    return code


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended without losing anything.")
@click.option(
    "--all", "thorough", is_flag=True, help="Look up every vector, not 20,000 at most: 2 ms each."
)
@click.option("--removed", is_flag=True, help="Show each part that was taken out of a document.")
@json_option
@home_option
def doctor(repair: bool, thorough: bool, removed: bool, as_json: bool, home: str | None) -> int:
    """Say what is wrong with the corpus and its index. Exit code 1 while an error stands."""
    from assistant.terminal import print_json
    from assistant.terminal_doctor import print_doctor

    with open_client(home, mend=repair, examines=True) as client:
        found = client.doctor(repair=repair, thorough=thorough)
    if as_json:
        print_json(found)
    else:
        print_doctor(found, removed=removed)
    return 1 if any(one["severity"] == "error" for one in found["findings"]) else 0


@click.command()
@click.argument("folder", metavar="DIR", required=False)
@click.option("--home", metavar="DIR", help="The same, as the other commands take it.")
def init(folder: str | None, home: str | None) -> None:
    """Make a new, empty home in DIR."""
    from assistant.home import folder_named, make_home

    if (folder is None) == (home is None):
        raise UsageError("name one folder for the home: 'assistant init DIR'")
    made = make_home(folder_named(str(folder if home is None else home)))
    speak_of(made)
    print(with_home(f"A home is ready at {made.root}: 'assistant add FILE' adds a document."))


COMMANDS = (add, remove, release, list_, show, sync, doctor, init)


def _watch(client: Client, told: ChangesJson) -> None:
    from assistant.terminal import print_changes, print_note

    def tell(changes: ChangesJson) -> None:
        # The first look finds again what cannot be read, which the sync before has told; so does
        # whoever takes the look-out over from a process that ended.
        nonlocal told
        known = (changes["skipped"], changes["failed"]) == (told["skipped"], told["failed"])
        told = changes
        if not known or any((changes["added"], changes["updated"], changes["removed"])):
            print_changes(changes)

    print_note("Watching the documents folder; Ctrl-C stops.")
    client.watch(tell)
