"""Restoring a backup into a new home, checked to the last byte before anything is in its place.

A backup may have been written by anyone: names that lead elsewhere, links, names that come twice
and files that unpack to more than they say are refused. The home is made in a folder beside its
place and renamed when it is whole, so a kill leaves no half of one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assistant.backup_contents import DOCUMENTS
from assistant.backup_manifest import LARGEST, NAME, Manifest, Member, read_manifest
from assistant.backup_place import failures, make_last, workplace
from assistant.home import Home, home_at, is_untouched
from corpus.errors import BackupFailure, CatalogueDamaged, UsageError
from index.entries import Progress, ProgressListener
from index.snapshot import counts_of, restamp
from index.stamps import stamp

_CHUNK = 1 << 20
_MOST_TIMES = 200
_ALWAYS = 1_000_000_000
"""A backup may unpack to this many times its size, or to this many bytes. Text that repeats itself
a lot deflates to a hundredth; a bomb is made of what deflates to a thousandth."""
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Restored:
    """A home that was made from a backup, and what that backup held."""

    home: Home
    manifest: Manifest


def restore_backup(file: Path, root: Path, *, progress: ProgressListener | None = None) -> Restored:
    """Make the home ``root``, which must be new or empty, from the backup ``file``.

    Raises UsageError where something is in the home's place already, HomeBusy while another run
    restores to it, and BackupFailure naming what is wrong with the backup.
    """
    home = home_at(root)
    _check_place(home)
    with _opened(file) as archive, failures("restored", home.root):
        manifest = _manifest_of(archive, file)
        _check_size(file, manifest, home.root)
        home.root.parent.mkdir(parents=True, exist_ok=True)
        with workplace(home.root) as folder:
            made = folder / "home"
            _unpack(archive, file, manifest, made, progress or (lambda progress: None))
            _finish(file, manifest, made)
            _put(made, home)
    return Restored(home, manifest)


def _check_place(home: Home) -> None:
    if os.path.ismount(home.root):
        raise UsageError(
            f"{home.root} is a disk of its own, which cannot be replaced as a whole: name a new "
            f"folder in it, such as {home.root / 'home'}"
        )
    above = next(one for one in home.root.parents if os.path.lexists(one))
    if not above.is_dir():
        raise UsageError(f"{above} is a file, so no home can be made there: name another folder")
    if os.path.lexists(home.root) and not is_untouched(home):
        raise UsageError(
            f"{home.root} is not empty, and a backup is restored to a new home only: name another "
            "folder with --home DIR"
        )


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError:
        raise UsageError(f"there is no file {file}: name a backup") from None
    except OSError as error:
        raise BackupFailure(
            f"{file} could not be read ({error.strerror}): check its rights"
        ) from error
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise BackupFailure(
            f"{file} is no backup, or the end of it is missing ({error}): use another one"
        ) from error
    with archive:
        yield archive


def _manifest_of(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """Return the manifest, once the members are just those that it names."""
    try:
        entries = _entries(archive)
        if NAME not in entries:
            raise BackupFailure(f"it has no {NAME}: it was not made by this program")
        if entries[NAME].file_size > LARGEST:
            raise BackupFailure(f"its {NAME} is too large to be one: use another backup")
        manifest = read_manifest(_read(archive, entries[NAME]))
        named = {one.name for one in manifest.members}
        for name in sorted(named ^ (entries.keys() - {NAME})):
            lacks = "is missing" if name in named else f"is not named in its {NAME}"
            raise BackupFailure(f"{name!r:.200} {lacks}: use another backup")
    except BackupFailure as error:
        raise BackupFailure(f"{file} cannot be restored: {error}") from error
    return manifest


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        if entry.filename in entries:
            raise BackupFailure(f"it holds {entry.filename!r:.200} twice: use another backup")
        kind = entry.external_attr >> 28
        if entry.filename.endswith("/") or not entry.filename or kind not in (0, 8):
            raise BackupFailure(
                f"{entry.filename!r:.200} is a link or a folder, which no backup holds: it was not "
                "made by this program, so nothing of it is restored"
            )
        if entry.compress_type not in _PLAIN or entry.flag_bits & 1:
            raise BackupFailure(f"{entry.filename!r:.200} is packed in a way that is not used here")
        entries[entry.filename] = entry
    return entries


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with _damage(NAME), archive.open(entry) as source:
        data = source.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise BackupFailure(f"its {NAME} is not as long as it should be: use another backup")
    return data


def _check_size(file: Path, manifest: Manifest, root: Path) -> None:
    size = sum(one.size for one in manifest.members)
    if size > max(_ALWAYS, _MOST_TIMES * file.stat().st_size):
        raise BackupFailure(
            f"{file} would unpack to {size:,} bytes, far more than a backup of its size holds: "
            "nothing of it is restored"
        )
    there = next(one for one in root.parents if one.is_dir())
    free = shutil.disk_usage(there).free
    if size > free:
        raise BackupFailure(
            f"{file} unpacks to {size:,} bytes, and the disk of {root} has {free:,} free: make "
            "room, or name another disk"
        )


def _unpack(
    archive: zipfile.ZipFile,
    file: Path,
    manifest: Manifest,
    made: Path,
    progress: ProgressListener,
) -> None:
    (made / DOCUMENTS).mkdir(parents=True)
    for number, member in enumerate(manifest.members):
        telling = Progress("restoring", number, len(manifest.members), Path(member.name).name)
        try:
            _unpack_member(archive, member, made / member.name, lambda: progress(telling))  # noqa: B023
        except BackupFailure as error:
            raise BackupFailure(f"{file} is damaged: {error}; use another backup") from error


def _unpack_member(
    archive: zipfile.ZipFile, member: Member, path: Path, tell: Callable[[], None]
) -> None:
    hasher, size = hashlib.sha256(), 0
    with _new(path, member) as target, _damage(member.name), archive.open(member.name) as source:
        while chunk := source.read(_CHUNK):
            tell()
            size += len(chunk)
            if size > member.size:
                break
            hasher.update(chunk)
            target.write(chunk)
    if size != member.size or hasher.hexdigest() != member.sha256:
        raise BackupFailure(f"{member.name!r:.200} is not as it was when it was written")
    os.utime(path, ns=(member.mtime_ns, member.mtime_ns))


def _new(path: Path, member: Member) -> IO[bytes]:
    """Open a new file; one that is there, as another member, is not touched."""
    mode = member.mode & 0o777 | 0o600
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.fchmod(descriptor, mode)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise BackupFailure(f"{member.name!r:.200} is in the place of another member") from error
    return os.fdopen(descriptor, "wb")


@contextlib.contextmanager
def _damage(name: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BackupFailure(f"{name!r:.200} cannot be unpacked ({error})") from error


def _finish(file: Path, manifest: Manifest, made: Path) -> None:
    """Let the catalogue know the restored files for those it was made from."""
    folder = made / DOCUMENTS
    names = (one.name.removeprefix(f"{DOCUMENTS}/") for one in manifest.members if one.indexed)
    catalogue = made / manifest.catalogue
    try:
        restamp(catalogue, {name: stamp(folder / name) for name in names})
        found = counts_of(catalogue)
    except CatalogueDamaged as error:
        raise BackupFailure(
            f"{file} cannot be restored: its catalogue is not one: use another backup"
        ) from error
    if found != (manifest.documents, manifest.passages):
        raise BackupFailure(f"{file} cannot be restored: its catalogue is another one's")
    # One call for all files: syncing each of ten thousand takes minutes on a slow disk.
    os.sync()


def _put(made: Path, home: Home) -> None:
    """Rename the finished home into its place, where there is nothing or an untouched home."""
    if home.root.is_dir():
        for folder in (home.documents, home.state):
            with contextlib.suppress(FileNotFoundError):
                folder.rmdir()
        home.settings_file.unlink(missing_ok=True)
    made.rename(home.root)
    make_last(home.root.parent)
