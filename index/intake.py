"""What to add: the files that were named, and those in the folders that were named."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ShelfError
from corpus.listing import odd_message, saved_page
from corpus.readers.kinds import CONTAINERS, OLD_OFFICE, kind_of
from corpus.shelf import Shelf
from index.entries import Changes, Failed, Skipped
from index.reads import Reads

ASKED_FOR = CONTAINERS | {OLD_OFFICE}
"""Kinds of files that are not read as they are, and yet are documents to the person who named their
folder: they are taken apart, or the reason is told."""


@dataclass(frozen=True, slots=True)
class Named:
    """A file to add; ``within`` is the folder that was named, when it came out of one.

    ``shown`` is what a report calls it, where that is not its path.
    """

    path: Path
    within: Path | None = None
    shown: str = ""

    @property
    def name(self) -> str:
        """What a report calls it."""
        return self.shown or str(self.path)

    def told(self, error: object) -> str:
        """Return an error's words with the name in place of the path."""
        return str(error).replace(str(self.path), self.name)


def files_of(paths: Sequence[Path]) -> tuple[list[Named], Changes]:
    """Return the files to add, and a report of what is passed over.

    A folder gives all its files at every level, those that hold several documents among them.
    What no reader takes is skipped, and a folder that may not be read fails. A path that does not
    exist is left in: reading it tells why.
    """
    files: list[Named] = []
    skipped: list[Skipped] = []
    failed: list[Failed] = []
    for path in dict.fromkeys(paths):
        if not os.path.isdir(path):  # Path.is_dir raises where a folder above may not be searched
            files.append(Named(path))
            continue
        try:
            listing = Shelf(path).listing()
        except ShelfError as error:
            failed.append(Failed(str(path), str(error)))
            continue
        failed += [Failed(str(one.folder), one.reason) for one in listing.closed]
        skipped += [Skipped(str(one.path), odd_message(one)) for one in listing.odd]
        if not (listing.documents or listing.others or listing.closed or listing.odd):
            skipped.append(Skipped(str(path), "no document is in it"))
        files += [Named(file, within=path) for file in listing.documents]
        known = frozenset(listing.documents)
        for other in listing.others:
            if kind_of(other) in ASKED_FOR:
                files.append(Named(other, within=path))
            else:
                page = saved_page(other, known)
                why = f"it belongs to the saved page {page.name}" if page else "no reader takes it"
                skipped.append(Skipped(str(other), why))
    return files, Changes(skipped=tuple(skipped), failed=tuple(failed))


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The documents that a container held, and a report of what is passed over."""

    files: tuple[Named, ...]
    passed_over: Changes


def unpacked(readers: Reads, container: Named, folder: Path, *, max_bytes: int) -> Unpacked:
    """Take a container apart in ``folder``. Raises CorpusError.

    Its documents go below a folder named like it, and are called ``CONTAINER/NAME`` in reports.
    """
    path = container.path
    above = path.parent.relative_to(container.within) if container.within else Path()
    place = folder / above / (path.stem or path.name)
    place.mkdir(parents=True)
    found = readers.unpack(path, place, max_bytes=max_bytes)
    files = tuple(
        Named(one, within=folder, shown=f"{container.name}/{one.relative_to(place).as_posix()}")
        for one in found.files
    )
    return Unpacked(
        files,
        Changes(
            skipped=tuple(Skipped(f"{container.name}/{name}", why) for name, why in found.skipped),
            failed=tuple(Failed(f"{container.name}/{name}", why) for name, why in found.failed),
        ),
    )
