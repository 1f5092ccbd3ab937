"""What to add: the files that were named, and those in the folders that were named."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ShelfError
from corpus.shelf import Shelf
from index.entries import Changes, Failed, Skipped


@dataclass(frozen=True, slots=True)
class Named:
    """A file to add; ``within`` is the folder that was named, when it came out of one."""

    path: Path
    within: Path | None = None


def files_of(paths: Sequence[Path]) -> tuple[list[Named], Changes]:
    """Return the files to add, and a report of what is passed over.

    A folder gives all its files at every level; those that no reader takes are skipped, and a
    folder that may not be read fails. A path that does not exist is left in: reading it tells why.
    """
    files: list[Named] = []
    report = Changes()
    for path in paths:
        if not os.path.isdir(path):  # Path.is_dir raises where a folder above may not be searched
            files.append(Named(path))
            continue
        folder = Shelf(path)
        try:
            found, others = folder.paths(), folder.unsupported()
        except ShelfError as error:
            report += Changes(failed=(Failed(str(path), str(error)),))
            continue
        if not found and not others:
            report += Changes(skipped=(Skipped(str(path), "no document is in it"),))
        files += [Named(file, within=path) for file in found]
        report += Changes(skipped=tuple(Skipped(str(one), "no reader takes it") for one in others))
    return files, report
