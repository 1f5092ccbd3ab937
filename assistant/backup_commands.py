"""The commands ``backup`` and ``restore``."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import click

from assistant.options import home_option, json_option, open_client
from assistant.shell import StoppedWhole
from assistant.spoken import speak_of
from corpus.errors import UsageError


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@json_option
@home_option
def backup(file: str, force: bool, as_json: bool, home: str | None) -> int:
    """Write the whole home to one file.

    Documents, settings, index, and what people made are in it. It may be taken while the chat
    runs. 'assistant restore' makes a home of it again.
    """
    from assistant.terminal import print_json
    from assistant.terminal_backup import print_backup

    with _whole_or_not(), open_client(home) as client:
        made = client.backup(_named(file), force=force)
    if as_json:
        print_json(made)
    else:
        print_backup(made)
    return 3 if made["left_out"] else 0


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--home", metavar="DIR", help="Folder for the home; it must be new or empty.")
@json_option
def restore(file: str, home: str | None, as_json: bool) -> None:
    """Make a new home in DIR from a backup.

    Every file is checked before the home is in its place. Nothing is embedded again.
    """
    from assistant.contract_backup import restore_json
    from assistant.home import folder_named
    from assistant.restore import restore_backup
    from assistant.terminal import ProgressLine, print_json
    from assistant.terminal_backup import print_restored

    named = os.environ.get("ASSISTANT_HOME") if home is None else home
    if named is None:
        raise UsageError("name the folder that the home is to be restored to with --home DIR")
    line = ProgressLine()
    try:
        with _whole_or_not():
            restored = restore_backup(Path(_named(file)), folder_named(named), progress=line)
    finally:
        line.clear()
    speak_of(restored.home)
    done = restore_json(restored)
    if as_json:
        print_json(done)
    else:
        print_restored(done)


@contextlib.contextmanager
def _whole_or_not() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt as stop:
        raise StoppedWhole from stop


def _named(file: str) -> str:
    if not file or "\0" in file:
        raise UsageError("the name of the backup's file is empty: name a file")
    return os.path.abspath(file)


COMMANDS = (backup, restore)
