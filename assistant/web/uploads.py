"""Files that people drop on the page, taken into the corpus one after the other."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from assistant.adding import Adding
from assistant.web.outcomes import Outcome, outcomes_of
from assistant.web.wording import say
from assistant.web.work import progress_text, watched
from corpus.documents import Overrides
from corpus.safe_names import safe_name
from index.entries import Entry, Progress, ProgressListener

if TYPE_CHECKING:
    from assistant.archive import Archive

# Of a feed's pages; files are all taken.
_NO_LIMIT = 1
# Folders in folders; deeper ones are made one.
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that arrived: where the server put it, and what the person calls it.

    ``folder`` is where it lay in a folder that was given whole: ``("letters", "2021")``.
    """

    path: Path
    name: str
    folder: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """What its line is called."""
        return "/".join((*self.folder, self.name))


def take(archive: Archive, uploads: Sequence[Upload]) -> Iterator[tuple[Outcome, ...]]:
    """Add the uploads in turn and yield the outcomes of all of them after every step.

    A file of documents (a ZIP) has an outcome for each. Each upload is removed from the upload
    folder whatever happens to it.
    """
    outcomes: list[tuple[Outcome, ...]]
    outcomes = [(Outcome(upload.shown, "waiting"),) for upload in uploads]
    yield tuple(one for lines in outcomes for one in lines)
    for number, upload in enumerate(uploads):
        for lines in _steps(archive, upload):
            outcomes[number] = lines
            yield tuple(one for lines in outcomes for one in lines)


def file_name(original: str | None, path: Path) -> str:
    """Return the name to keep a file under: its own, without folders and control characters."""
    name = PurePosixPath((original or "").replace("\\", "/")).name
    name = "".join(char for char in name if char.isprintable()).strip().lstrip(".")
    return name or path.name


def folder_of(original: str | None) -> tuple[str, ...]:
    """Return the folders that a file lay in, as the browser says, made safe."""
    parts = PurePosixPath((original or "").replace("\\", "/")).parts[:-1]
    return tuple(safe_name(one) for one in parts if one.strip("./\\"))[:_DEEPEST]


def _steps(archive: Archive, upload: Upload) -> Iterator[tuple[Outcome, ...]]:
    def failed(why: str) -> tuple[Outcome, ...]:
        return (Outcome(upload.shown, "failed", why),)

    def add(progress: ProgressListener) -> tuple[Outcome, ...]:
        return _add(archive, upload, progress)

    try:
        size = upload.path.stat().st_size
    except OSError:
        yield failed(say("adding.lost"))
        return
    if size > archive.settings.max_file_mb * 1_000_000:
        _discard(upload.path)
        yield failed(say("adding.too_large", mb=archive.settings.max_file_mb))
        return
    for step in watched(add, failed):
        if isinstance(step, Progress):
            yield (Outcome(upload.shown, "working", progress_text(step)),)
        else:
            yield step


def _add(archive: Archive, upload: Upload, progress: ProgressListener) -> tuple[Outcome, ...]:
    def within(entry: Entry) -> str:
        return f"{upload.shown}/{PurePosixPath(entry.path).name}"

    folder = Path(tempfile.mkdtemp(prefix="archive-upload-"))
    try:
        # The server gave the file another name; the corpus keeps the person's own, made safe.
        place = folder.joinpath(*upload.folder)
        place.mkdir(parents=True, exist_ok=True)
        named = Path(shutil.move(upload.path, place / safe_name(upload.name)))
        adding = Adding(archive, Overrides(), limit=_NO_LIMIT, match=None, progress=progress)
        lines = outcomes_of(archive, adding.add([str(folder if upload.folder else named)]), within)
        if len(lines) == 1:
            lines = (replace(lines[0], name=upload.shown),)
        # The folder's name means nothing to the person who dropped the file.
        return tuple(
            replace(
                one,
                name=one.name.replace(f"{folder}/", ""),
                detail=one.detail.replace(f"{folder}/", ""),
            )
            for one in lines
        )
    finally:
        _discard(upload.path)
        shutil.rmtree(folder, ignore_errors=True)


def _discard(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
    with suppress(OSError):
        path.parent.rmdir()  # the folder that the server made for this one upload
