"""One collection on a Chroma server: found, made, signed and deleted.

What tells it from others stands in its metadata: who made it, for which catalogue and recipe, a
*seal* (the digest of the generations whose passages it holds, and how many passages these have) and
a *stamp*. Whoever writes puts another stamp. A collection with a stamp that is none of ours was
written by somebody else, a copy of this home say: it is left to them, and another one is made.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import secrets
import threading
from collections.abc import Mapping
from typing import Any

from corpus.errors import VectorsAway, VectorsDamaged
from index.chroma_http import ChromaHttp, NotThere
from index.remote_names import Entry, Names
from index.vectors import SETTINGS

MAKER = "archive-assistant"

_log = logging.getLogger(__name__)


class Collection:
    """The collection of one index; each call raises VectorsAway and VectorsDamaged.

    ``id`` is empty until it was found or made; ``is_sealed`` is what we know of its seal.
    """

    def __init__(self, http: ChromaHttp, names: Names, folder: str, catalogue_id: str) -> None:
        """``folder`` names the index folder, whose catalogue has the id."""
        self.http = http
        self.id = ""
        self.is_sealed = False
        self._place, self._names, self._folder = http.server.place, names, folder
        self._catalogue_id = catalogue_id
        self._lock = threading.RLock()

    def known(self) -> Entry | None:
        """Return what is written down of it, where it was made or about to be made."""
        return self._names.of(self._place, self._folder)

    def note(self, *, owes: bool) -> None:
        """Write down whether a write may not have reached it whole."""
        entry = self.known()
        if entry is not None and entry.owes != owes:
            self._names.put(dataclasses.replace(entry, owes=owes))

    def open(self) -> str:
        """Return the id of the collection, which is made if need be."""
        if self.id:  # nobody waits for whoever waits for the server
            return self.id
        with self._lock:
            if not self.id:
                found = self.find()
                self.id = found["id"] if found else self._make()
            return self.id

    def find(self) -> Mapping[str, Any] | None:
        """Return the collection, if there is one and it is ours; one that somebody else wrote to
        is ours no more."""
        with self._lock:
            entry = self.known()
            found = self._look(entry.name) if entry else None
            if entry is None or found is None:
                self.lost()
                return None
            about = found["metadata"]
            is_ours = about.get("made_by") == MAKER and about.get("catalogue") == self._catalogue_id
            if not is_ours or about.get("stamp") not in entry.stamps:
                _log.warning("the collection %s is written by somebody else: left", entry.name)
                self._names.cross_out(entry.name)
                self.lost()
                return None
            self.id = found["id"]
            return found

    def _look(self, name: str) -> Mapping[str, Any] | None:
        try:
            found = self.http.collections("GET", f"/{name}", wait=True)
        except NotThere:
            return None
        with self.http.understood():
            return {**found, "id": str(found["id"]), "metadata": dict(found["metadata"] or {})}

    def _make(self) -> str:
        entry, stamp = self._stamped()
        made = self.http.collections(
            "POST",
            "",
            {
                "name": entry.name,
                "metadata": self._about("", 0, stamp),
                "configuration": {"hnsw": {"space": "cosine", **SETTINGS}},
                "get_or_create": True,  # so that it may be asked twice
            },
            wait=True,
        )
        with self.http.understood():
            return str(made["id"])

    def sign(self, digest: str, count: int) -> None:
        """Write a seal, or with an empty digest break it, with a new stamp of ours."""
        place = f"/{self.open()}"
        entry, stamp = self._stamped()
        about = {"new_metadata": self._about(digest, count, stamp)}
        self.http.collections("PUT", place, about, wait=True)
        self._names.put(dataclasses.replace(entry, stamps=(stamp,)))
        self.is_sealed = bool(digest)

    def _stamped(self) -> tuple[Entry, str]:
        """Return our entry with one more stamp, which it is known by before the server has it."""
        entry, stamp = self._entry(), secrets.token_hex(8)
        entry = dataclasses.replace(entry, stamps=(*entry.stamps, stamp))
        return self._names.put(entry), stamp

    def _about(self, digest: str, count: int, stamp: str) -> dict[str, str | int]:
        return {
            "made_by": MAKER,
            "catalogue": self._catalogue_id,
            "recipe": self._folder,
            "sealed": digest,
            "count": count,
            "stamp": stamp,
        }

    def is_as_made(self, found: Mapping[str, Any]) -> bool:
        """Tell whether a collection has the settings of now, which it keeps for ever. Distributed
        deployments have a graph of another kind, with settings of its own."""
        wanted: Mapping[str, Any] = {"space": "cosine", **SETTINGS}
        with self.http.understood():
            made = found["configuration_json"]
            if made.get("spann"):
                return bool(made["spann"]["space"] == "cosine")
            return wanted.items() <= dict(made["hnsw"]).items()

    def lost(self) -> None:
        """Forget what is known of it: it is not there any more."""
        self.id, self.is_sealed = "", False

    def drop(self) -> None:
        """Delete it, with all that it holds, if it is ours."""
        with self._lock:
            if self.find() is not None:
                self._delete(self._entry().name)
            self.lost()

    def sweep(self) -> None:
        """Delete the collections of indexes that are no more; what fails is tried again later."""
        for one in self._names.left(self._place):
            with contextlib.suppress(VectorsAway, VectorsDamaged):
                found = self._look(one.name)
                if found is not None and found["metadata"].get("made_by") == MAKER:
                    self._delete(one.name)
                self._names.cross_out(one.name)

    def _delete(self, name: str) -> None:
        with contextlib.suppress(NotThere):
            self.http.collections("DELETE", f"/{name}", wait=True)

    def _entry(self) -> Entry:
        with self._lock:
            prefix = f"{MAKER}-{self._catalogue_id}-{self._folder}"
            return self.known() or self._names.begin(self._place, self._folder, prefix)
