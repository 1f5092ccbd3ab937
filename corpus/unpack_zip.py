"""The documents in a ZIP, written out under names that stay inside one folder."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from corpus.errors import CorpusError, UnreadableFile
from corpus.readers.kinds import CONTAINERS, HEAD, OLD_OFFICE, kind_of_head
from corpus.readers.load import opened_errors
from corpus.readers.zipcaps import Archive, is_link
from corpus.sidecar import SUFFIX, sidecar_of
from corpus.unpacked import Writer

_SEPARATORS = re.compile(r"[/\\]+")
_DRIVE = re.compile(r"[A-Za-z]:")
# What systems leave in every archive, and nobody put there.
_LITTER = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})
_ENCRYPTED = 0x1
_MOST_SIDECAR = 100_000


def unpack_zip(path: Path, writer: Writer) -> None:
    """Write the members that readers take. Raises UnreadableFile where the ZIP breaks a cap."""
    with opened_errors(path):
        file = path.open("rb")
    with file:
        archive = Archive(file, name=str(path))
        written: dict[str, Path] = {}
        for member in _members(archive, writer):
            if not member.filename.endswith(SUFFIX):
                _take(archive, member, writer, written)
        # A sidecar goes to wherever its document went.
        for member in archive.members:
            of = member.filename.removesuffix(SUFFIX)
            if of != member.filename and of in written:
                _take_sidecar(archive, member, writer, written[of])


def _members(archive: Archive, writer: Writer) -> list[zipfile.ZipInfo]:
    """Return the members that are files, of two with one name the later, as ZIPs are updated."""
    latest = {member.filename: member for member in archive.members}
    files = []
    for member in archive.members:
        if member.filename[-1:] in ("", "/") or not _LITTER.isdisjoint(_parts(member.filename)):
            continue
        if latest[member.filename] is not member:
            writer.skip(member.filename, "a later member has the same name")
        else:
            files.append(member)
    return files


def _take(
    archive: Archive, member: zipfile.ZipInfo, writer: Writer, written: dict[str, Path]
) -> None:
    name = member.filename
    if member.flag_bits & _ENCRYPTED:
        writer.fail(name, f"{name} is protected by a password. Unpack it, and add the file.")
        return
    if why := _refusal(member):
        writer.skip(name, why)
        return
    try:
        data = archive.read(member, most=HEAD) if member.file_size <= HEAD else None
        head = archive.head(member, HEAD) if data is None else data
        kind = kind_of_head(head, Path(name).suffix.lower(), lambda: _names(archive, member))
        if why := _no_document(kind):
            writer.skip(name, why)
        elif member.file_size == 0:
            writer.skip(name, "it is empty")
        else:
            whole = archive.read(member, most=writer.max_bytes) if data is None else data
            written[name] = writer.write(_parts(name), whole)
    except CorpusError as error:
        writer.fail(name, str(error))


def _take_sidecar(archive: Archive, member: zipfile.ZipInfo, writer: Writer, of: Path) -> None:
    try:
        writer.write_beside(sidecar_of(of), archive.read(member, most=_MOST_SIDECAR))
    except CorpusError as error:
        writer.fail(member.filename, str(error))


def _refusal(member: zipfile.ZipInfo) -> str | None:
    if is_link(member):
        return "a link, not a file"
    if any(part.startswith(".") and part.strip(" .") for part in _parts(member.filename)):
        return "hidden"
    return None


def _no_document(kind: str | None) -> str | None:
    if kind is None:
        return "no reader takes this kind of file"
    if kind == "zip":
        return "an archive in an archive: unpack it, and add that"
    if kind in CONTAINERS:
        return "it holds several documents: add it by itself"
    return "an old Office file: save it as .docx, .xlsx or .pptx" if kind == OLD_OFFICE else None


def _names(archive: Archive, member: zipfile.ZipInfo) -> tuple[str, ...]:
    data = archive.read(member)
    try:
        return Archive.of(data, name=member.filename).names
    except UnreadableFile:
        return ()


def _parts(name: str) -> list[str]:
    """Return the parts of a member's path without those that lead out: root, drive and ``..``."""
    return [part for part in _SEPARATORS.split(_DRIVE.sub("", name, count=1)) if part.strip(" .")]
