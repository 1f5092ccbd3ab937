"""The doctor: what is wrong with the documents and with their index, and mending it."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.archive import Archive
from assistant.contract_corpus import cleaned_json
from assistant.contract_doctor import DoctorJson, finding_json, vectors_json
from assistant.health_database import take_in
from assistant.health_index import look_at_index, mend_catalogue, mend_index
from assistant.home import quoted
from corpus.doctor import SHORT_WORDS, examine
from corpus.errors import DatabaseAway
from corpus.fetched import fetched_on
from corpus.findings import Examined, Finding
from corpus.language import count_words
from corpus.listing import is_gone, list_folder
from corpus.readers.kinds import OLD_OFFICE, kind_of
from corpus.sidecar import SUFFIX, has_sidecar
from index.entries import Changes, Cleaned, Entry, ProgressListener
from index.intake import ASKED_FOR

_SAME_TEXT = re.compile(r"same text as the document '(.+)'")
_COPY = "remove this copy"
_SMALL = 1_000_000


def doctor_json(
    archive: Archive,
    *,
    repair: bool,
    thorough: bool = False,
    progress: ProgressListener | None = None,
) -> DoctorJson:
    """Examine the corpus and the index; with ``repair``, mend what loses nothing and look again.

    The folder is taken in first, as every command does, so what is found is true of the files of
    now; while a database that hosts share is away, no document is touched. ``thorough`` looks up
    every vector, however many there are.
    """
    mended: tuple[Finding, ...] = ()
    with contextlib.suppress(DatabaseAway):  # the look says so
        mended = mend_catalogue(archive, thorough=thorough, progress=progress) if repair else ()
    changes, away = take_in(archive, progress)
    looked = look_at_index(archive, thorough=thorough, progress=progress)
    found = (*away, *looked.findings, *_findings(archive, changes))
    repaired = mended
    if repair and any(one.repair for one in found):
        if not away:
            _remove_copies(archive, found)
        mend_index(archive, looked)
        changes, away = take_in(archive, progress)
        if looked.findings:
            looked = look_at_index(archive, thorough=thorough, progress=progress)
        left = (*away, *looked.findings, *_findings(archive, changes))
        repaired += tuple(one for one in found if one not in left)
        found = left
    entries = archive.entries()
    return {
        "documents": len(entries),
        "findings": [finding_json(one) for one in found],
        "repaired": [finding_json(one) for one in repaired],
        "cleaned": [cleaned_json(one) for one in _cleaned(archive, entries)],
        "vectors": vectors_json(looked.vectors) if looked.vectors else None,
    }


def _findings(archive: Archive, changes: Changes) -> tuple[Finding, ...]:
    examined = [_document(archive, entry) for entry in archive.entries()]
    examined += [
        Examined(
            one.path,
            one.path,
            error=one.error,
            blank=_is_blank(archive.home.documents / one.path),
        )
        for one in changes.failed
    ]
    found = examine([*examined, *_copies(changes)])
    careful = (_careful(archive, one) for one in found)
    return (*careful, *_not_taken_in(archive), *_stray_sidecars(archive))


def _document(archive: Archive, entry: Entry) -> Examined:
    text = archive.document(entry.id).text
    return Examined(
        id=entry.id,
        path=entry.path,
        title=entry.title,
        date=entry.date,
        author=entry.author,
        language=entry.language,
        guessed=entry.guessed,
        problems=entry.problems,
        quarantine=entry.quarantine,
        version_of=entry.version_of,
        characters=entry.characters,
        words=count_words(text),
        passages=entry.passages,
        removed_characters=sum(len(part.text) for part in archive.removed_parts(entry.id)),
        fetched=fetched_on(archive.home.documents / entry.path),
        added=entry.added.date(),
    )


def _is_blank(path: Path) -> bool:
    """Tell whether a small file has nothing in it but white space."""
    with contextlib.suppress(OSError):
        return path.stat().st_size < _SMALL and not path.read_bytes().strip()
    return False


def _copies(changes: Changes) -> Iterator[Examined]:
    for skipped in changes.skipped:
        if same := _SAME_TEXT.search(skipped.reason):
            # Only its being a copy is worth a word: all else is said of the first.
            yield Examined(
                skipped.path,
                skipped.path,
                title=skipped.path,
                date=dt.date.today(),
                words=SHORT_WORDS,
                duplicate_of=same[1],
            )


def _careful(archive: Archive, finding: Finding) -> Finding:
    """Leave a copy to its curator when facts were written down about it."""
    if finding.repair == _COPY and has_sidecar(archive.home.documents / finding.path):
        return Finding(
            finding.document_id,
            finding.path,
            finding.kind,
            finding.severity,
            finding.detail,
            finding.next_step,
        )
    return finding


def _not_taken_in(archive: Archive) -> Iterator[Finding]:
    """Yield the documents, to their curator, that were put into the folder and are not read."""
    folder = archive.home.documents
    listing = list_folder(folder)
    for odd in listing.odd:
        where = odd.path.relative_to(folder).as_posix()
        yield Finding(
            where,
            where,
            "not taken in",
            "warning",
            f"it is {odd.what}, which is not read",
            "put the file itself in its place, or delete it",
        )
    for file in listing.others:
        kind = kind_of(file)
        if kind not in ASKED_FOR:
            continue
        where = file.relative_to(folder).as_posix()
        several = kind != OLD_OFFICE
        command = quoted(f"assistant add {shlex.quote(str(file))}")
        yield Finding(
            where,
            where,
            "not taken in",
            "warning",
            "it holds several documents" if several else "it is an old Office file",
            f"take its documents in with {command}, then delete it here"
            if several
            else "save it as .docx, .xlsx or .pptx",
        )


def _stray_sidecars(archive: Archive) -> Iterator[Finding]:
    """Yield the sidecars whose document was renamed or deleted by hand."""
    folder = archive.home.documents
    for sidecar in sorted(folder.rglob(f"*{SUFFIX}")):
        document = sidecar.with_name(sidecar.name.removesuffix(SUFFIX))
        if is_gone(document):
            where = sidecar.relative_to(folder).as_posix()
            yield Finding(
                where,
                where,
                "stray sidecar",
                "warning",
                f"there is no {document.name} beside it, so its facts are not used",
                "rename it after its document, or delete it",
            )


def _remove_copies(archive: Archive, found: Iterable[Finding]) -> None:
    for one in found:
        if one.repair == _COPY:
            archive.remove_file(one.path)


def _cleaned(archive: Archive, entries: Iterable[Entry]) -> list[Cleaned]:
    parts = ((entry.id, archive.removed_parts(entry.id)) for entry in entries)
    return [Cleaned(document_id, removed) for document_id, removed in parts if removed]
