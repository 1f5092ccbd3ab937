"""Findings: an input each, named after its target and the place where it went wrong."""

from __future__ import annotations

import hashlib
import time
import traceback
from pathlib import Path

from tests.fuzz.mutate import minimised
from tests.fuzz.targets import TARGETS

FOUND = Path(__file__).with_name("found")
ROOT = Path(__file__).parents[2]
SLOW_SECONDS = 10.0
"""What an input under 100 KB may take: a large file of the same density must end in a minute."""
_LARGEST = 20_000


class TookTooLong(Exception):
    """An input that took over SLOW_SECONDS."""


def run(target: str, data: bytes) -> None:
    """Run a target on one input; raises what is a finding."""
    start = time.perf_counter()
    TARGETS[target](data)
    seconds = time.perf_counter() - start
    if seconds > SLOW_SECONDS:
        raise TookTooLong(f"{len(data)} bytes took {seconds:.0f} s")


def place(error: BaseException) -> str:
    """Return where an error arose, as a line that is the same for the same fault."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT / "corpus")]
    at = (ours or frames)[-1]
    where = f"{Path(at.filename).name}:{at.name}" if ours else "checks"
    about = f" {error}" if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__}{about} in {where} ({Path(frames[-1].filename).name})"


def keep(target: str, data: bytes, error: BaseException) -> Path | None:
    """Write an input down and return its path; None where its fault is already known."""
    where = place(error)
    path = path_for(target, where)
    if path.exists():
        return None

    def fails(shorter: bytes) -> bool:
        try:
            TARGETS[target](shorter)
        except Exception as other:
            return place(other) == where
        return False

    if not isinstance(error, TookTooLong | MemoryError) and data[:2] != b"PK":
        data = minimised(data, fails)
    return write(path, data)


def path_for(target: str, where: str) -> Path:
    """Return where the input of a fault is kept."""
    return FOUND / f"{target}-{hashlib.sha256(where.encode()).hexdigest()[:10]}.bin"


def write(path: Path, data: bytes) -> Path | None:
    """Write an input, if it is small enough to be kept."""
    if len(data) > _LARGEST:
        return None
    FOUND.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path
