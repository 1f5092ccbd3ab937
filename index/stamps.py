"""A mark on each file by which a later look tells whether it has changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from corpus.sidecar import SUFFIX


def stamp(path: Path | str) -> str:
    """Return a mark that changes when a file or its sidecar does: sizes and times of change."""
    marks = []
    name = os.path.basename(path)
    for suffix in ("", SUFFIX):
        try:
            status = os.stat(f"{path}{suffix}")
        except OSError:  # not there, or a sidecar's name that is longer than a disk takes
            continue
        # The time of change as well: tools such as rsync set the other one back.
        marks.append(f"{name}{suffix}:{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}")
    text = "\n".join(marks)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
