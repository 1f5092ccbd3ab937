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
_ELSEWHERE = (
    "add documents there, or run 'assistant sync --adopt' to let this folder be what the index of "
    "all hosts is made of"
)


def take_in(
    archive: Archive, progress: ProgressListener | None
) -> tuple[Changes, tuple[Finding, ...]]:
    """Bring the index up to date with the folder; where the database keeps that from being done,
    leave it as it is, and say why."""
    sharing = archive.index.sharing
    trouble: ArchiveError | None
    try:
        changes = archive.sync(progress=progress)
        trouble = sharing.trouble
    except DatabaseAway as error:
        changes, trouble = Changes(), error
    if trouble:
        return changes, (Finding("", "", "database", "error", str(trouble), _STEP),)
    if sharing.remark:
        return changes, (Finding("", "", "database", "warning", sharing.remark, _ELSEWHERE),)
    return changes, ()
