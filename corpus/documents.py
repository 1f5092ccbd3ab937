"""A document as the rest of the program sees it: clean text, described, with a stable id."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import PurePosixPath

READING_VERSION = 2
"""Part of the index recipe, beside the cleaner's: raise it when the same file would be read to
another text, title, date, or reason for quarantine."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the corpus.

    ``text`` is canonical: UTF-8, NFC, ``\\n`` line ends, blocks separated by one blank line,
    headings as ``## Heading``, list items as ``- item``. Every offset anywhere in the program
    counts characters (code points) of this text. ``sha256`` is the text's, so a citation names
    the exact version it was read from. ``pages`` are the offsets at which its pages begin, for
    formats that have pages.
    """

    id: str
    title: str
    text: str
    date: dt.date | None
    source: str | None
    url: str | None
    language: str | None
    tags: tuple[str, ...]
    media_type: str
    path: str
    sha256: str
    author: str | None = None
    pages: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Return the number, from 1, of the page that a character is on; None without pages."""
        return bisect_right(self.pages, offset) or None


@dataclass(frozen=True, slots=True)
class Removed:
    """A part that reading or cleaning took out.

    ``line`` counts from 1 in the text before cleaning: the line itself, or, for a part that the
    reader had left out of that text (a menu of a web page), the line that it stood before.
    """

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a curator says about a document when adding it; it outranks what the file says."""

    title: str | None = None
    date: dt.date | None = None
    source: str | None = None
    tags: tuple[str, ...] = ()
    author: str | None = None
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A document together with what reading it found out.

    ``guessed`` names the fields that were inferred rather than stated; ``problems`` are one-line
    remarks for a curator ("no date found"). ``quarantine`` gives the reasons for which the document
    is kept but not retrieved (instructions aimed at an assistant) until a curator releases it.
    """

    document: Document
    removed: tuple[Removed, ...] = ()
    guessed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    quarantine: tuple[str, ...] = ()


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def slug(path: str) -> str:
    """Turn a path relative to the documents folder into a readable id.

    ``"2020/Clearview & ICE.txt"`` becomes ``"2020/clearview-ice"``. Two paths may share a slug;
    whoever holds all paths (the shelf) keeps ids unique.
    """
    pure = PurePosixPath(path)
    parts = [*pure.parent.parts, pure.stem]
    words = (_plain_words(part) for part in parts if part not in ("", "."))
    return "/".join(word for word in words if word) or "document"


def _plain_words(part: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")
    # A name with no Latin letters still needs an id of its own.
    return plain or (
        "d" + hashlib.sha256(part.encode("utf-8", "surrogateescape")).hexdigest()[:8]
        if part
        else ""
    )
