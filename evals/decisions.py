"""What a person decided about entries of the inbox: a line each in the home's state folder.

``evals/inbox.jsonl`` there is derived from nothing. The last line about an entry counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.atomic import shelf_errors
from corpus.errors import ShelfError

ACCEPTED, DISMISSED = "accepted", "dismissed"
_WAIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Decision:
    """``suite`` and ``case`` say where an accepted entry went; ``when`` is ISO 8601 in UTC."""

    entry: str
    decision: str
    when: str
    suite: str = ""
    case: str = ""


def decisions(state: Path) -> dict[str, Decision]:
    """Return the decision of each entry that has one."""
    return {one.entry: one for one in _read(_file(state))}


def decide(state: Path, entry: str, decision: str, *, suite: str = "", case: str = "") -> Decision:
    """Keep a decision. Raises ShelfError where the folder can't be written."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    made = Decision(entry, decision, now, suite, case)
    path = _file(state)
    # One write of one line: a killed process leaves at most a line that is left out in reading.
    with shelf_errors("written"), path.open("a", encoding="utf-8") as file:
        file.write("\n" * _is_cut(path) + json.dumps(asdict(made)) + "\n")
    return made


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Let one process or thread at a time work on the inbox of a home. Raises ShelfError."""
    folder = _file(state).parent
    with shelf_errors("written"):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "inbox.lock")
        try:
            lock.acquire(timeout=_WAIT_SECONDS)
        except Timeout:
            raise ShelfError(
                f"another process works on the inbox in {folder}: end it, and try again"
            ) from None
    try:
        yield
    finally:
        lock.release()


def _is_cut(path: Path) -> bool:
    """Tell whether the last line of a file has no end."""
    data = path.read_bytes()
    return bool(data) and not data.endswith(b"\n")


def _read(path: Path) -> Iterator[Decision]:
    try:
        lines = path.read_text("utf-8", errors="replace").split("\n")
    except OSError:
        return
    for line in lines:
        try:
            found = json.loads(line)
            yield Decision(
                str(found["entry"]),
                str(found["decision"]),
                str(found["when"]),
                str(found["suite"]),
                str(found["case"]),
            )
        except (ValueError, KeyError, TypeError):
            continue  # An empty last line, or one that was cut off.


def _file(state: Path) -> Path:
    return state / "evals" / "inbox.jsonl"
