"""Walking through the documents folder: which files are there, without a look into one of them."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.atomic import is_abandoned, is_temporary
from corpus.errors import ShelfError
from corpus.sidecar import ORIGINAL_MARK, SUFFIX

TEMPORARY = (".tmp", ".part", ".swp", "~")
_LEFT_BEHIND = 3600.0
"""Seconds after which a file that is about to be renamed belongs to a process that was killed, also
where that ran on another machine."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A folder whose files cannot be listed, and the one line that says so."""

    folder: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Odd:
    """What lies where a file may lie and is none that is read: what it is, in some words."""

    path: Path
    what: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a walk through a folder found at all levels: files, sorted as text; the rest as in
    ``Listing``. Two that are equal make the same listing."""

    files: tuple[str, ...]
    leftovers: tuple[Path, ...]
    closed: tuple[Closed, ...]
    odd: tuple[Odd, ...]

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing but files was found."""
        return not (self.leftovers or self.closed or self.odd)


def walk_through(folder: Path) -> Found:
    """Walk through ``folder``, which has to be there and readable: ShelfError says where not."""
    if not os.path.isdir(folder):
        raise ShelfError(f"There is no folder {folder}. Create it, or name another home.")
    walk = _Walk(folder)
    files = sorted(walk.files())
    for one in walk.closed:
        if one.folder == folder:
            raise ShelfError(one.reason)
    return Found(tuple(files), tuple(walk.leftovers), tuple(walk.closed), tuple(walk.odd))


def is_within(path: Path, folder: Path) -> bool:
    """Tell whether a file, or a link in its place, lies in ``folder``."""
    # The file itself may be a link, so only its folder is resolved.
    return (path.parent.resolve() / path.name).is_relative_to(folder.resolve())


def original_owner(name: str) -> str | None:
    """Return the name of the document whose original a file of this name would be."""
    owner, mark, suffix = name.rpartition(ORIGINAL_MARK)
    return owner if mark and owner and suffix else None


def is_no_document(name: str) -> bool:
    """Tell whether a file of this name is hidden, temporary or a sidecar."""
    return name.startswith((".", "~$")) or name.endswith((SUFFIX, *TEMPORARY))


class _Walk:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.closed: list[Closed] = []
        self.odd: list[Odd] = []
        self.leftovers: list[Path] = []

    def files(self) -> Iterator[str]:
        waiting = [str(self._folder)]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder) as found:
                    entries = list(found)
                if entries and not os.access(folder, os.X_OK):  # names alone can be seen
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
                names = {entry.name for entry in entries}
                kept = [entry for entry in entries if self._counts(entry, names)]
                waiting += [one.path for one in kept if one.is_dir(follow_symlinks=False)]
                others = [one for one in kept if not one.is_dir(follow_symlinks=False)]
                files = [one.path for one in others if self._is_file(one)]
            except FileNotFoundError:  # deleted since its parent was listed
                continue
            except OSError as error:
                self.closed.append(Closed(Path(folder), _refusal(folder, error)))
                continue
            yield from files

    def _counts(self, entry: os.DirEntry[str], names: set[str]) -> bool:
        if is_temporary(entry.name) and (is_abandoned(entry.name) or _is_old(entry)):
            self.leftovers.append(Path(entry.path))
        if entry.is_dir(follow_symlinks=False):
            return not entry.name.startswith(".")
        return not is_no_document(entry.name) and original_owner(entry.name) not in names

    def _is_file(self, entry: os.DirEntry[str]) -> bool:
        """Tell whether a file is to be read; of what is none, remember what it is."""
        if not entry.is_symlink():
            if not entry.is_file():
                self.odd.append(Odd(Path(entry.path), "a pipe or a device"))
                return False
            return True
        with suppress(OSError, RuntimeError):  # it leads nowhere, or round in a circle
            if entry.is_file() and is_within(Path(entry.path).resolve(), self._folder):
                return True
        self.odd.append(Odd(Path(entry.path), "a link that leads outside, to a folder or nowhere"))
        return False


def _is_old(entry: os.DirEntry[str]) -> bool:
    with suppress(OSError):
        return entry.stat(follow_symlinks=False).st_mtime < time.time() - _LEFT_BEHIND
    return False


def _refusal(folder: str, error: OSError) -> str:
    return f"The folder {folder} could not be read: {error.strerror}. Change its rights."
