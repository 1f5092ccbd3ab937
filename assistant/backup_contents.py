"""What a backup holds: the list of what is kept of a home, and of what is left out.

Kept are the documents folder with all that lies in it, the settings, and of the state folder
whatever is not made from the documents; of the index the catalogue that answers, so that restoring
needs no embedding. Chroma and whatever else is beside it are filled in again from the catalogue.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.home import Home
from corpus.atomic import is_temporary

DOCUMENTS, SETTINGS, STATE = "documents", "assistant.toml", "var"

DERIVED = (
    "index",  # made from the documents; its catalogue is taken by itself
    "owner.lock",
    "owner.json",  # with a token that lets its reader ask
    "owner.tmp",
    "assistant.log",  # and assistant.log.1
    "cache",
    "tmp",
)
"""What is not kept of the state folder; all else in there is somebody's own."""

DATABASES = (".sqlite", ".sqlite3", ".db")
"""Suffixes of SQLite files. They may be open in this very process, so nothing but SQLite may open
them: closing such a file would take away the locks that SQLite has on it."""

_BESIDE_DATABASES = tuple(
    f"{one}{two}" for one in DATABASES for two in ("-wal", "-shm", "-journal")
)
_SMALL = 65_536


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a home, and its name in a backup: a path below ``documents`` or ``var``."""

    path: Path
    name: str

    @property
    def is_database(self) -> bool:
        """Tell whether SQLite has to copy it."""
        return not self.name.startswith(f"{DOCUMENTS}/") and self.name.endswith(DATABASES)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not in a backup although it is somebody's own, and why."""

    path: str
    reason: str


def is_derived(name: str) -> bool:
    """Tell whether a path of the state folder, from there, is left out of backups."""
    first = PurePosixPath(name).parts[0]
    return any(first == one or first.startswith(f"{one}.") for one in DERIVED) or name.endswith(
        (".tmp", ".lock", *_BESIDE_DATABASES)
    )


def contents(home: Home, catalogue: Path) -> Iterator[Kept | LeftOut]:
    """Yield all that a backup of ``home`` keeps, and what it cannot keep.

    ``catalogue`` is the file of the index that answers. It comes first: what is added while the
    rest is copied is a file without a row, which the next sync takes in.
    """
    yield from _index(home, catalogue)
    yield from _files(
        home.documents, DOCUMENTS, lambda name: is_temporary(PurePosixPath(name).name)
    )
    if home.settings_file.is_file():
        yield Kept(home.settings_file, SETTINGS)
    yield from _files(home.state, STATE, is_derived)


def _index(home: Home, catalogue: Path) -> Iterator[Kept]:
    """Yield the catalogue, and small files that say which of several catalogues answers."""
    index = home.state / "index"
    yield Kept(catalogue, f"{STATE}/{catalogue.relative_to(home.state).as_posix()}")
    for path in sorted(index.iterdir()):
        if path.is_file() and path.stat().st_size <= _SMALL and not is_derived(path.name):
            yield Kept(path, f"{STATE}/index/{path.name}")


def _files(root: Path, name: str, skip: Callable[[str], bool]) -> Iterator[Kept | LeftOut]:
    """Yield the files at all levels of a folder; ``skip`` is asked with their paths from there."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda one: one.name)
        except FileNotFoundError:  # deleted since its parent was listed
            continue
        except OSError as error:
            yield LeftOut(_shown(f"{name}/{_below(folder, root)}"), f"{error.strerror}")
            continue
        for entry in entries:
            path = Path(entry.path)
            if skip(_below(path, root)):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                yield _file(path, root, name)


def _file(path: Path, root: Path, name: str) -> Kept | LeftOut:
    where = f"{name}/{_below(path, root)}"
    if _shown(where) != where:
        return LeftOut(_shown(where), "its name is not valid UTF-8")
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        return LeftOut(where, "it is a link that leads elsewhere")
    if not path.is_file():
        return LeftOut(where, "it is not a plain file")
    return Kept(path, where)


def _below(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")
