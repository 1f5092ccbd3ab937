"""Files that people drop on the page, taken into the corpus one after the other."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from queue import SimpleQueue
from typing import TYPE_CHECKING, Literal

from corpus.errors import ArchiveError
from corpus.readers import SUFFIXES, is_supported
from corpus.shelf import safe_name
from index.entries import Changes, Progress

if TYPE_CHECKING:
    from assistant.archive import Archive

_BROKEN = "It could not be added; var/assistant.log has the details."

State = Literal["waiting", "working", "added", "updated", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that arrived: where the server put it, and what the person calls it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one upload so far; ``detail`` is a stage, a title or a reason."""

    name: str
    state: State
    detail: str = ""


def take(archive: Archive, uploads: Sequence[Upload]) -> Iterator[tuple[Outcome, ...]]:
    """Add the uploads in turn and yield the outcomes of all of them after every step.

    Each file is removed from the upload folder whatever happens to it.
    """
    outcomes = [Outcome(upload.name, "waiting") for upload in uploads]
    yield tuple(outcomes)
    for number, upload in enumerate(uploads):
        for outcome in _steps(archive, upload):
            outcomes[number] = outcome
            yield tuple(outcomes)


def file_name(original: str | None, path: Path) -> str:
    """Return the name to keep a file under: its own, without folders and control characters."""
    name = PurePosixPath((original or "").replace("\\", "/")).name
    name = "".join(char for char in name if char.isprintable()).strip().lstrip(".")
    return name or path.name


def _steps(archive: Archive, upload: Upload) -> Iterator[Outcome]:
    refused = _refused(upload, archive.settings.max_file_mb)
    if refused:
        _discard(upload.path)
        yield refused
        return
    news: SimpleQueue[Progress | Outcome] = SimpleQueue()
    # A thread of its own: when the person leaves, the file is still taken in whole.
    threading.Thread(target=_add, args=(archive, upload, news), daemon=True).start()
    while isinstance(step := news.get(), Progress):
        yield Outcome(upload.name, "working", step.stage)
    yield step


def _refused(upload: Upload, max_file_mb: int) -> Outcome | None:
    if not is_supported(Path(upload.name)):
        kinds = ", ".join(SUFFIXES)
        return Outcome(upload.name, "failed", f"This kind of file can't be read. Use {kinds}.")
    if upload.path.stat().st_size > max_file_mb * 1_000_000:
        return Outcome(upload.name, "failed", f"It is larger than {max_file_mb} MB. Split it up.")
    return None


def _add(archive: Archive, upload: Upload, news: SimpleQueue[Progress | Outcome]) -> None:
    outcome = Outcome(upload.name, "failed", _BROKEN)
    folder = Path(tempfile.mkdtemp(prefix="archive-upload-"))
    try:
        # The server gave the file another name; the corpus keeps the person's own, made safe.
        named = Path(shutil.move(upload.path, folder / safe_name(upload.name)))
        outcome = _outcome(archive, archive.add([named], progress=news.put))
    except (ArchiveError, OSError) as error:
        outcome = Outcome(upload.name, "failed", str(error))
    except Exception:
        logging.getLogger(__name__).exception("An upload could not be added")
    finally:
        _discard(upload.path)
        shutil.rmtree(folder, ignore_errors=True)
        # The folder's name means nothing to the person who dropped the file.
        detail = outcome.detail.replace(f"{folder}/", "")
        news.put(replace(outcome, name=upload.name, detail=detail))


def _outcome(archive: Archive, changes: Changes) -> Outcome:
    for failed in changes.failed:
        return Outcome("", "failed", failed.error)
    for skipped in changes.skipped:
        return Outcome("", "unchanged", skipped.reason)
    for document_id in changes.added:
        return Outcome("", "added", _described(archive, document_id))
    for document_id in changes.updated:
        return Outcome("", "updated", _described(archive, document_id))
    return Outcome("", "unchanged", "It is in the corpus already.")


def _described(archive: Archive, document_id: str) -> str:
    entry = archive.entry(document_id)
    passages = f"{entry.passages:,} passage" + ("" if entry.passages == 1 else "s")
    problems = "".join(f" · {problem}" for problem in entry.problems)
    return f"“{entry.title}”, {passages}{problems}"


def _discard(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
    with suppress(OSError):
        path.parent.rmdir()  # the folder that the server made for this one upload
