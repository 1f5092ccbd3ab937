"""Files that hold several documents: ZIPs, lists of articles, mailboxes; taken apart into files."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.errors import UnsupportedFormat
from corpus.readers import MAX_BYTES, kind_of
from corpus.readers.kinds import CONTAINERS
from corpus.unpacked import Unpacked, Writer

__all__ = ["Unpacked", "is_container", "unpack"]


def is_container(path: Path) -> bool:
    """Tell whether the file at ``path`` holds several documents rather than being one.

    That is a ZIP that is no Office file or book, a JSON array or JSON lines of articles, or a
    mailbox. A ``.json`` file is read whole for this, when it is not too large for a document.
    """
    return _container_kind(path) is not None


def unpack(path: Path, into: Path, *, max_bytes: int = MAX_BYTES) -> Unpacked:
    """Write the documents in the container at ``path`` into the folder ``into``, a new one.

    Nothing is written outside ``into``, and no document may be larger than ``max_bytes``. A part
    that cannot be used is named in the result and the others are done. Raises UnsupportedFormat
    where ``path`` is no container, and UnreadableFile where it cannot be read at all.
    """
    kind = _container_kind(path)
    writer = Writer(into, max_bytes)
    if kind == "zip":
        from corpus.unpack_zip import unpack_zip

        unpack_zip(path, writer)
    elif kind == "mbox":
        from corpus.unpack_mail import unpack_mails

        unpack_mails(path, writer)
    elif kind is not None:
        from corpus.unpack_articles import unpack_articles

        unpack_articles(path, writer, by_line=kind == "jsonl")
    else:
        raise UnsupportedFormat(f"{path} does not hold several documents. Add it as it is.")
    return writer.result()


def _container_kind(path: Path) -> str | None:
    if not os.path.isfile(path):
        return None
    kind = kind_of(path)
    if kind in CONTAINERS:
        return kind
    if kind == "json":
        from corpus.unpack_articles import holds_several

        return "json-list" if holds_several(path) else None
    return None
