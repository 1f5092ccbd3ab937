"""Backups taken apart and put together again, with something changed."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Members = dict[str, bytes]
Manifest = dict[str, Any]


def members_of(file: Path) -> Members:
    """Return all members of a backup."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest_of(file: Path) -> Manifest:
    """Return a backup's manifest."""
    found: Manifest = json.loads(members_of(file)["manifest.json"])
    return found


def rewrite(
    file: Path,
    change: Callable[[Members, Manifest], None],
    entry: Callable[[str], zipfile.ZipInfo | str] = str,
) -> None:
    """Let ``change`` change the members and the manifest of a backup, and write it again."""
    members = members_of(file)
    manifest = json.loads(members.pop("manifest.json"))
    change(members, manifest)
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(entry(name), data)


def add_member(members: Members, manifest: Manifest, name: str, data: bytes) -> None:
    """Put a member in, with all that the manifest has to say about it."""
    members[name] = data
    manifest["members"].append(
        {
            "name": name,
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "mtime_ns": 0,
            "mode": 0o644,
            "indexed": False,
        }
    )


def as_link(name: str) -> zipfile.ZipInfo:
    """Return the entry of a symbolic link."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry
