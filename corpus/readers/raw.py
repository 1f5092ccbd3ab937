"""What a reader hands on: the text of a file, and what the file says about itself."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.documents import Removed

HIDDEN = "hidden text"
"""The reason with which a reader leaves out what a person would not see: it may be aimed at
machines, so it is looked at more closely."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file or its sidecar states about a document, as written: nothing is inferred.

    ``date`` is the text of the date, which may turn out not to be one. ``made`` is the day on which
    the file was made, which need not be the day of publication. ``inferred`` names the fields that
    a reader did not find stated and took from what a page shows. ``problems`` are one-line remarks
    about statements that could not be used. Only a sidecar has ``keep``, the removed parts
    that a curator wants back, and ``released``, the SHA-256 of the text that a curator released
    from quarantine.
    """

    title: str | None = None
    date: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    fetched: str | None = None
    keep: tuple[str, ...] = ()
    released: str | None = None
    problems: tuple[str, ...] = ()
    made: str | None = None
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawText:
    """The text of one file, laid out as blocks with a blank line between, not yet cleaned.

    ``dropped`` are parts that the reader itself left out of ``text`` (menus, page headers, hidden
    text), each with the line of ``text`` that it stood before. ``line_pages`` is the page, from 1,
    that each line of ``text`` begins on, for formats that have pages; ``page_breaks`` are the
    places inside lines, such as paragraphs that run over, where another page begins: the line,
    from 1, the column, from 0, and the page.
    """

    text: str
    media_type: str
    stated: Stated = Stated()
    dropped: tuple[Removed, ...] = ()
    line_pages: tuple[int, ...] = ()
    page_breaks: tuple[tuple[int, int, int], ...] = ()
