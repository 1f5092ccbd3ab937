"""The way from a file to a document: bytes, reader, cleaning, description."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import shorten

from corpus.clean import clean, missing_parts
from corpus.describe import describe
from corpus.documents import Document, Reading, slug, text_sha256
from corpus.errors import UnreadableFile
from corpus.injection import find_instructions
from corpus.pages import page_starts
from corpus.readers import MAX_BYTES, read_file
from corpus.readers.decode import decode
from corpus.readers.load import load
from corpus.readers.raw import HIDDEN, RawText
from corpus.sidecar import ORIGINAL_MARK, read_sidecar


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
    raw = _with_left_out(read_file(path, max_bytes=max_bytes), path, max_bytes)
    curated = read_sidecar(path)
    cleaned = clean(raw.text, dropped=raw.dropped, keep=curated.keep)
    if not any(character.isalnum() for character in cleaned.text):
        raise UnreadableFile(f"{path} holds no text once it is cleaned. Check what it holds.")
    described = describe(raw, cleaned.text, curated=curated, file_name=path.name, today=today)
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
        author=described.author,
        pages=page_starts(
            described.text,
            cleaned=cleaned.text,
            line_numbers=cleaned.line_numbers,
            line_pages=raw.line_pages,
            page_breaks=raw.page_breaks,
        ),
    )
    return Reading(
        document,
        cleaned.removed,
        described.guessed,
        (*described.problems, *_not_kept(cleaned.text, curated.keep)),
        () if curated.released == document.sha256 else _instructions(raw),
    )


def _not_kept(text: str, keep: Sequence[str]) -> Iterator[str]:
    for part in missing_parts(text, keep):
        yield (
            f"its sidecar keeps {shorten(part, 60, placeholder=' …')!r}, which is nowhere in the "
            "file: copy the line as 'assistant doctor --removed' shows it, or take it out there"
        )


def _with_left_out(raw: RawText, path: Path, max_bytes: int) -> RawText:
    """Add what was left out of the fetched page beside a Markdown file, which was made from it.

    The file's lines are those of the page's text, so each part has its place there. What a curator
    has put back by hand is not left out.
    """
    original = path.with_name(f"{path.name}{ORIGINAL_MARK}html")
    if raw.media_type != "text/markdown" or not os.path.isfile(original):
        return raw
    from corpus.readers.html import read_html

    try:
        source = decode(load(original, max_bytes=max_bytes), name=original.name)
        page = read_html(source, name=original.name)
    except UnreadableFile:
        return raw  # it is kept for people, and the text does not need it
    lines = set(raw.text.split("\n"))
    left_out = (part for part in page.dropped if part.text not in lines)
    return replace(raw, dropped=(*raw.dropped, *left_out))


def _instructions(raw: RawText) -> tuple[str, ...]:
    """Return why a document must not be retrieved: what in it is aimed at an assistant.

    It is looked for in the text as it came, since repairing takes invisible characters away, and
    in what the document says about itself, as that is shown and searched too.
    """
    hidden = [part.text for part in raw.dropped if part.reason == HIDDEN]
    stated = raw.stated
    facts = (stated.title, stated.author, stated.source, *stated.tags)
    of_facts = find_instructions("\n\n".join(fact for fact in facts if fact))
    return tuple(dict.fromkeys((*find_instructions(raw.text, hidden), *of_facts)))


def _relative(path: Path, folder: Path) -> str:
    try:
        relative = path.relative_to(folder).as_posix()
        relative.encode("utf-8")
    except ValueError as error:
        if isinstance(error, UnicodeEncodeError):
            raise UnreadableFile(f"The name of {path} is not valid UTF-8. Rename it.") from error
        return path.name
    return relative
