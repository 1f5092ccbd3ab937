"""The JSON about the corpus that leaves the program: entries and changes.

As in ``contract``: a key is never renamed or removed; keys may be added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from corpus.findings import UNDATED

if TYPE_CHECKING:
    from corpus.documents import Document, Removed
    from index.entries import Changes, Cleaned, Entry


class EntryJson(TypedDict):
    """One row of ``assistant list --json``."""

    id: str
    title: str
    date: str | None
    source: str | None
    url: str | None
    language: str | None
    tags: list[str]
    media_type: str
    path: str
    sha256: str
    characters: int
    passages: int
    added: str
    problems: list[str]
    author: str | None
    guessed: list[str]
    quarantine: list[str]
    version_of: str | None


class ShowJson(EntryJson):
    """What ``assistant show --json`` prints."""

    text: str


class SkippedJson(TypedDict):
    """A file left alone on purpose."""

    path: str
    reason: str


class FailedJson(TypedDict):
    """A file that could not be taken in."""

    path: str
    error: str


class RemovedJson(TypedDict):
    """A part that reading or cleaning took out; ``line`` is its place in the text before that."""

    line: int
    text: str
    reason: str


class CleanedJson(TypedDict):
    """What was taken out of one document."""

    document_id: str
    removed: list[RemovedJson]


class QuarantinedJson(TypedDict):
    """A document that is kept and not retrieved, and why."""

    document_id: str
    reasons: list[str]


class VersionJson(TypedDict):
    """A document that is nearly the same as another one."""

    document_id: str
    version_of: str


class RemarksJson(TypedDict):
    """What a curator should look at in a document that was taken in, but for a missing date."""

    document_id: str
    problems: list[str]


class ChangesJson(TypedDict):
    """What ``add``, ``remove``, ``release`` and ``sync`` print.

    ``indexed_again`` names those of ``added`` that are new in the index only because that was made
    anew.
    """

    added: list[str]
    updated: list[str]
    removed: list[str]
    unchanged: int
    skipped: list[SkippedJson]
    failed: list[FailedJson]
    cleaned: list[CleanedJson]
    quarantined: list[QuarantinedJson]
    indexed_again: list[str]
    versions: list[VersionJson]
    remarks: list[RemarksJson]


def entry_json(entry: Entry) -> EntryJson:
    """Return a catalogue entry as the contract's object."""
    return {
        "id": entry.id,
        "title": entry.title,
        "date": entry.date.isoformat() if entry.date else None,
        "source": entry.source,
        "url": entry.url,
        "language": entry.language,
        "tags": list(entry.tags),
        "media_type": entry.media_type,
        "path": entry.path,
        "sha256": entry.sha256,
        "characters": entry.characters,
        "passages": entry.passages,
        "added": entry.added.isoformat(),
        "problems": list(entry.problems),
        "author": entry.author,
        "guessed": list(entry.guessed),
        "quarantine": list(entry.quarantine),
        "version_of": entry.version_of,
    }


def show_json(entry: Entry, document: Document) -> ShowJson:
    """Return a catalogue entry with its document's text."""
    return {**entry_json(entry), "text": document.text}


def changes_json(
    changes: Changes, entries: Iterable[Entry] = (), *, before: Collection[str] = ()
) -> ChangesJson:
    """Return a report of changes as the contract's object; ``entries`` are the documents of now,
    of which those that came in quarantined, as other versions of others or with problems are
    named; ``before`` are those that there were before."""
    ids = {*changes.added, *changes.updated}
    came = [one for one in entries if one.id in ids]
    return {
        "added": list(changes.added),
        "updated": list(changes.updated),
        "removed": list(changes.removed),
        "unchanged": changes.unchanged,
        "skipped": [{"path": one.path, "reason": one.reason} for one in changes.skipped],
        "failed": [{"path": one.path, "error": one.error} for one in changes.failed],
        "cleaned": [cleaned_json(one) for one in changes.cleaned],
        "quarantined": [
            {"document_id": one.id, "reasons": list(one.quarantine)}
            for one in came
            if one.quarantine
        ],
        "indexed_again": [one for one in changes.added if one in before],
        "versions": [
            {"document_id": one.id, "version_of": one.version_of} for one in came if one.version_of
        ],
        "remarks": [
            {"document_id": one.id, "problems": problems}
            for one in came
            if (problems := [problem for problem in one.problems if problem != UNDATED])
        ],
    }


def cleaned_json(cleaned: Cleaned) -> CleanedJson:
    """Return what was taken out of one document as the contract's object."""
    return {
        "document_id": cleaned.document_id,
        "removed": [removed_json(part) for part in cleaned.removed],
    }


def removed_json(part: Removed) -> RemovedJson:
    """Return a part that was taken out as the contract's object."""
    return {"line": part.line, "text": part.text, "reason": part.reason}
