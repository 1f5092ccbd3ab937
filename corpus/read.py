"""The way from a file to a document: bytes, reader, cleaning, description."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from corpus.clean import clean
from corpus.describe import describe
from corpus.documents import Document, Reading, slug, text_sha256
from corpus.errors import UnreadableFile
from corpus.readers import MAX_BYTES, read_file
from corpus.sidecar import read_sidecar


def read_document(
    path: Path,
    *,
    folder: Path,
    document_id: str | None = None,
    max_bytes: int = MAX_BYTES,
    today: dt.date | None = None,
) -> Reading:
    """Read the file at ``path``, in the documents folder ``folder``, into a described document.

    ``document_id`` defaults to the slug of the path in the folder. Raises UnreadableFile and
    UnsupportedFormat as ``read_file`` does, and UnreadableFile where cleaning leaves no text.
    """
    relative = _relative(path, folder)
    raw = read_file(path, max_bytes=max_bytes)
    cleaned = clean(raw.text)
    if not any(character.isalnum() for character in cleaned.text):
        raise UnreadableFile(f"{path} holds no text once it is cleaned. Check what it holds.")
    described = describe(
        raw, cleaned.text, curated=read_sidecar(path), file_name=path.name, today=today
    )
    document = Document(
        id=document_id or slug(relative),
        title=described.title,
        text=described.text,
        date=described.date,
        source=described.source,
        url=described.url,
        language=described.language,
        tags=described.tags,
        media_type=raw.media_type,
        path=relative,
        sha256=text_sha256(described.text),
    )
    return Reading(document, cleaned.removed, described.guessed, described.problems)


def _relative(path: Path, folder: Path) -> str:
    try:
        relative = path.relative_to(folder).as_posix()
        relative.encode("utf-8")
    except ValueError as error:
        if isinstance(error, UnicodeEncodeError):
            raise UnreadableFile(f"The name of {path} is not valid UTF-8. Rename it.") from error
        return path.name
    return relative
