"""Files that grow by a line of JSON at a time, and outlive a program that is killed meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus.atomic import shelf_errors


def append(path: Path, value: Mapping[str, Any]) -> None:
    """Add an object as a line, making the file and its folder if need be. Raises ShelfError."""
    with shelf_errors("written"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            # One write of one line: a killed process leaves at most a line that is left out in
            # reading, and the next one does not go on in the middle of it.
            file.write(b"\n" * _is_cut(path) + json.dumps(value).encode() + b"\n")


def appended(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file, but lines that were cut off; none where there is no file."""
    try:
        lines = path.read_text("utf-8", errors="replace").split("\n")
    except OSError:
        return
    for line in lines:
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def _is_cut(path: Path) -> bool:
    data = path.read_bytes()
    return bool(data) and not data.endswith(b"\n")
