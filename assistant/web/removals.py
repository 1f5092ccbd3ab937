"""Documents that were removed on the page a moment ago, whole, so that they can be had back."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.web.wording import say
from corpus.atomic import write_all
from corpus.errors import ArchiveError, UsageError
from corpus.shelf import companions, read_bytes

if TYPE_CHECKING:
    from assistant.archive import Archive

MOST = 10
MOST_BYTES = 100_000_000
"""What is kept in memory; of more, the removals before the last ones are for good."""


@dataclass(frozen=True, slots=True)
class _Removed:
    title: str
    files: dict[Path, bytes]

    @property
    def size(self) -> int:
        return sum(map(len, self.files.values()))


@dataclass(slots=True)
class Removals:
    """What can be had back, by a token that whoever removed it gets; for all readers of a page."""

    _kept: OrderedDict[str, _Removed] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def remove(self, archive: Archive, document_id: str) -> tuple[str, str]:
        """Remove a document; return its title and the token that brings it back, if it can be.

        Raises ArchiveError.
        """
        entry = archive.entry(document_id)
        gone = _Removed(entry.title, _files(archive.home.documents / entry.path))
        changes = archive.remove([document_id])
        if changes.failed:
            raise ArchiveError(changes.failed[0].error)
        return gone.title, self._keep(gone) if gone.files else ""

    def bring_back(self, archive: Archive, token: str) -> str:
        """Put a document's files back where they were; return its title. Raises ArchiveError."""
        with self._lock:
            gone = self._kept.pop(token, None)
        if gone is None:
            raise UsageError(say("corpus.too_late"))
        if any(path.exists() for path in gone.files):
            with self._lock:
                self._kept[token] = gone
            raise UsageError(say("corpus.place_taken"))
        next(iter(gone.files)).parent.mkdir(parents=True, exist_ok=True)
        write_all(gone.files)
        archive.update()
        return gone.title

    def _keep(self, gone: _Removed) -> str:
        token = secrets.token_hex(16)
        with self._lock:
            self._kept[token] = gone
            while len(self._kept) > MOST or sum(one.size for one in self._kept.values()) > (
                MOST_BYTES
            ):
                self._kept.popitem(last=False)
            return token if token in self._kept else ""


def _files(path: Path) -> dict[Path, bytes]:
    """Return a document's file with what belongs to it; none where that is too much to keep, or a
    link, which leads to a file that stays."""
    files = (path, *companions(path))
    if path.is_symlink() or sum(one.stat().st_size for one in files) > MOST_BYTES:
        return {}
    return {one: read_bytes(one) for one in files}
