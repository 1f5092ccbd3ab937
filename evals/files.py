"""Writes reports so that a reader never finds half of one, and reads them back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpus.atomic import shelf_errors, write_all
from corpus.errors import UsageError


def write_report(path: Path, text: str) -> None:
    """Write a file whole or not at all, making its folder if need be.

    Raises ShelfError, or UsageError where something other than a file is in the way.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file as ``write_report`` does."""
    write_all({place_for(path): data})


def place_for(path: Path) -> Path:
    """Return where a file is to be written, with the folder that it goes into made if need be.

    Whatever takes long asks before it begins. Raises as ``write_report`` does.
    """
    # A device must not be renamed away, nor a link to one: /dev/stdout is such a link.
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise UsageError(f"{path} is not a plain file: choose another path")
    with shelf_errors("written"):
        target.parent.mkdir(parents=True, exist_ok=True)
    return target


def write_json(path: Path, value: Any) -> None:
    """Write a JSON value whole or not at all. Raises ShelfError."""
    write_report(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path) -> Any:
    """Read a JSON file that an earlier run wrote. Raises UsageError."""
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror}): check the path") from None
    except ValueError:
        raise UsageError(f"{path} is not JSON: name a file that evals run --json wrote") from None
