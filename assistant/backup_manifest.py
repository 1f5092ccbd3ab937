"""The manifest of a backup: its last member, which says what each of the others must be."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from assistant.backup_contents import DOCUMENTS, SETTINGS, STATE, LeftOut, is_derived
from corpus.errors import BackupFailure

FORMAT = 1
"""Goes up when an older program could not restore what a newer one writes."""
NAME = "manifest.json"
LARGEST = 200_000_000
"""Bytes of a manifest, at most: a million files take some 150 million."""

_INDEX = f"{STATE}/index/"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a backup.

    ``size`` is in bytes, ``mtime_ns`` in nanoseconds, ``mode`` its rights. ``indexed`` tells that
    the catalogue holds just what this document's file, with its sidecar, says.
    """

    name: str
    size: int
    sha256: str
    mtime_ns: int
    mode: int
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, when it was made (ISO 8601) and by which program.

    ``documents`` and ``passages`` count those of ``catalogue``, the member with the index; its
    folder's name is the recipe that it was made with. ``left_out`` could not be copied.
    """

    program: str
    made: str
    catalogue: str
    documents: int
    passages: int
    members: tuple[Member, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def recipe(self) -> str:
        """What the index was made with: see ``index.recipe``."""
        return PurePosixPath(self.catalogue).parent.name

    def to_json(self) -> bytes:
        """Return the manifest as it is written."""
        fields = {"format": FORMAT, "recipe": self.recipe, **dataclasses.asdict(self)}
        return json.dumps(fields, ensure_ascii=False, indent=1).encode()


def read_manifest(data: bytes) -> Manifest:
    """Return a manifest from its JSON. Raises BackupFailure: it may have been written by anyone."""
    try:
        raw = json.loads(data)
        version = raw["format"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BackupFailure(
            f"its {NAME} cannot be read, so it is damaged or no backup: use another one"
        ) from error
    if version != FORMAT:
        raise BackupFailure(
            f"it has format {version!r:.40}, and this program reads format {FORMAT}: restore it "
            f"with the program that made it ({raw.get('program')!r:.80})"
        )
    try:
        manifest = _manifest(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupFailure(f"its {NAME} is not as it should be: use another backup") from error
    _check_names(manifest)
    return manifest


def _manifest(raw: dict[str, Any]) -> Manifest:
    members = tuple(
        Member(
            _text(one["name"]),
            _count(one["size"]),
            _text(one["sha256"]),
            _whole(one["mtime_ns"]),
            _count(one["mode"]),
            one["indexed"] is True,
        )
        for one in raw["members"]
    )
    left_out = tuple(LeftOut(_text(one["path"]), _text(one["reason"])) for one in raw["left_out"])
    return Manifest(
        _text(raw["program"]),
        _text(raw["made"]),
        _text(raw["catalogue"]),
        _count(raw["documents"]),
        _count(raw["passages"]),
        members,
        left_out,
    )


def _check_names(manifest: Manifest) -> None:
    """Let nothing be written outside a home, or into it what nobody backs up."""
    seen: set[str] = set()
    for member in manifest.members:
        if not _is_of_a_home(member.name) or (
            member.name.startswith(_INDEX)
            and member.name != manifest.catalogue
            and "/" in member.name.removeprefix(_INDEX)
        ):
            raise BackupFailure(
                f"it holds {member.name!r:.200}, which is no file of a home: it was not made by "
                "this program, so nothing of it is restored"
            )
        if member.name in seen:
            raise BackupFailure(f"it holds {member.name!r:.200} twice: use another backup")
        seen.add(member.name)
    if manifest.catalogue not in seen:
        raise BackupFailure("it has no catalogue: use another backup")


def _is_of_a_home(name: str) -> bool:
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\0" in name:
        return False
    if parts[0] == STATE and len(parts) > 1:
        below = name.removeprefix(f"{STATE}/")
        return name.startswith(_INDEX) or not is_derived(below)
    return name == SETTINGS or (parts[0] == DOCUMENTS and len(parts) > 1)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    value.encode()  # lone surrogates are no text: a ValueError
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise TypeError("no whole number")
    return value


def _count(value: object) -> int:
    number = _whole(value)
    if number < 0:
        raise ValueError("below nothing")
    return number
