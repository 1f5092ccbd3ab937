"""What ``assistant backup`` and ``assistant restore`` write for people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from assistant.contract_backup import BackupJson, HeldJson, RestoreJson
from assistant.spoken import with_home

if TYPE_CHECKING:
    from assistant.migrate import Migrated


def print_backup(made: BackupJson) -> None:
    """Print what a backup holds, and on stderr what could not be copied."""
    print(f"{_plain(made['file'])}: {_held(made)}, {_bytes(made['size'])}.")
    for one in made["left_out"]:
        print(_plain(f"not backed up: {one['path']}: {one['reason']}"), file=sys.stderr)


def print_restored(done: RestoreJson) -> None:
    """Print what was restored, and what the backup had to leave out."""
    print(_plain(f"{done['home']}: {_held(done)}, as they were on {done['made']}."))
    for one in done["left_out"]:
        print(_plain(f"not in the backup: {one['path']}: {one['reason']}"), file=sys.stderr)
    print(with_home("'assistant chat' opens it."))


def print_migrated(moved: Migrated) -> None:
    """Print where a home is now, and how that was looked at."""
    print(
        f"{_plain(str(moved.home.root))}: {moved.files:,} files and {moved.documents:,} documents; "
        f"{moved.compared:,} answers are the same on both sides."
    )
    for key, value in moved.settings.items():
        print(f"Its {key} {'is' if key == 'database' else 'are'} at {_plain(value)}.")
    for one in moved.left_out:
        print(_plain(f"not copied: {one.path}: {one.reason}"), file=sys.stderr)
    print(
        f"The old home is as it was. The new one opens with --home {_plain(str(moved.home.root))}"
    )


def _held(held: HeldJson) -> str:
    documents, files = held["documents"], held["files"]
    return (
        f"{files:,} file{'' if files == 1 else 's'}, with the index of "
        f"{documents:,} document{'' if documents == 1 else 's'}"
    )


def _plain(text: str) -> str:
    """Return a text without what a terminal would obey: names may come from anyone's backup."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def _bytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"
