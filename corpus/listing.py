"""What lies in the documents folder: documents, other files, and folders that may not be read."""

from __future__ import annotations

import errno
import functools
import os
import re
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.atomic import is_abandoned, is_temporary
from corpus.errors import ShelfError
from corpus.readers import is_supported
from corpus.sidecar import ORIGINAL_MARK, SUFFIX

TEMPORARY = (".tmp", ".part", ".swp", "~")
_PAGES = (".html", ".htm", ".xhtml")
_PAGE_FOLDER = re.compile(
    r"([^/]+)(?:[_-](?:files|Dateien|fichiers|archivos|file|bestanden)|\.files)(?:/|$)"
)
_LOADED = frozenset({*_PAGES, ".js", ".css", ".txt", ".json", ".md", ".csv", ""})
_LEFT_BEHIND = 3600.0
"""Seconds after which a file that is about to be renamed belongs to a process that was killed, also
where that ran on another machine."""

_path = functools.lru_cache(maxsize=100_000)(Path)
"""The folder is looked through again and again; the path of before has its parts and its hash."""


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
class Listing:
    """The files of a folder at all levels, sorted; ``leftovers`` are temporary files of killed
    processes, ``closed`` the folders that could not be read, and ``odd`` links and the like that
    are not followed."""

    documents: tuple[Path, ...]
    others: tuple[Path, ...]
    leftovers: tuple[Path, ...]
    closed: tuple[Closed, ...]
    odd: tuple[Odd, ...] = ()

    def hides(self, path: Path) -> bool:
        """Tell whether ``path`` is below a folder that could not be read."""
        return any(path.is_relative_to(one.folder) for one in self.closed)


def list_folder(folder: Path) -> Listing:
    """List ``folder``, which has to be there and readable: ShelfError says where it is not."""
    if not os.path.isdir(folder):
        raise ShelfError(f"There is no folder {folder}. Create it, or name another home.")
    walk = _Walk(folder)
    files = sorted(walk.files(), key=order)
    for one in walk.closed:
        if one.folder == folder:
            raise ShelfError(one.reason)
    documents: list[Path] = []
    others: list[Path] = []
    known = set(files)
    for path in files:
        is_document = is_supported(path) and saved_page(path, known) is None
        (documents if is_document else others).append(path)
    return Listing(
        tuple(documents),
        tuple(others),
        tuple(walk.leftovers),
        tuple(walk.closed),
        tuple(sorted(walk.odd, key=lambda one: order(one.path))),
    )


def odd_message(odd: Odd) -> str:
    """Return why something is not read, and what to do."""
    return f"it is {odd.what}, which is not read: put the file itself in its place"


def saved_page(path: Path, files: Collection[Path]) -> Path | None:
    """Return the page, one of ``files``, that a browser saved ``path`` with, or None.

    Saving ``a.html`` whole makes a folder ``a_files`` of what it loads: scripts, pictures, and the
    pages of its frames, which are mostly advertisements. Other documents there are a person's own.
    """
    above = str(path.parent)
    # Nearly no path has such a folder, and ten thousand are asked each time.
    if not _PAGE_FOLDER.search(above) or path.suffix.lower() not in _LOADED:
        return None
    for folder in path.parents:
        if found := _PAGE_FOLDER.fullmatch(folder.name):
            pages = (folder.with_name(f"{found[1]}{suffix}") for suffix in _PAGES)
            if page := next((page for page in pages if page in files), None):
                return page
    return None


def order(path: Path) -> tuple[str, ...]:
    """Return what paths are sorted by: the same as they are by themselves, at half the time."""
    return path.parts


def where(folder: Path, path: Path) -> str:
    """Return the path of a file in ``folder`` as it is stored and reported, with slashes.

    Ten thousand calls of ``relative_to`` take a fifth of a second.
    """
    prefix, whole = f"{folder}/", str(path)
    if whole.startswith(prefix):
        return whole[len(prefix) :]
    return path.relative_to(folder).as_posix()


def is_passed_over(path: Path) -> bool:
    """Tell whether a path in the folder is hidden, in a hidden folder, temporary or a sidecar."""
    return any(part.startswith(".") for part in path.parts) or _is_no_document(path.name)


def _is_no_document(name: str) -> bool:
    return name.startswith((".", "~$")) or name.endswith((SUFFIX, *TEMPORARY))


def original_owner(name: str) -> str | None:
    """Return the name of the document whose original a file of this name would be."""
    owner, mark, suffix = name.rpartition(ORIGINAL_MARK)
    return owner if mark and owner and suffix else None


def is_within(path: Path, folder: Path) -> bool:
    """Tell whether a file, or a link in its place, lies in ``folder``."""
    # The file itself may be a link, so only its folder is resolved.
    return (path.parent.resolve() / path.name).is_relative_to(folder.resolve())


def is_gone(path: Path) -> bool:
    """Tell whether nothing is at ``path``; not where only the rights to see it are missing."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


class _Walk:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.closed: list[Closed] = []
        self.odd: list[Odd] = []
        self.leftovers: list[Path] = []

    def files(self) -> Iterator[Path]:
        waiting = [self._folder]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder) as found:
                    entries = list(found)
                if entries and not os.access(folder, os.X_OK):  # names alone can be seen
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
                names = {entry.name for entry in entries}
                kept = [entry for entry in entries if self._counts(entry, names)]
                waiting += [Path(one.path) for one in kept if one.is_dir(follow_symlinks=False)]
                others = [one for one in kept if not one.is_dir(follow_symlinks=False)]
                files = [_path(one.path) for one in others if self._is_file(one)]
            except FileNotFoundError:  # deleted since its parent was listed
                continue
            except OSError as error:
                self.closed.append(Closed(folder, _refusal(folder, error)))
                continue
            yield from files

    def _counts(self, entry: os.DirEntry[str], names: set[str]) -> bool:
        if is_temporary(entry.name) and (is_abandoned(entry.name) or _is_old(entry)):
            self.leftovers.append(Path(entry.path))
        if entry.is_dir(follow_symlinks=False):
            return not entry.name.startswith(".")
        return not _is_no_document(entry.name) and original_owner(entry.name) not in names

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


def _refusal(folder: Path, error: OSError) -> str:
    return f"The folder {folder} could not be read: {error.strerror}. Change its rights."
