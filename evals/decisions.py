"""What a person decided about entries of the inbox: a line each in the home's state folder.

``evals/inbox.jsonl`` there is derived from nothing. The last line about an entry counts.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.atomic import shelf_errors
from corpus.errors import ShelfError
from evals.appended import append, appended

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
    append(_file(state), asdict(made))
    return made


@contextlib.contextmanager
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


def _read(path: Path) -> Iterator[Decision]:
    for found in appended(path):
        with contextlib.suppress(KeyError):  # a line of another program
            yield Decision(
                str(found["entry"]),
                str(found["decision"]),
                str(found["when"]),
                str(found["suite"]),
                str(found["case"]),
            )


def _file(state: Path) -> Path:
    return state / "evals" / "inbox.jsonl"
