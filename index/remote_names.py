"""Which collections on servers hold the vectors of which index of this home.

``<state>/index/collections.json`` says so. A collection is written down before it is made and
crossed out after it is deleted, so none is forgotten on a server by a process that is killed. It is
in no backup: a home that is restored beside the first one gets collections of its own.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.atomic import write_all
from corpus.errors import ShelfError, VectorsDamaged

COLLECTIONS = "collections.json"
_lock = threading.RLock()


@dataclass(frozen=True, slots=True)
class Entry:
    """One collection. ``place`` is its server and database; ``folder`` the name of the index folder
    whose vectors it holds, empty where it is nobody's any more.

    ``stamps`` are those that we may have put on it last: whoever else writes puts another one.
    ``owes`` as long as a write may not have reached it whole.
    """

    place: str
    name: str
    folder: str
    stamps: tuple[str, ...] = ()
    owes: bool = True


class Names:
    """The collections of one home; all objects for one folder share its file."""

    def __init__(self, root: Path) -> None:
        """``root`` is the folder of the index folders."""
        self._root = root
        self._file = root / COLLECTIONS

    def of(self, place: str, folder: str) -> Entry | None:
        """Return the collection of an index folder on a server."""
        found = (one for one in self._read() if one.place == place and one.folder == folder)
        return next(found, None)

    def begin(self, place: str, folder: str, prefix: str) -> Entry:
        """Write down a new collection for an index folder; one that it had is left."""
        self.leave(folder)
        entry = Entry(place, f"{prefix}-{secrets.token_hex(4)}", folder)
        self._change(lambda all_: [*all_, entry])
        return entry

    def put(self, entry: Entry) -> Entry:
        """Write down what is new about a collection."""
        self._change(lambda all_: [entry if one.name == entry.name else one for one in all_])
        return entry

    def leave(self, folder: str) -> None:
        """Note that the collections of an index folder are to be deleted."""
        self._change(
            lambda all_: [
                dataclasses.replace(one, folder="") if one.folder == folder else one for one in all_
            ]
        )

    def left(self, place: str) -> list[Entry]:
        """Return the collections on a server that are to be deleted: no index has them."""
        return [one for one in self._read() if one.place == place and self._is_left(one)]

    def elsewhere(self, place: str) -> list[Entry]:
        """Return the collections that are on other servers, or in other databases."""
        return [one for one in self._read() if one.place != place]

    def cross_out(self, name: str) -> None:
        """Note that a collection is no more."""
        self._change(lambda all_: [one for one in all_ if one.name != name])

    def _is_left(self, entry: Entry) -> bool:
        return not entry.folder or not (self._root / entry.folder).is_dir()

    def _read(self) -> list[Entry]:
        try:
            rows = json.loads(self._file.read_text("utf-8"))
            return [Entry(**{**row, "stamps": tuple(row["stamps"])}) for row in rows]
        except (OSError, ValueError, TypeError, KeyError):
            return []  # then other collections are made; what is left on a server can be seen there

    def _change(self, change: Callable[[Sequence[Entry]], Sequence[Entry]]) -> None:
        with _lock:
            before = self._read()
            after = list(change(before))
            if after == before:
                return
            data = json.dumps([dataclasses.asdict(one) for one in after], indent=1)
            try:
                self._root.mkdir(parents=True, exist_ok=True)
                write_all({self._file: data.encode()})
            except (OSError, ShelfError) as error:
                raise VectorsDamaged(f"what is kept on the vector server: {error}") from error
