"""The doctor and the database that hosts share: without it, all else is looked at nevertheless."""

from __future__ import annotations

import contextlib

from assistant.archive import Archive
from corpus.errors import ArchiveError, DatabaseAway, DocumentsElsewhere
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
    changes = Changes()
    trouble: ArchiveError | None
    try:
        changes = archive.sync(progress=progress)
        trouble = sharing.trouble
        with contextlib.suppress(DocumentsElsewhere):  # the remark says so
            sharing.check()  # where nothing has changed, nobody has seen that it only reads
    except DatabaseAway as error:
        trouble = error
    if trouble:
        return changes, (Finding("", "", "database", "error", str(trouble), _STEP),)
    if sharing.remark:
        return changes, (Finding("", "", "database", "warning", sharing.remark, _ELSEWHERE),)
    return changes, ()
