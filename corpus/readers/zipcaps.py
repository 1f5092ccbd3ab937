"""ZIP archives within caps: what the directory says is checked, and so is what really comes out."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from corpus.errors import UnreadableFile

MOST_MEMBERS = 10_000
MOST_BYTES = 300_000_000
"""All that may come out of one archive, in bytes."""
MOST_XML_BYTES = 100_000_000
"""All the XML that may be parsed out of one archive, in bytes."""
MOST_RATIO = 200
"""Text packs to a tenth and blank tables to a hundredth; a bomb packs to a thousandth."""

_RATIO_FROM = 1_000_000
# A directory's entry has 46 bytes and a name; this is 10,000 of them with long names.
_MOST_DIRECTORY = 4_000_000
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_TAIL = 65_557 + 76
_LOCAL_HEADER = 30
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Archive:
    """An opened ZIP whose directory keeps the caps; ``read`` never yields more than they allow.

    ``name`` is the file's, for messages. Raises UnreadableFile for whatever is wrong.
    """

    def __init__(self, source: IO[bytes], *, name: str) -> None:
        self._name = name
        self._left = MOST_BYTES
        with _bad_zip(name):
            _check_directory_size(source, name)
            self._zip = zipfile.ZipFile(source)
        self.members = tuple(self._zip.infolist())
        self._check()

    @classmethod
    def of(cls, data: bytes, *, name: str) -> Archive:
        """Open an archive that is in memory."""
        return cls(io.BytesIO(data), name=name)

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names, folders left out, as the directory lists them."""
        return tuple(name for one in self.members if (name := one.filename) and name[-1] != "/")

    def read(self, member: str | zipfile.ZipInfo, *, most: int = MOST_BYTES) -> bytes:
        """Return one member's bytes, at most ``most``.

        Raises UnreadableFile where it is missing, encrypted, damaged, or larger than that.
        """
        limit = min(most, self._left)
        with _bad_zip(self._name), self._zip.open(member) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise _too_much(self._name, most)
        self._left -= len(data)
        return data

    def head(self, member: zipfile.ZipInfo, length: int) -> bytes:
        """Return the first ``length`` bytes of a member. Raises UnreadableFile."""
        with _bad_zip(self._name), self._zip.open(member) as file:
            return file.read(length)

    def _check(self) -> None:
        if len(self.members) > MOST_MEMBERS:
            raise UnreadableFile(
                f"{self._name} holds {len(self.members):,} files, and {MOST_MEMBERS:,} is the most "
                "an archive may hold. Split it."
            )
        if sum(member.file_size for member in self.members) > MOST_BYTES:
            raise _too_much(self._name, MOST_BYTES)
        for member in self.members:
            self._check_member(member)
        self._check_overlaps()

    def _check_member(self, member: zipfile.ZipInfo) -> None:
        packed = max(member.compress_size, 1)
        if member.file_size > _RATIO_FROM and member.file_size > MOST_RATIO * packed:
            raise UnreadableFile(
                f"{self._name} looks like a bomb: {member.filename} would grow "
                f"{member.file_size // packed:,} times. Unpack it by hand if you trust it."
            )
        # The other methods cannot be stopped in the middle of what they inflate.
        if member.compress_type not in _METHODS and not member.filename.endswith("/"):
            raise UnreadableFile(
                f"{self._name} is packed in an uncommon way. Pack it again as a plain ZIP."
            )

    def _check_overlaps(self) -> None:
        """Refuse members that share bytes, which is how a small file pretends to be many."""
        end = 0
        for member in sorted(self.members, key=lambda one: one.header_offset):
            if member.header_offset < end:
                raise UnreadableFile(
                    f"{self._name} is not a sound ZIP: its members overlap. Pack it again."
                )
            end = member.header_offset + _LOCAL_HEADER + member.compress_size


def is_link(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a symbolic link, or another thing that is no file or folder."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    return kind not in (0, stat.S_IFREG, stat.S_IFDIR)


def names_in(path: Path) -> tuple[str, ...]:
    """Return the names in a ZIP's directory, read without its members; none if it is damaged."""
    try:
        with path.open("rb") as file:
            return Archive(file, name=str(path)).names
    except (OSError, UnreadableFile):
        return ()


@contextmanager
def _bad_zip(name: str) -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:  # zipfile's word for a member with a password
        raise UnreadableFile(
            f"{name} is protected by a password. Save it without one and add it again."
        ) from error
    except (
        zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, OverflowError,
        struct.error, NotImplementedError,
    ) as error:  # fmt: skip
        raise UnreadableFile(
            f"{name} is damaged: its ZIP cannot be read. Save or download it again."
        ) from error


def _check_directory_size(source: IO[bytes], name: str) -> None:
    """Refuse a huge directory before zipfile builds an object for each of its entries."""
    length = source.seek(0, io.SEEK_END)
    source.seek(max(0, length - _TAIL))
    tail = source.read(_TAIL)
    source.seek(0)
    at = tail.rfind(_END)
    sizes = [_number(tail, at + 12, 4)] if at >= 0 else []
    # ZIP64 has the size in a record of its own, and the old field may then hold anything.
    at = tail.rfind(_END_64, 0, max(at, 0))
    sizes += [_number(tail, at + 40, 8)] if at >= 0 else []
    real = [size for size in sizes if size != 0xFFFF_FFFF]
    if real and max(real) > _MOST_DIRECTORY:
        raise UnreadableFile(
            f"{name} holds more files than the {MOST_MEMBERS:,} an archive may hold. Split it."
        )


def _number(data: bytes, start: int, length: int) -> int:
    return int.from_bytes(data[start : start + length], "little")


def _too_much(name: str, most: int) -> UnreadableFile:
    return UnreadableFile(
        f"{name} would unpack to more than {most / 1e6:,.0f} MB, the most that is read. Split it."
    )
