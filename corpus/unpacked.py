"""Where the parts of a container go: names that are safe and free, and an account of each part."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.safe_names import safe_name

MOST_REMARKS = 1_000
"""Parts that are named one by one; of more, the rest is counted."""

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came of a container: the files written, and the parts left out or broken.

    ``skipped`` pairs a part's name with the reason, ``failed`` with the error, each one line.
    """

    files: tuple[Path, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Writer:
    """Writes parts below ``into`` and remembers what became of each; never replaces a file."""

    into: Path
    max_bytes: int
    _files: list[Path] = field(default_factory=list)
    _remarks: dict[str, list[tuple[str, str]]] = field(
        default_factory=lambda: {"skipped": [], "failed": []}
    )
    _more: dict[str, int] = field(default_factory=lambda: {"skipped": 0, "failed": 0})
    _taken: set[str] = field(default_factory=set)

    def write(self, parts: Sequence[str], data: bytes) -> Path:
        """Write a document at a safe and free place near the path ``parts``, and return that.

        Raises UnreadableFile where the disk refuses.
        """
        path = self._free(_safe_parts(parts))
        self._store(path, data)
        self._files.append(path)
        return path

    def write_beside(self, path: Path, data: bytes) -> None:
        """Write a file that belongs to a document written before. Raises UnreadableFile."""
        self._store(path, data)

    def skip(self, name: str, reason: str) -> None:
        """Name a part that was left out."""
        self._remark("skipped", name, reason)

    def fail(self, name: str, error: str) -> None:
        """Name a part that could not be read."""
        self._remark("failed", name, error)

    def result(self) -> Unpacked:
        """Return the account of all parts."""
        for kind, count in self._more.items():
            if count:
                self._remarks[kind].append(("...", f"and {count:,} more"))
        skipped, failed = self._remarks["skipped"], self._remarks["failed"]
        return Unpacked(tuple(self._files), tuple(skipped), tuple(failed))

    def _remark(self, kind: str, name: str, why: str) -> None:
        if len(self._remarks[kind]) < MOST_REMARKS:
            self._remarks[kind].append((_shown(name), _shown(why)))
        else:
            self._more[kind] += 1

    def _free(self, parts: list[str]) -> Path:
        """Return a path that no file has, on a disk that does not tell cases apart either."""
        *folders, name = parts
        stem, dot, suffix = name.rpartition(".")
        number = 1
        tried = name
        while _key(*folders, tried) in self._taken or self.into.joinpath(*folders, tried).exists():
            number += 1
            tried = f"{stem}-{number}.{suffix}" if dot else f"{name}-{number}"
        self._taken.add(_key(*folders, tried))
        return self.into.joinpath(*folders, tried)

    def _store(self, path: Path, data: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(data)
        except OSError as error:
            raise UnreadableFile(f"It could not be written: {error.strerror}.") from error


def _safe_parts(parts: Sequence[str]) -> list[str]:
    """Return path parts that stay inside a folder, each a name that any disk takes."""
    safe = [safe_name(part) for part in parts if part.strip(" .")]
    return safe[-_DEEPEST:] or ["document"]


def _key(*parts: str) -> str:
    return unicodedata.normalize("NFC", "/".join(parts)).casefold()


def _shown(words: str) -> str:
    line = " ".join(words.split())
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)[:500]
