"""What a curator says about documents that are in the corpus: written into their sidecars."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from pathlib import Path

from corpus.documents import Overrides
from corpus.errors import CorpusError
from corpus.shelf import Shelf
from corpus.sidecar import read_sidecar
from index.entries import Changes, Failed, Skipped
from index.index import Index


class Curator:
    """Changes sidecars in the documents folder, and has their documents taken in again.

    Each call raises UnknownDocument, UnreadableFile where there is a sidecar that cannot be read,
    and ShelfError.
    """

    def __init__(self, shelf: Shelf, index: Index) -> None:
        self._shelf = shelf
        self._index = index
        # A sidecar is read, added to and written: of two at once, one would be forgotten.
        self._turn = threading.RLock()

    def describe(self, document_id: str, overrides: Overrides) -> Changes:
        """Write a description on top of what the sidecar says."""
        said = {one.name: getattr(overrides, one.name) for one in dataclasses.fields(overrides)}
        return self._say(document_id, **{name: value for name, value in said.items() if value})

    def restored(self, document_id: str) -> tuple[str, ...]:
        """Return the parts that were put back."""
        return read_sidecar(self._path(document_id)).keep

    def restore_removed(self, document_id: str, texts: Sequence[str]) -> Changes:
        """Put parts back that cleaning took out."""
        with self._turn:
            kept = read_sidecar(self._path(document_id)).keep
            return self._say(document_id, keep=tuple(dict.fromkeys((*kept, *texts))))

    def keep_out(self, document_id: str, texts: Sequence[str]) -> Changes:
        """Let cleaning take out again what was put back."""
        with self._turn:
            kept = read_sidecar(self._path(document_id)).keep
            return self._say(document_id, keep=tuple(one for one in kept if one not in texts))

    def release(self, document_ids: Sequence[str]) -> Changes:
        """Let quarantined documents, with the texts of now, be retrieved; faults are reported."""
        changes = Changes()
        for document_id in dict.fromkeys(document_ids):
            try:
                entry = self._index.catalogue.entry(document_id)
                if entry.quarantine:
                    changes += self._say(document_id, released=entry.sha256)
                else:
                    changes += Changes(skipped=(Skipped(document_id, "it is not quarantined"),))
            except CorpusError as error:
                changes += Changes(failed=(Failed(document_id, str(error)),))
        return changes

    def _say(self, document_id: str, **said: object) -> Changes:
        self._index.sharing.check()
        with self._turn:
            self._shelf.describe(self._path(document_id), **said)
            return self._index.take_in((document_id,))

    def _path(self, document_id: str) -> Path:
        return self._shelf.folder / self._index.catalogue.entry(document_id).path
