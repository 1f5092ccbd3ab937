"""The JSON about backups that leaves the program.

As in ``contract``: a key is never renamed or removed; keys may be added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from assistant.backup import Backup
    from assistant.backup_manifest import Manifest
    from assistant.migrate import Migrated
    from assistant.restore import Restored


class LeftOutJson(TypedDict):
    """A file that could not be backed up, by its path in the home, and why."""

    path: str
    reason: str


class HeldJson(TypedDict):
    """What a backup holds; ``bytes`` is the size of all its files, ``made`` when it was made."""

    made: str
    program: str
    recipe: str
    documents: int
    passages: int
    files: int
    bytes: int
    left_out: list[LeftOutJson]


class BackupJson(HeldJson):
    """What ``assistant backup --json`` prints; ``size`` is the backup's own, in bytes."""

    file: str
    size: int


class RestoreJson(HeldJson):
    """What ``assistant restore --json`` prints."""

    home: str


class MigratedJson(TypedDict):
    """What ``assistant migrate --json`` prints: the new home, the settings that name places out of
    it, and how many answers of the two homes were compared and the same."""

    home: str
    settings: dict[str, str]
    documents: int
    files: int
    compared: int
    left_out: list[LeftOutJson]


def migrated_json(moved: Migrated) -> MigratedJson:
    """Return a home that was moved as the contract's object."""
    return {
        "home": str(moved.home.root),
        "settings": dict(moved.settings),
        "documents": moved.documents,
        "files": moved.files,
        "compared": moved.compared,
        "left_out": [{"path": one.path, "reason": one.reason} for one in moved.left_out],
    }


def backup_json(backup: Backup) -> BackupJson:
    """Return a backup that was made as the contract's object."""
    return {"file": str(backup.file), "size": backup.size, **_held(backup.manifest)}


def restore_json(restored: Restored) -> RestoreJson:
    """Return a restored home as the contract's object."""
    return {"home": str(restored.home.root), **_held(restored.manifest)}


def _held(manifest: Manifest) -> HeldJson:
    return {
        "made": manifest.made,
        "program": manifest.program,
        "recipe": manifest.recipe,
        "documents": manifest.documents,
        "passages": manifest.passages,
        "files": len(manifest.members),
        "bytes": sum(one.size for one in manifest.members),
        "left_out": [{"path": one.path, "reason": one.reason} for one in manifest.left_out],
    }
