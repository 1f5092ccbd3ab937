"""Moving a home: a new one is made, compared with the old one, and only then put in its place.

The old home is read and never written but for its own lock and sync. What is copied is noted file
by file in the folder where the new home is made, so a run that was killed is gone on with by the
next one.
"""

from __future__ import annotations

import contextlib
import filecmp
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.archive import Archive
from assistant.backup_contents import DOCUMENTS, SETTINGS, Kept, LeftOut, contents
from assistant.backup_place import failures, make_last
from assistant.chats_moving import move_people
from assistant.client import LocalClient
from assistant.home import Home, home_at, mirror_of, placed
from assistant.migrate_check import SUITES, compare
from assistant.migrate_places import Places, moved_settings
from assistant.settings import load_settings
from corpus.errors import CheckFailed, UsageError
from corpus.remote import Remote
from index.entries import Progress, ProgressListener
from index.snapshot import copy_database, restamp, stamps_of
from index.stamps import stamp

_PLAN, _NOTES = "plan.json", "copied.jsonl"


@dataclass(frozen=True, slots=True)
class Migrated:
    """A home that was moved: the new one, what it holds, and what could not be copied."""

    home: Home
    settings: Mapping[str, str]
    documents: int
    files: int
    compared: int
    left_out: tuple[LeftOut, ...]


def migrate(
    archive: Archive, places: Places, questions: list[str], progress: ProgressListener
) -> Migrated:
    """Make the home of an open archive anew at ``places``.

    Raises CheckFailed where the new home answers otherwise, BackupFailure where it cannot be
    written, UsageError where another move is under way there, and StoreAway. The old home is as it
    was in any case; the next run goes on with what is copied.
    """
    archive.sync(progress=progress)
    with failures("moved", places.root):
        move = _Move(archive, places, progress)
        copied = move.copy()
        compared = move.compare(questions)
        move.people()
        move.put()
    return Migrated(
        placed(home_at(places.root), places.settings.get("documents", "")),
        places.told,
        len(archive.entries()),
        copied,
        compared,
        tuple(move.left_out),
    )


class _Move:
    """One run of a move; ``home`` is the new one while it is made."""

    def __init__(self, archive: Archive, places: Places, progress: ProgressListener) -> None:
        self._archive = archive
        self._places = places
        self._progress = progress
        self.left_out: list[LeftOut] = []
        self._made = places.work / "home"
        self._begin()
        url = places.settings.get("documents", "")
        self._remote = Remote(url) if url else None
        self._home = placed(home_at(self._made), url)
        self._done = _notes(places.work / _NOTES)

    def copy(self) -> int:
        """Copy what is not copied yet; return how many files there are."""
        with self._archive.index.view() as store:
            catalogue = store.catalogue.file
            found = [*contents(self._archive.home, catalogue), *self._suites()]
            kept = [one for one in found if isinstance(one, Kept)]
            self.left_out = [one for one in found if isinstance(one, LeftOut)]
            self._clear({one.name for one in kept})
            with (self._places.work / _NOTES).open("a", encoding="utf-8") as notes:
                for number, one in enumerate(kept):
                    self._progress(Progress("moving", number, len(kept), one.path.name))
                    if one.is_database:
                        self._copy_database(one)
                    elif one.name == SETTINGS:
                        continue
                    elif self._done.get(one.name) != (mark := stamp(one.path)):
                        self._copy_file(one)
                        notes.write(json.dumps([one.name, mark]) + "\n")
                        notes.flush()
            self._write_settings()
            self._restamp(self._made / kept[0].name)
        return len(kept)

    def compare(self, questions: list[str]) -> int:
        """Ask the old home and the new one. Raises CheckFailed."""

        def tell(number: int, total: int) -> None:
            self._progress(Progress("comparing", number, total, ""))

        settings = load_settings(self._home.settings_file)
        with Archive(self._home, settings) as moved:
            changes = moved.sync(progress=self._progress)
            changed = (*changes.added, *changes.updated, *changes.removed)
            try:
                if changed:
                    raise CheckFailed(f"the new home reads {changed[0]} otherwise than the old one")
                return compare(LocalClient(self._archive), LocalClient(moved), questions, tell)
            except CheckFailed as error:
                raise CheckFailed(
                    f"{error}: it is left in {self._made} for you to look at, and the old home is "
                    "as it was"
                ) from error

    def people(self) -> None:
        """Hand over conversations and accounts where a database keeps them, now or then."""
        now, then = self._archive.settings.database, self._places.settings.get("database", "")
        move_people(self._archive.home, now, self._home, then)

    def put(self) -> None:
        """Put the new home in its place."""
        root = self._places.root
        os.sync()  # one call for all files: syncing each of ten thousand takes minutes
        if root.is_dir():  # empty, or as ``init`` made it
            shutil.rmtree(root)
        self._made.rename(root)
        make_last(root.parent)
        shutil.rmtree(self._places.work, ignore_errors=True)

    def _begin(self) -> None:
        work = self._places.work
        plan = {"from": str(self._archive.home.root), "settings": dict(self._places.told)}
        text = json.dumps(plan, sort_keys=True)
        file = work / _PLAN
        if work.exists() and not (file.is_file() and file.read_text("utf-8") == text):
            raise UsageError(
                f"{work} is in the way, with another move: delete it, or name another folder"
            )
        self._made.mkdir(parents=True, exist_ok=True)
        (self._made / DOCUMENTS).mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def _suites(self) -> Iterator[Kept]:
        root = self._archive.home.root
        for path in sorted((root / SUITES).glob("*.jsonl")):
            yield Kept(path, path.relative_to(root).as_posix())

    def _clear(self, kept: set[str]) -> None:
        """Take away what a run before has copied and the old home has no more. Raises UsageError
        where the store holds files of somebody else."""
        if self._remote is not None:
            self._remote.make()
            known = kept | self._done.keys()
            for name in self._remote.files().files:
                if f"{DOCUMENTS}/{name}" not in known:
                    raise UsageError(
                        f"{self._remote.url} holds {name}, which is not of this home: name an "
                        "empty folder"
                    )
        for name in self._done.keys() - kept:
            if self._remote is not None and name.startswith(f"{DOCUMENTS}/"):
                self._remote.delete(name.removeprefix(f"{DOCUMENTS}/"))
            else:
                (self._made / name).unlink(missing_ok=True)

    def _copy_file(self, one: Kept) -> None:
        if self._remote is not None and one.name.startswith(f"{DOCUMENTS}/"):
            self._remote.put(one.name.removeprefix(f"{DOCUMENTS}/"), one.path.read_bytes())
            return
        with _beside(self._made / one.name) as target:
            shutil.copy2(one.path, target)

    def _copy_database(self, one: Kept) -> None:
        with _beside(self._made / one.name) as target:
            copy_database(one.path, target)

    def _write_settings(self) -> None:
        file = self._archive.home.settings_file
        text = file.read_text("utf-8") if file.is_file() else ""
        moved = moved_settings(text, self._places, self._archive.settings)
        (self._made / SETTINGS).write_text(moved, encoding="utf-8")

    def _restamp(self, catalogue: Path) -> None:
        """Let the catalogue know the files of the new home for those it was made from."""
        mirror = mirror_of(self._home, self._places.settings.get("documents", ""))
        if mirror is not None:
            mirror.pull(lambda done, total, name: self._tell("fetching", done, total, name))
        old, new = self._archive.home.documents, self._home.documents
        known = stamps_of(catalogue)
        restamp(
            catalogue,
            {
                name: stamp(new / name)
                for name, mark in known.items()
                if mark == stamp(old / name) and _is_same(old / name, new / name)
            },
        )

    def _tell(self, stage: str, done: int, total: int, name: str) -> None:
        self._progress(Progress(stage, done, total, name))


def _is_same(one: Path, other: Path) -> bool:
    with contextlib.suppress(OSError):
        return filecmp.cmp(one, other, shallow=False)
    return False


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a new file that takes the place of ``path`` when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    target = path.with_name(f".{path.name[:100]}.moving")
    target.unlink(missing_ok=True)
    yield target
    target.replace(path)


def _notes(file: Path) -> dict[str, str]:
    """Return the stamps of what a run before has copied; a line cut short does not count."""
    done: dict[str, str] = {}
    with contextlib.suppress(FileNotFoundError):
        for line in file.read_text("utf-8").splitlines():
            with contextlib.suppress(ValueError):
                name, mark = json.loads(line)
                done[name] = mark
    return done
