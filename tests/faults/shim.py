"""The library that lets calls to the system fail, compiled here: ``shim.c`` says what it does."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

READ, WRITE, SYNC, RENAME, UNLINK, OPEN = 1, 2, 4, 8, 16, 32
KILL, TORN = -1, -2

SOURCE = Path(__file__).with_name("shim.c")


def compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc")


def compiled(folder: Path) -> Path:
    """Compile the library into a folder, and return its path."""
    command = compiler()
    assert command is not None
    library = folder / "shim.so"
    subprocess.run(
        [command, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"],
        check=True,
        capture_output=True,
    )
    return library


def preloaded() -> dict[str, str]:
    """Return the environment that loads the library into a process and its children; an empty one
    where there is no compiler."""
    if compiler() is None:
        return {}
    return {"LD_PRELOAD": str(compiled(Path(tempfile.mkdtemp(prefix="archive-shim-"))))}


def is_loaded() -> bool:
    return hasattr(ctypes.CDLL(None), "fault_arm")


def arm(path: str, operations: int, action: int, nth: int = 1) -> None:
    """Let the n-th call of some kinds, and all after it, on paths that contain ``path`` fail."""
    ctypes.CDLL(None).fault_arm(path.encode(), operations, action, ctypes.c_long(nth))


def disarm() -> None:
    arm("", 0, 0)


def seen() -> int:
    """Return how many calls counted since the shim was armed."""
    function = ctypes.CDLL(None).fault_seen
    function.restype = ctypes.c_long
    return int(function())
