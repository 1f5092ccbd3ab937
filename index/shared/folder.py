"""Which documents folder is the truth of a shared index: the one with the mark of the last write.

Each write leaves a new random mark in a hidden file of the folder, and in the database. Hosts that
mount one folder all see the mark. A folder that was copied to another host has it only until the
next write, so a copy is never taken for the truth, and what it lacks not removed from the index.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from corpus.atomic import write_all

FILE = ".archive-shared"


class FolderMark:
    """The mark in one folder. Calls raise ShelfError where it cannot be written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def marks(self) -> tuple[str, ...]:
        """Return the mark of now and the one before: whoever was killed in the middle of a write
        may have left the new one here, and the old one in the database."""
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            said = json.loads((self._folder / FILE).read_text("utf-8"))
            return str(said["now"]), str(said["before"])
        return ()

    def write(self, mark: str, before: str) -> None:
        """Leave a mark. It is on disk when this returns."""
        said = {"now": mark, "before": before}
        write_all({self._folder / FILE: json.dumps(said).encode()})

    def holds_files(self) -> bool:
        """Tell whether somebody has put anything into the folder."""
        with contextlib.suppress(OSError):
            return any(not one.name.startswith(".") for one in self._folder.iterdir())
        return False
