"""What a reading process says is believed only where it can be true.

A hostile file may have taken its reader over. Its text may say anything, as any text may; it must
not get in the place of another document, or name a file elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.documents import Reading, slug, text_sha256
from corpus.errors import ReaderStopped
from corpus.readers.load import MAX_BYTES
from corpus.sandbox_wire import BadFrame, from_json

if TYPE_CHECKING:
    from corpus.unpacked import Unpacked


@dataclass(frozen=True, slots=True)
class ReadJob:
    """A file to read, in the documents folder ``folder``; ``seconds`` if not the usual."""

    path: Path
    folder: Path
    document_id: str | None = None
    max_bytes: int = MAX_BYTES
    seconds: float | None = None


def believed(path: Path, kind: Any, value: object) -> Any:
    """Return ``value``, from JSON, as the type ``kind``; raises ReaderStopped where it is not."""
    try:
        return from_json(kind, value)
    except BadFrame as error:
        raise _mistrusted(path) from error


def as_asked(job: ReadJob, reading: Reading) -> Reading:
    """Return a reading if it is of the file that was asked for, and true to itself."""
    document = reading.document
    path = job.path.name
    if job.path.is_relative_to(job.folder):
        path = job.path.relative_to(job.folder).as_posix()
    ends = [0, *document.pages, len(document.text)]
    if (
        document.path == path
        and document.id == (job.document_id or slug(path))
        and document.sha256 == _sha256(document.text)
        and ends == sorted(ends)
    ):
        return reading
    raise _mistrusted(job.path)


def all_in(path: Path, folder: Path, unpacked: Unpacked) -> Unpacked:
    """Return what came out of ``path`` if all its files are in ``folder`` and no links lead out."""
    folder = folder.resolve()
    if all(file.resolve().is_relative_to(folder) for file in unpacked.files):
        return unpacked
    raise _mistrusted(path)


def _sha256(text: str) -> str | None:
    try:
        return text_sha256(text)
    except UnicodeEncodeError:  # a lone surrogate is no text
        return None


def _mistrusted(path: Path) -> ReaderStopped:
    return ReaderStopped(
        f"{path} could not be read: what its reader sent back makes no sense. "
        "Save it again, or in another format."
    )
