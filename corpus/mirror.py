"""The copy of documents that are kept elsewhere, which is what gets read, shown and indexed.

A pull makes the copy what the store is; what is written goes to the store first. So all that knows
files works as it does with a folder, and the store stays the truth. Notes beside the copy say which
mark each file had when it was fetched, and how the copy of it looked then: what is as it was is not
fetched again. The notes and the copy may be deleted at any time.
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from corpus.atomic import shelf_errors, write_all
from corpus.errors import ShelfError, StoreAway
from corpus.listing import where
from corpus.remote import Remote
from corpus.walk import Closed, Odd

_MOST_FAULTS = 3
"""Files that cannot be fetched before the store is taken to be away."""
_NOTE_EVERY = 500

Tell = Callable[[int, int, str], None]
"""Hears how many files are fetched, of how many, and the name of one."""


class Mirror:
    """A folder that is made to hold what a store holds."""

    def __init__(self, folder: Path, remote: Remote) -> None:
        self._folder = folder
        self.remote = remote
        self._notes_file = folder.with_name(f"{folder.name}.json")
        self._fetched = folder.with_name(f"{folder.name}.fetching")
        self._turn = threading.RLock()
        self._may_be_empty = False
        self._known: dict[str, tuple[str, str]] | None = None

    def accept_empty(self) -> None:
        """Let the next pull believe it if the store holds nothing any more."""
        self._may_be_empty = True

    def pull(self, tell: Tell) -> tuple[tuple[Closed, ...], tuple[Odd, ...]]:
        """Make the copy what the store is; return the files that could not be fetched, and those
        whose names cannot be kept here.

        Raises StoreAway where the store does not answer, or holds nothing where there was something
        before: then the copy is as it was, but for files that were fetched already.
        """
        with self._turn, shelf_errors("written"):
            # For this pull alone, also where it fails: a later one may meet an error that looks so.
            may_be_empty, self._may_be_empty = self._may_be_empty, False
            self._folder.mkdir(parents=True, exist_ok=True)
            found = self.remote.files()
            here = dict(_looks(self._folder))
            if here and not found.files and not may_be_empty:
                raise StoreAway(
                    f"{self.remote.url} holds no files any more, and {len(here):,} were there: if "
                    "that is meant, 'assistant sync --emptied' takes them out of the index"
                )
            notes = self._notes()
            due = {
                name: mark
                for name, mark in found.files.items()
                if not mark or name not in here or notes.get(name) != (mark, here[name])
            }
            closed = self._fetch(due, notes, tell) if due else ()
            gone = here.keys() - found.files.keys()
            self._drop(gone)
            for name in notes.keys() - found.files.keys():
                del notes[name]
            if due or gone:
                self._note(notes)
        return closed, tuple(
            Odd(self._folder / name.replace("/", "-"), "a name that no disk takes")
            for name in found.odd
        )

    def put(self, contents: Mapping[Path, bytes]) -> None:
        """Write files, in their order, to the store and here. Raises ShelfError."""
        with self._turn, shelf_errors("written"):
            notes = self._notes()
            for path, data in contents.items():
                name = where(self._folder, path)
                mark = self.remote.put(name, data)
                path.parent.mkdir(parents=True, exist_ok=True)
                write_all({path: data})
                # On disk with the next pull: without a note the file is fetched and compared.
                notes[name] = (mark, _look(path))

    def delete(self, paths: Iterable[Path]) -> None:
        """Delete files from the store and here. Raises ShelfError."""
        with self._turn:
            for path in paths:
                name = where(self._folder, path)
                self.remote.delete(name)
                self._drop([name])

    def _fetch(
        self, due: Mapping[str, str], notes: dict[str, tuple[str, str]], tell: Tell
    ) -> tuple[Closed, ...]:
        shutil.rmtree(self._fetched, ignore_errors=True)
        self._fetched.mkdir()
        faults: list[Closed] = []
        try:
            with ThreadPoolExecutor(self.remote.at_once, thread_name_prefix="fetching") as threads:
                stop = threading.Event()
                try:
                    attempts = threads.map(
                        lambda job: self._get(job[0], job[1], stop), enumerate(due)
                    )
                    for number, (name, fault) in enumerate(attempts):
                        tell(number, len(due), name)
                        if fault is None:
                            self._place(self._fetched / str(number), name, due[name], notes)
                        elif isinstance(fault, StoreAway):
                            faults.append(Closed(self._folder / name, str(fault)))
                        if len(faults) >= _MOST_FAULTS:
                            raise StoreAway(faults[-1].reason)
                        if number % _NOTE_EVERY == _NOTE_EVERY - 1:
                            self._note(notes)
                finally:
                    stop.set()
        except BaseException:
            self._note(notes)
            raise
        finally:
            shutil.rmtree(self._fetched, ignore_errors=True)
        return tuple(faults)

    def _get(
        self, number: int, name: str, stop: threading.Event
    ) -> tuple[str, StoreAway | FileNotFoundError | None]:
        try:
            if not stop.is_set():
                self.remote.fetch(name, self._fetched / str(number))
        except (StoreAway, FileNotFoundError) as error:  # or deleted since it was listed
            return name, error
        return name, None

    def _place(
        self, fetched: Path, name: str, mark: str, notes: dict[str, tuple[str, str]]
    ) -> None:
        """Put what was fetched in its place; a copy that is the same keeps its times, so that the
        index need not read it again."""
        path = self._folder / name
        if not _is_same(fetched, path):
            self._clear_way(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            fetched.replace(path)
        notes[name] = (mark, _look(path))

    def _clear_way(self, path: Path) -> None:
        """Take away what was a file and is a folder now, or the other way round."""
        for above in path.parents:
            if above == self._folder:
                break
            if above.is_file():
                above.unlink()
        if path.is_dir():
            shutil.rmtree(path)

    def _drop(self, names: Collection[str]) -> None:
        for name in names:
            path = self._folder / name
            # A file may be a folder by now, or the other way round.
            absent = FileNotFoundError, NotADirectoryError, IsADirectoryError
            with shelf_errors("removed"), suppress(*absent):
                path.unlink()
            for above in path.parents:
                if above == self._folder:
                    break
                with suppress(OSError):  # other files are in it
                    above.rmdir()

    def _notes(self) -> dict[str, tuple[str, str]]:
        if self._known is None:
            self._known = self._read_notes()
        return self._known

    def _read_notes(self) -> dict[str, tuple[str, str]]:
        try:
            stored = json.loads(self._notes_file.read_text("utf-8"))
            if stored["url"] != self.remote.url:
                return {}
            return {name: (mark, look) for name, (mark, look) in stored["files"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}  # all is fetched and compared again

    def _note(self, notes: Mapping[str, Sequence[str]]) -> None:
        data = json.dumps({"url": self.remote.url, "files": notes}).encode()
        try:
            write_all({self._notes_file: data})
        except ShelfError as error:
            raise StoreAway(str(error)) from error


def _looks(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the names of the files of a copy with how they look: temporary ones left out."""
    for above, _, names in os.walk(folder):
        for name in names:
            path = f"{above}/{name}"
            with suppress(FileNotFoundError):
                if not name.startswith("."):
                    yield where(folder, path), _look(path)


def _look(path: Path | str) -> str:
    status = os.stat(path)
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def _is_same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return other.is_file() and filecmp.cmp(one, other, shallow=False)
    return False
