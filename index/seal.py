"""What the files of a Chroma folder should be, so that damage is known before Chroma meets it.

A seal is a file beside the folder with the SHA-256 of each graph file. Chroma's own SQLite file is
left out: merely opening it changes it, and SQLite notices damage by itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_RACY_NS = 2_000_000_000
"""A file changed less than this before it was hashed may change again under the same time."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was when it was hashed; ``settled`` if later changes must show in its status."""

    status: tuple[int, int, int]
    sha256: str
    settled: bool


class Seal:
    """The seal of one folder, for one catalogue."""

    def __init__(self, folder: Path, catalogue_id: str, settings: Mapping[str, int]) -> None:
        """``catalogue_id`` names the catalogue whose vectors the folder holds, and ``settings``
        are those that it is made with: with others it is made anew."""
        self.catalogue_id = catalogue_id
        self._settings = dict(settings)
        self._folder = folder
        self._file = folder.parent / f"{folder.name}.seal"
        self._seen: dict[str, _Seen] = {}
        self._is_broken = False

    def exists(self) -> bool:
        """Tell whether there is a seal, right or wrong."""
        return self._file.exists()

    def holds(self) -> bool:
        """Read all files through, and tell whether they are those that were sealed."""
        try:
            sealed = self._file.read_text("utf-8")
        except (OSError, ValueError):
            return False
        self._seen = {}
        return sealed == self._text()

    def untouched(self) -> bool:
        """Tell, without reading them, whether the files are those last hashed.

        Sizes, times and inodes are compared: that shows what others wrote, not a bit that the disk
        lost. While the seal is broken this process writes, so nobody can tell: True.
        """
        return self._is_broken or {name: _status(path) for name, path in self._files().items()} == {
            name: seen.status for name, seen in self._seen.items()
        }

    def write(self) -> None:
        """Seal the files as they are now; those that have not changed are not read again."""
        temporary = self._file.with_suffix(".tmp")
        temporary.write_text(self._text(), "utf-8")
        temporary.replace(self._file)
        self._is_broken = False

    def remove(self) -> None:
        """Break the seal."""
        self._file.unlink(missing_ok=True)
        self._is_broken = True

    def _text(self) -> str:
        self._seen = {name: self._look(name, path) for name, path in self._files().items()}
        hashes = {name: seen.sha256 for name, seen in self._seen.items()}
        sealed = {"catalogue": self.catalogue_id, "settings": self._settings, "files": hashes}
        return json.dumps(sealed, indent=1)

    def _look(self, name: str, path: Path) -> _Seen:
        status = _status(path)
        known = self._seen.get(name)
        if known is not None and known.settled and known.status == status:
            return known
        settled = time.time_ns() - status[1] > _RACY_NS
        with path.open("rb") as file:
            return _Seen(status, hashlib.file_digest(file, "sha256").hexdigest(), settled)

    def _files(self) -> dict[str, Path]:
        files = sorted(path for path in self._folder.glob("*/*") if path.is_file())
        return {str(path.relative_to(self._folder)): path for path in files}


def _status(path: Path) -> tuple[int, int, int]:
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns, status.st_ino
