"""Writing a backup: a home as one ZIP file, taken while the home is in use.

The members are the home's files under their own names, so any ZIP program unpacks them; the last
one is a manifest with the hash of each (``backup_manifest``). The file is made beside its place
and renamed when it is whole and on disk, so a kill or a full disk never leaves half a backup.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import os
import stat
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import IO

from assistant.backup_contents import DOCUMENTS, Kept, LeftOut, contents
from assistant.backup_manifest import NAME, Manifest, Member
from assistant.backup_place import checked_place, failures, private, put_in_place, workplace
from assistant.home import Home
from corpus.errors import CatalogueDamaged
from index.entries import Progress, ProgressListener
from index.snapshot import copy_database, counts_of, stamps_of
from index.stamps import stamp

_CHUNK = 1 << 20
_SMALL = 64_000_000
"""Bytes of a file that is read whole, so that one which is just being changed is read again."""
_ATTEMPTS = 5
_FIRST = (1980, 1, 1, 0, 0, 0)
_PACKED = frozenset(
    ".sqlite .pdf .docx .pptx .xlsx .odt .epub .zip .gz .bz2 .xz .png .jpg .jpeg .webp .mp3 "
    ".mp4".split()
)
"""Files that deflating makes hardly smaller: those that are packed, and vectors."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: its file, that file's size in bytes, and what it holds."""

    file: Path
    size: int
    manifest: Manifest


def make_backup(
    home: Home,
    catalogue: Path,
    file: Path,
    *,
    force: bool = False,
    progress: ProgressListener | None = None,
) -> Backup:
    """Write a backup of ``home`` to ``file``, whole or not at all; ``catalogue`` is its index.

    ``force`` replaces a file that is there. May run while documents come and go in this process:
    the next sync of the restored home sets right what was changed meanwhile. Raises UsageError,
    HomeBusy, IndexFailure and BackupFailure.
    """
    file = checked_place(home, file, force=force)
    with failures("written", file), workplace(file) as folder:
        packed = folder / "backup.zip"
        writing = _Writing(home, folder, progress)
        with private(packed) as raw:
            manifest = writing.write(raw, list(contents(home, catalogue)))
            raw.flush()
            os.fsync(raw.fileno())
        size = packed.stat().st_size
        put_in_place(packed, file, force=force)
    return Backup(file, size, manifest)


class _Unreadable(Exception):
    """A file of the home could not be read; the rest can be copied."""


class _Writing:
    """One run that writes the members of a backup."""

    def __init__(self, home: Home, folder: Path, progress: ProgressListener | None) -> None:
        self._home = home
        self._folder = folder
        self._progress = progress or (lambda progress: None)
        self._members: list[Member] = []
        self._left_out: list[LeftOut] = []
        self._stamps: dict[str, str] = {}
        self._counts = (0, 0)
        self._tell: Callable[[], None] = lambda: None

    def write(self, raw: IO[bytes], found: list[Kept | LeftOut]) -> Manifest:
        """Write all members; the catalogue is the first of what was found."""
        kept = [one for one in found if isinstance(one, Kept)]
        self._left_out = [one for one in found if isinstance(one, LeftOut)]
        with zipfile.ZipFile(raw, "w", allowZip64=True) as archive:
            for number, one in enumerate(kept):
                self._tell = _teller(self._progress, number, len(kept), one)
                self._tell()
                self._add(archive, one)
            manifest = self._manifest(kept[0].name)
            archive.writestr(zipfile.ZipInfo(NAME, _date(time.time())), manifest.to_json())
        return manifest

    def _add(self, archive: zipfile.ZipFile, one: Kept) -> None:
        if one.is_database:
            self._add_database(archive, one)
            return
        try:
            status = one.path.stat()
            if status.st_size <= _SMALL:
                status, data = _steady(one.path)
                self._write_member(archive, one.name, status, (data,))
            else:
                with one.path.open("rb") as source:
                    self._write_member(archive, one.name, status, _all_of(source))
        except _Unreadable as error:
            self._left_out.append(LeftOut(one.name, str(error)))
        except FileNotFoundError:  # deleted since it was listed
            return

    def _add_database(self, archive: zipfile.ZipFile, one: Kept) -> None:
        copy = self._folder / "copy.sqlite"
        status = one.path.stat()
        try:
            copy_database(one.path, copy)
        except CatalogueDamaged:
            if not self._members:
                raise
            # Somebody's own, and no index that could be made again: the rest is backed up.
            copy.unlink(missing_ok=True)
            self._left_out.append(LeftOut(one.name, "it is damaged"))
            return
        if not self._members:  # the catalogue
            self._stamps, self._counts = stamps_of(copy), counts_of(copy)
        with copy.open("rb") as source:
            self._write_member(archive, one.name, status, _all_of(source))
        copy.unlink()

    def _write_member(
        self,
        archive: zipfile.ZipFile,
        name: str,
        status: os.stat_result,
        chunks: Iterable[bytes],
    ) -> None:
        size, hasher = 0, hashlib.sha256()
        mode = stat.S_IMODE(status.st_mode)
        entry = _entry(name, status, packed=Path(name).suffix.lower() not in _PACKED)
        with archive.open(entry, "w", force_zip64=True) as target:
            for chunk in chunks:
                target.write(chunk)
                hasher.update(chunk)
                size += len(chunk)
                self._tell()
        self._members.append(Member(name, size, hasher.hexdigest(), status.st_mtime_ns, mode))

    def _manifest(self, catalogue: str) -> Manifest:
        documents, passages = self._counts
        return Manifest(
            f"archive-assistant {metadata.version('archive-assistant')}",
            dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            catalogue,
            documents,
            passages,
            tuple(dataclasses.replace(one, indexed=self._is_indexed(one)) for one in self._members),
            tuple(self._left_out),
        )

    def _is_indexed(self, member: Member) -> bool:
        """Tell whether the catalogue was made from what was copied of a document.

        A stamp that is the same now, after copying, as it was when the document was indexed means
        that neither its file nor its sidecar was touched in between.
        """
        where = member.name.removeprefix(f"{DOCUMENTS}/")
        known = self._stamps.get(where) if where != member.name else None
        return known is not None and known == stamp(self._home.documents / where)


def _teller(progress: ProgressListener, number: int, total: int, one: Kept) -> Callable[[], None]:
    return lambda: progress(Progress("copying", number, total, one.path.name))


def _entry(name: str, status: os.stat_result, *, packed: bool) -> zipfile.ZipInfo:
    """Return how a member is written; ``packed`` deflates it."""
    entry = zipfile.ZipInfo(name, _date(status.st_mtime))
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.external_attr = (stat.S_IFREG | stat.S_IMODE(status.st_mode)) << 16
    return entry


def _date(seconds: float) -> tuple[int, int, int, int, int, int]:
    """Return a time as ZIP has it; the manifest has it to the nanosecond."""
    year, *rest = time.gmtime(seconds)[:6]
    return (year, rest[0], rest[1], rest[2], rest[3], rest[4]) if 1980 <= year < 2108 else _FIRST


def _steady(path: Path) -> tuple[os.stat_result, bytes]:
    """Return a file's bytes, read when nobody was writing to it, as far as that can be had."""
    for _ in range(_ATTEMPTS):
        before = path.stat()
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _Unreadable(error.strerror) from error
        after = path.stat()
        if _mark(before) == _mark(after):
            break
    return after, data


def _mark(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _all_of(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk
