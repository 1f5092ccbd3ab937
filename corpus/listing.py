"""What lies in the documents folder: documents, other files, and folders that may not be read."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.readers import is_supported
from corpus.walk import Closed, Found, Odd, is_no_document, walk_through

_PAGES = (".html", ".htm", ".xhtml")
_PAGE_FOLDER = re.compile(
    r"([^/]+)(?:[_-](?:files|Dateien|fichiers|archivos|file|bestanden)|\.files)(?:/|$)"
)
_LOADED = frozenset({*_PAGES, ".js", ".css", ".txt", ".json", ".md", ".csv", ""})
_known: dict[str, Path] = {}
"""The files of the last look: the folder is looked through again and again, and the path of before
has its parts and its hash."""


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
    return listing_of(walk_through(folder))


def listing_of(found: Found) -> Listing:
    """Tell documents from other files."""
    files = sorted(_paths(found.files), key=order)
    documents: list[Path] = []
    others: list[Path] = []
    known = set(files)
    for path in files:
        is_document = is_supported(path) and saved_page(path, known) is None
        (documents if is_document else others).append(path)
    return Listing(
        tuple(documents),
        tuple(others),
        found.leftovers,
        found.closed,
        tuple(sorted(found.odd, key=lambda one: order(one.path))),
    )


def _paths(files: Iterable[str]) -> Collection[Path]:
    global _known  # replaced whole, so that nothing stays of files that are gone
    known = _known
    paths = {name: known.get(name) or Path(name) for name in files}
    _known = paths
    return paths.values()


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


def where(folder: Path, path: Path | str) -> str:
    """Return the path of a file in ``folder`` as it is stored and reported, with slashes.

    Ten thousand calls of ``relative_to`` take a fifth of a second.
    """
    prefix, whole = f"{folder}/", str(path)
    if whole.startswith(prefix):
        return whole[len(prefix) :]
    return Path(path).relative_to(folder).as_posix()


def is_passed_over(path: Path) -> bool:
    """Tell whether a path in the folder is hidden, in a hidden folder, temporary or a sidecar."""
    return any(part.startswith(".") for part in path.parts) or is_no_document(path.name)


def is_gone(path: Path) -> bool:
    """Tell whether nothing is at ``path``; not where only the rights to see it are missing."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
