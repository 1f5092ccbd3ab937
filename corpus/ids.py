"""Ids of the documents of a folder, kept up to date file by file."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.documents import slug
from corpus.listing import order, where

_known: dict[str, str] = {}
"""The slugs of the last look: the folder is looked through again and again, and hardly any name is
new."""
_NUMBERED = re.compile(r"(.+)-([2-9]|[1-9]\d+)", re.ASCII)


class Ids:
    """The id of each path. It depends on nothing but which paths there are.

    An id is the slug of the path in the folder. Where several paths share one, the first in sorted
    order keeps it, and the others get "-2", "-3" and so on, leaving out what is a slug by itself.
    """

    def __init__(self, folder: Path, paths: Iterable[Path]) -> None:
        self._folder = folder
        self._groups: dict[str, list[Path]] = {}
        for path, own in _slugs(folder, sorted(paths, key=order)):
            self._groups.setdefault(own, []).append(path)
        self._ids: dict[Path, str] = {}
        self.has_grown = False
        """Whether a path was added to those it was made with."""
        for own in self._groups:
            self._ids |= self._of_group(own)

    def __getitem__(self, path: Path) -> str:
        """Return the id of a path that is there."""
        return self._ids[path]

    def __contains__(self, path: Path) -> bool:
        return path in self._ids

    def by_id(self) -> dict[str, Path]:
        """Return each id with its path, in the order of the paths."""
        return {self._ids[path]: path for path in sorted(self._ids, key=order)}

    def add(self, path: Path) -> dict[Path, str]:
        """Count one path more; return the other paths that have another id for it now."""
        if path in self._ids:
            return {}
        self.has_grown = True
        own = slug(where(self._folder, path))
        is_new = own not in self._groups
        bisect.insort(self._groups.setdefault(own, []), path, key=order)
        changed = self._of_group(own)
        # The new slug may have been given to a document that shares another slug.
        numbered = _NUMBERED.fullmatch(own)
        if is_new and numbered and numbered.group(1) in self._groups:
            changed |= self._of_group(numbered.group(1))
        moved = {
            one: document_id
            for one, document_id in changed.items()
            if one != path and self._ids[one] != document_id
        }
        self._ids |= changed
        return moved

    def _of_group(self, own: str) -> dict[Path, str]:
        first, *others = self._groups[own]
        ids = {first: own}
        number = 2
        for path in others:
            while f"{own}-{number}" in self._groups:
                number += 1
            ids[path] = f"{own}-{number}"
            number += 1
        return ids


def _slugs(folder: Path, paths: Sequence[Path]) -> list[tuple[Path, str]]:
    global _known  # replaced whole, so that nothing stays of files that are gone
    names, known = [where(folder, path) for path in paths], _known
    slugs = {name: known.get(name) or slug(name) for name in names}
    _known = slugs
    return [(path, slugs[name]) for path, name in zip(paths, names, strict=True)]
