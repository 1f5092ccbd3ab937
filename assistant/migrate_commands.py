"""The command ``migrate``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.options import found_home, home_option, json_option


@click.command()
@click.option(
    "--to",
    "targets",
    multiple=True,
    required=True,
    metavar="DIR|URL",
    help="Folder of the new home, or where a part of it is to be; may be given several times.",
)
@click.option(
    "--suite",
    "suites",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Ask the questions of this suite on both sides, in place of the starter suite's.",
)
@json_option
@home_option
def migrate(
    targets: tuple[str, ...], suites: tuple[Path, ...], as_json: bool, home: str | None
) -> int:
    """Move the home to another folder, or parts of it to servers.

    A URL is of a store for the documents (s3://), of a Chroma server for the vectors (http://), or
    of a database for the index, conversations and accounts (postgresql://).

    A new home is made, and is put in its place once it answers as the old one does. The old one
    stays as it is. A run that was stopped or killed is gone on with by the next.
    """
    from assistant.connect import own
    from assistant.contract_backup import migrated_json
    from assistant.migrate import migrate as move
    from assistant.migrate_check import questions_of
    from assistant.migrate_places import places_of
    from assistant.terminal import ProgressLine, print_json, print_note
    from assistant.terminal_backup import print_migrated

    source = found_home(home)
    places = places_of(targets, source)
    questions = questions_of(source, suites)
    line = ProgressLine()
    with own(source, command="assistant migrate", waiting=print_note) as (archive, _):
        try:
            moved = move(archive, places, questions, line)
        finally:
            line.clear()
    if as_json:
        print_json(migrated_json(moved))
    else:
        print_migrated(moved)
    return 3 if moved.left_out else 0


COMMANDS = (migrate,)
