"""What is derived from a model once and kept for this user: graphs and reference vectors."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

_DIGEST = 32
"""Bytes of the SHA-256 that each file begins with."""


def cache_folder() -> Path:
    """Return the user's folder for what can be made again, by the system's custom."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "archive-assistant" / "models"


def cached(name: str, make: Callable[[], bytes]) -> bytes:
    """Return the bytes kept as ``name``; ``make`` them where there are none or they are damaged.

    ``name`` says all that they depend on. Where nothing can be kept, they are made each time.
    """
    path = cache_folder() / name
    with contextlib.suppress(OSError):
        stored = path.read_bytes()
        content = memoryview(stored)[_DIGEST:]
        if hashlib.sha256(content).digest() == stored[:_DIGEST]:
            return bytes(content)
    made = make()
    with contextlib.suppress(OSError):
        _keep(path, hashlib.sha256(made).digest() + made)
    return made


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside it and then renamed: two programs may make it at once, and either may be killed.
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
