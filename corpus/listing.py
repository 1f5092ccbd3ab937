"""What lies in the documents folder: documents, other files, and folders that may not be read."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ShelfError
from corpus.readers import is_supported
from corpus.sidecar import ORIGINAL_MARK, SUFFIX

TEMPORARY = (".tmp", ".part", ".swp", "~")
_OURS = re.compile(r"\.[0-9a-f]{16}\.tmp")
"""The names of ``corpus.atomic`` for what it is about to rename."""
_LEFT_BEHIND = 3600.0
"""Seconds after which a file that is about to be renamed belongs to a process that was killed."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A folder whose files cannot be listed, and the one line that says so."""

    folder: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a folder at all levels, sorted; ``leftovers`` are temporary files of killed
    processes, and ``closed`` the folders that could not be read."""

    documents: tuple[Path, ...]
    others: tuple[Path, ...]
    leftovers: tuple[Path, ...]
    closed: tuple[Closed, ...]

    def hides(self, path: Path) -> bool:
        """Tell whether ``path`` is below a folder that could not be read."""
        return any(path.is_relative_to(one.folder) for one in self.closed)


def list_folder(folder: Path) -> Listing:
    """List ``folder``, which has to be there and readable: ShelfError says where it is not."""
    if not os.path.isdir(folder):
        raise ShelfError(f"There is no folder {folder}. Create it, or name another home.")
    walk = _Walk(folder)
    files = sorted(walk.files())
    for one in walk.closed:
        if one.folder == folder:
            raise ShelfError(one.reason)
    documents = {path for path in files if is_supported(path)}
    return Listing(
        tuple(path for path in files if path in documents),
        tuple(path for path in files if path not in documents),
        tuple(walk.leftovers),
        tuple(walk.closed),
    )


def is_passed_over(path: Path) -> bool:
    """Tell whether a path in the folder is hidden, in a hidden folder, temporary or a sidecar."""
    name = path.name
    hidden = any(part.startswith(".") for part in path.parts)
    return hidden or name.startswith("~$") or name.endswith((SUFFIX, *TEMPORARY))


def original_owner(name: str) -> str | None:
    """Return the name of the document whose original a file of this name would be."""
    owner, mark, suffix = name.rpartition(ORIGINAL_MARK)
    return owner if mark and owner and suffix else None


def is_within(path: Path, folder: Path) -> bool:
    """Tell whether a file, or a link in its place, lies in ``folder``."""
    # The file itself may be a link, so only its folder is resolved.
    return (path.parent.resolve() / path.name).is_relative_to(folder.resolve())


class _Walk:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.closed: list[Closed] = []
        self.leftovers: list[Path] = []

    def files(self) -> Iterator[Path]:
        waiting = [self._folder]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder) as found:
                    entries = list(found)
                names = {entry.name for entry in entries}
                kept = [entry for entry in entries if self._counts(entry, names)]
                waiting += [Path(one.path) for one in kept if one.is_dir(follow_symlinks=False)]
                files = [Path(one.path) for one in kept if self._is_file(one)]
            except FileNotFoundError:  # deleted since its parent was listed
                continue
            except OSError as error:
                self.closed.append(Closed(folder, _refusal(folder, error)))
                continue
            yield from files

    def _counts(self, entry: os.DirEntry[str], names: set[str]) -> bool:
        if _OURS.fullmatch(entry.name) and _is_old(entry):
            self.leftovers.append(Path(entry.path))
        if entry.is_dir(follow_symlinks=False):
            return not entry.name.startswith(".")
        return not is_passed_over(Path(entry.name)) and original_owner(entry.name) not in names

    def _is_file(self, entry: os.DirEntry[str]) -> bool:
        if not entry.is_symlink():
            return entry.is_file()
        with suppress(OSError, RuntimeError):  # it leads nowhere, or round in a circle
            return entry.is_file() and is_within(Path(entry.path).resolve(), self._folder)
        return False


def _is_old(entry: os.DirEntry[str]) -> bool:
    with suppress(OSError):
        return entry.stat(follow_symlinks=False).st_mtime < time.time() - _LEFT_BEHIND
    return False


def _refusal(folder: Path, error: OSError) -> str:
    return f"The folder {folder} could not be read: {error.strerror}. Change its rights."
