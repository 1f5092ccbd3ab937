"""The documents folder: list, add, replace and remove, each whole or not at all."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.atomic import shelf_errors, sync_folder, write_all
from corpus.documents import Overrides, slug
from corpus.errors import AlreadyOnShelf, ShelfError, UnknownDocument
from corpus.read import read_document
from corpus.readers import MAX_BYTES, is_supported
from corpus.readers.load import load
from corpus.sidecar import SUFFIX, has_sidecar, read_sidecar, sidecar_bytes, sidecar_of

# A name of 255 bytes is the most a disk takes; the sidecar's suffix has to fit as well.
_LONGEST_STEM = 120
_UNSAFE = re.compile(r"[^\w .,()&'+@=-]+")
_TEMPORARY = (".tmp", ".part", ".swp", "~")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of documents that people curate; it is the truth, and all else derives from it."""

    folder: Path

    def paths(self) -> tuple[Path, ...]:
        """Return the files that a reader takes, sorted, from all levels of the folder.

        Hidden and temporary files, sidecars and links that lead outside are left out. Raises
        ShelfError naming a folder that is missing or may not be read.
        """
        return tuple(path for path in self._files() if is_supported(path))

    def unsupported(self) -> tuple[Path, ...]:
        """Return the other files: those that no reader takes."""
        return tuple(path for path in self._files() if not is_supported(path))

    def ids(self) -> dict[str, Path]:
        """Return each document's id and path.

        An id is the slug of the path in the folder. Where two paths share one, the first in
        sorted order keeps it and the others get "-2", "-3" and so on.
        """
        paths = self.paths()
        slugs = [slug(path.relative_to(self.folder).as_posix()) for path in paths]
        taken = set(slugs)
        ids: dict[str, Path] = {}
        for own, path in zip(slugs, paths, strict=True):
            document_id, number = own, 2
            while document_id in ids or (document_id != own and document_id in taken):
                document_id, number = f"{own}-{number}", number + 1
            ids[document_id] = path
        return dict(sorted(ids.items(), key=lambda pair: pair[1]))

    def id_of(self, path: Path) -> str:
        """Return the id of the document at ``path``. Raises UnknownDocument."""
        for document_id, known in self.ids().items():
            if known == path:
                return document_id
        raise UnknownDocument(f"There is no document {path}. List the documents for its name.")

    def put(
        self,
        source: Path,
        *,
        overrides: Overrides = Overrides(),
        within: Path | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> Path:
        """Copy the file ``source`` into the folder and return its place there (see ``place``).

        A file whose name is taken replaces the older version, since that is how people update a
        document. ``overrides`` go into the sidecar, on top of what the source's own sidecar, or
        else the older version's, says. Raises UnreadableFile or UnsupportedFormat, before
        anything is written, for a file that makes no document; AlreadyOnShelf where the same
        bytes and facts are there under this name; ShelfError where the folder refuses.
        """
        read_document(source, folder=source.parent, max_bytes=max_bytes)
        data = load(source, max_bytes=max_bytes)
        target = self.place(source, within=within)
        known_from = source if has_sidecar(source) or not target.exists() else target
        facts = sidecar_bytes(read_sidecar(known_from), overrides)
        changes = self._changes(target, data, facts)
        if not changes:
            raise AlreadyOnShelf(
                f"{source} is already there as {target.relative_to(self.folder)}, with the same "
                "text. Change the file first, or leave it."
            )
        with shelf_errors("created"):
            target.parent.mkdir(parents=True, exist_ok=True)
        write_all(changes)
        if facts is None and has_sidecar(target):
            _unlink(sidecar_of(target))
        return target

    def place(self, source: Path, *, within: Path | None = None) -> Path:
        """Return where ``put`` keeps the file ``source``. Raises ShelfError as ``put`` does.

        That is its name made safe; a file that is in the folder already stays where it is. With
        ``within``, a folder that holds ``source``, the path from there is kept, so that files of
        one name from two of its subfolders do not replace each other.
        """
        if not self.folder.is_dir():
            raise ShelfError(f"There is no folder {self.folder}. Create it, or name another home.")
        if _is_within(source.resolve(), self.folder):
            inside = source.resolve().relative_to(self.folder.resolve())
            if _is_passed_over(inside):
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
        """Delete the document at ``path`` and its sidecar.

        Raises UnknownDocument where it is not there, and ShelfError where it lies outside the
        folder or the folder refuses.
        """
        if not _is_within(path, self.folder):
            raise ShelfError(f"{path} is not in {self.folder}. Name a document of this folder.")
        if not path.is_file() and not path.is_symlink():
            raise UnknownDocument(f"There is no document {path}. List the documents for its name.")
        _unlink(path)
        if has_sidecar(path):
            _unlink(sidecar_of(path))
        with shelf_errors("removed"):
            sync_folder(path.parent)

    def _files(self) -> tuple[Path, ...]:
        if not self.folder.is_dir():
            raise ShelfError(f"There is no folder {self.folder}. Create it, or name another home.")
        return tuple(sorted(path for path in self._walk() if self._counts(path)))

    def _walk(self) -> Iterator[Path]:
        for folder, below, names in os.walk(self.folder, onerror=_refuse):
            below[:] = sorted(name for name in below if not name.startswith("."))
            yield from (Path(folder, name) for name in names)

    def _counts(self, path: Path) -> bool:
        if _is_passed_over(path.relative_to(self.folder)):
            return False
        return path.is_file() and (not path.is_symlink() or _is_within(path.resolve(), self.folder))

    def _changes(self, target: Path, data: bytes, facts: bytes | None) -> dict[Path, bytes]:
        """Return the files to write; the sidecar first, so that no document misses its facts."""
        sidecar = sidecar_of(target)
        wanted = ({sidecar: facts} if facts is not None else {}) | {target: data}
        return {path: content for path, content in wanted.items() if _bytes(path) != content}


def safe_name(name: str) -> str:
    """Return a file name that any disk takes and any shell shows, as near to ``name`` as can be.

    The suffix stays. ``"../a\\nb?.txt"`` becomes ``"a-b.txt"``.
    """
    readable = name.encode("utf-8", "replace").decode("utf-8")
    stem, dot, suffix = unicodedata.normalize("NFC", readable).rpartition(".")
    plain = _UNSAFE.sub("-", stem if dot else suffix)
    short = plain.encode("utf-8")[:_LONGEST_STEM].decode("utf-8", "ignore").strip(" .-")
    return (short or "document") + (f".{suffix}" if dot else "")


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _unlink(path: Path) -> None:
    with shelf_errors("removed"):
        path.unlink(missing_ok=True)


def _is_passed_over(path: Path) -> bool:
    """Tell whether a path in the folder is hidden, in a hidden folder, temporary or a sidecar."""
    name = path.name
    hidden = any(part.startswith(".") for part in path.parts)
    return hidden or name.startswith("~$") or name.endswith((SUFFIX, *_TEMPORARY))


def _is_within(path: Path, folder: Path) -> bool:
    # The file itself may be a link, so only its folder is resolved.
    return (path.parent.resolve() / path.name).is_relative_to(folder.resolve())


def _refuse(error: OSError) -> None:
    raise ShelfError(
        f"The folder {error.filename} could not be read: {error.strerror}. Change its rights."
    )
