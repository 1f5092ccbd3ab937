"""What a reader hands on: the text of a file, and what the file says about itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file or its sidecar states about a document, as written: nothing is inferred.

    ``date`` is the text of the date, which may turn out not to be one. ``problems`` are one-line
    remarks about statements that could not be used.
    """

    title: str | None = None
    date: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawText:
    """The text of one file, laid out as blocks with a blank line between, not yet cleaned."""

    text: str
    media_type: str
    stated: Stated = Stated()
