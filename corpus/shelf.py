"""The documents folder: list, add, replace and remove, each whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.atomic import shelf_errors, sync_folder, write_all
from corpus.documents import Overrides
from corpus.errors import AlreadyOnShelf, ShelfError, UnknownDocument, UnreadableFile
from corpus.ids import Ids
from corpus.listing import Listing, is_passed_over, list_folder
from corpus.mirror import Mirror, Tell
from corpus.readers import MAX_BYTES, SUFFIXES
from corpus.safe_names import safe_name
from corpus.sandbox import shared
from corpus.sidecar import (
    ORIGINAL_MARK,
    changed_sidecar,
    has_sidecar,
    sidecar_bytes,
    sidecar_of,
    write_sidecar,
)
from corpus.walk import Closed, Odd, is_within

_ORIGINALS = frozenset({*SUFFIXES, ".html", ".pdf", ".xml", ".json"})


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of documents that people curate; it is the truth, and all else derives from it."""

    folder: Path
    mirror: Mirror | None = None
    """What keeps ``folder`` as the documents are elsewhere, and writes there; None where the folder
    itself is the truth."""

    @property
    def fresh_seconds(self) -> float:
        """How long a look at the documents holds for the questions that follow."""
        return 2.0 if self.mirror is None else 30.0

    def pull(self, tell: Tell) -> tuple[tuple[Closed, ...], tuple[Odd, ...]]:
        """Make the folder what the documents elsewhere are; see ``Mirror.pull``."""
        return ((), ()) if self.mirror is None else self.mirror.pull(tell)

    def describe(self, path: Path, **changes: object) -> None:
        """Change fields in the sidecar of the document at ``path``; see ``write_sidecar``."""
        if self.mirror is None:
            write_sidecar(path, **changes)
        elif (data := changed_sidecar(path, changes)) is not None:
            self.mirror.put({sidecar_of(path): data})
        elif has_sidecar(path):
            self.mirror.delete([sidecar_of(path)])

    def listing(self) -> Listing:
        """Return what lies in the folder. Raises ShelfError where it is missing or closed."""
        return list_folder(self.folder)

    def paths(self) -> tuple[Path, ...]:
        """Return the files that a reader takes, sorted, from all levels of the folder.

        Hidden and temporary files, sidecars, originals and links that lead outside are left out.
        Raises ShelfError naming a folder that is missing or may not be read.
        """
        return self._open_listing().documents

    def unsupported(self) -> tuple[Path, ...]:
        """Return the other files: those that no reader takes."""
        return self._open_listing().others

    def ids(self) -> dict[str, Path]:
        """Return each document's id and path; ``Ids`` says how ids are made."""
        return Ids(self.folder, self.paths()).by_id()

    def sweep(self, leftovers: Iterable[Path]) -> None:
        """Delete temporary files that a listing found to be left behind."""
        for path in leftovers:
            with suppress(OSError):
                path.unlink()

    def put(
        self,
        source: Path,
        *,
        overrides: Overrides = Overrides(),
        within: Path | None = None,
        max_bytes: int = MAX_BYTES,
        data: bytes | None = None,
    ) -> Path:
        """Copy the file ``source`` into the folder and return its place there (see ``place``).

        A file whose name is taken replaces the older version, since that is how people update a
        document. ``overrides`` go into the sidecar, on top of what the source's own sidecar, or
        else the older version's, says. ``data`` are the file's bytes, from a caller who knows that
        they make a document; without them the file is read first, and UnreadableFile or
        UnsupportedFormat raised before anything is written. Raises AlreadyOnShelf where the same
        bytes and facts are there under this name; ShelfError where the folder refuses.
        """
        if data is None:
            shared().read(source, folder=source.parent, max_bytes=max_bytes)
            data = read_bytes(source)
        target = self.place(source, within=within)
        facts = self._facts(source, target, overrides)
        wanted = self._wanted(source, target, data, facts)
        changes = {path: content for path, content in wanted.items() if not _holds(path, content)}
        if not changes:
            raise AlreadyOnShelf(
                f"{source} is already there as {target.relative_to(self.folder)}, with the same "
                "text. Change the file first, or leave it."
            )
        if self.mirror is not None:
            self.mirror.put(changes)
        else:
            with shelf_errors("created"):
                target.parent.mkdir(parents=True, exist_ok=True)
            write_all(changes)
        if facts is None and has_sidecar(target):
            self._delete([sidecar_of(target)])
        return target

    def holds(
        self, source: Path, *, overrides: Overrides = Overrides(), within: Path | None = None
    ) -> bool:
        """Tell whether ``put`` would find the same bytes and facts there. Raises as it does."""
        target = self.place(source, within=within)
        if not _same_bytes(source, target):
            return False
        facts = self._facts(source, target, overrides)
        if facts is None and has_sidecar(target):
            return False
        wanted = self._wanted(source, target, b"", facts)
        del wanted[target]
        return all(_holds(path, content) for path, content in wanted.items())

    def place(self, source: Path, *, within: Path | None = None) -> Path:
        """Return where ``put`` keeps the file ``source``. Raises ShelfError as ``put`` does.

        That is its name made safe; a file that is in the folder already stays where it is. With
        ``within``, a folder that holds ``source``, the path from there is kept, so that files of
        one name from two of its subfolders do not replace each other.
        """
        if not self.folder.is_dir():
            raise ShelfError(f"There is no folder {self.folder}. Create it, or name another home.")
        if is_within(source.resolve(), self.folder):
            inside = source.resolve().relative_to(self.folder.resolve())
            if is_passed_over(inside):
                raise ShelfError(
                    f"{source} is hidden or temporary, so it is no document. Rename it."
                )
            return self.folder / inside
        parts = source.relative_to(within).parts if within else (source.name,)
        target = self.folder.joinpath(*(safe_name(part) for part in parts))
        if target.is_dir():
            raise ShelfError(f"{target} is a folder. Rename it, or the file to add.")
        return target

    def remove(self, path: Path) -> None:
        """Delete the document at ``path``, its sidecar and its original.

        Raises UnknownDocument where it is not there, and ShelfError where it lies outside the
        folder or the folder refuses.
        """
        if not is_within(path, self.folder):
            raise ShelfError(f"{path} is not in {self.folder}. Name a document of this folder.")
        if not path.is_file() and not path.is_symlink():
            raise UnknownDocument(f"There is no document {path}. List the documents for its name.")
        self._delete([path])
        self._delete(companions(path))
        if self.mirror is not None:
            return
        with shelf_errors("removed"):
            sync_folder(path.parent)

    def _delete(self, paths: Iterable[Path]) -> None:
        if self.mirror is not None:
            self.mirror.delete(paths)
            return
        for path in paths:
            with shelf_errors("removed"):
                path.unlink(missing_ok=True)

    def _open_listing(self) -> Listing:
        listing = self.listing()
        for closed in listing.closed:
            raise ShelfError(closed.reason)
        return listing

    def _facts(self, source: Path, target: Path, overrides: Overrides) -> bytes | None:
        """Return what the sidecar at ``target`` has to hold."""
        known_from = source if has_sidecar(source) or not target.exists() else target
        return sidecar_bytes(known_from, overrides)

    def _wanted(
        self, source: Path, target: Path, data: bytes, facts: bytes | None
    ) -> dict[Path, bytes]:
        """Return the files to write; the document last, so that it never misses its facts."""
        wanted = {sidecar_of(target): facts} if facts is not None else {}
        for original in originals(source):
            mark = original.name.removeprefix(source.name)
            wanted[target.with_name(target.name + mark)] = read_bytes(original)
        return wanted | {target: data}


def companions(path: Path) -> tuple[Path, ...]:
    """Return what lies beside the document at ``path`` and belongs to it."""
    return (*((sidecar_of(path),) if has_sidecar(path) else ()), *originals(path))


def originals(path: Path) -> tuple[Path, ...]:
    """Return the files that the document at ``path`` was made from, as they were fetched."""
    # Looking for each is quick where listing a folder of ten thousand files is not.
    names = (f"{path.name}{ORIGINAL_MARK}{suffix[1:]}" for suffix in sorted(_ORIGINALS))
    found = (path.with_name(name) for name in names)
    return tuple(one for one in found if os.path.isfile(one))


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes. Raises UnreadableFile."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{path} could not be read: {error.strerror}. Check its rights and its disk."
        ) from error


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _same_bytes(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.stat().st_size == other.stat().st_size and _holds(one, other.read_bytes())
    return False
