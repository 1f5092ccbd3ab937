"""The doctor and the database that hosts share: without it, all else is looked at nevertheless."""

from __future__ import annotations

from assistant.archive import Archive
from corpus.errors import ArchiveError, DatabaseAway
from corpus.findings import Finding
from index.entries import Changes, ProgressListener

_STEP = (
    "until then what changed in the documents folder is not taken in, and not looked at: run "
    "'assistant doctor' again when that is done"
)


def take_in(
    archive: Archive, progress: ProgressListener | None
) -> tuple[Changes, tuple[Finding, ...]]:
    """Bring the index up to date with the folder; where the database keeps that from being done,
    leave it as it is, and say why."""
    trouble: ArchiveError | None
    try:
        changes = archive.sync(progress=progress)
        trouble = archive.index.sharing.trouble
    except DatabaseAway as error:
        changes, trouble = Changes(), error
    return changes, (_finding(trouble),) if trouble else ()


def _finding(trouble: ArchiveError) -> Finding:
    return Finding("", "", "database", "error", str(trouble), _STEP)
