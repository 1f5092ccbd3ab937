"""What an open index says of itself, without being searched."""

from __future__ import annotations

from index.beside import Beside
from index.catalogue import Catalogue
from index.database import Database
from index.embed import Embedder
from index.entries import Progress
from index.nearest import Nearest
from index.sharing import Sharing


class Told:
    """What answers, what is being built beside it, and what people should hear of it."""

    _beside: Beside
    sharing: Sharing

    @property
    def catalogue(self) -> Catalogue:
        """What the index that answers holds."""
        return self._beside.store.catalogue

    @property
    def embedder(self) -> Embedder:
        """What embeds the questions: another one than is set while the new index is built."""
        return self._beside.store.embedder

    @property
    def outdated(self) -> bool:
        """Tell whether a new index is to be built, or being built, beside the one that answers."""
        return self._beside.outdated

    @property
    def building(self) -> Progress | None:
        """How far the new index is, while one is being built."""
        return self._beside.hearing.last

    @property
    def under_way(self) -> Progress | None:
        """How far the index that answers is in taking documents in; None while it takes in none."""
        return self._beside.store.runs.under_way

    @property
    def remark(self) -> str:
        """A sentence for people about the index that answers; empty where there is none."""
        return "; ".join(filter(None, (self._beside.remark, self.sharing.remark)))

    @property
    def vectors_away(self) -> str:
        """Say why the vector server cannot be used, in a sentence; empty where it can."""
        return self._vectors.trouble

    @property
    def _database(self) -> Database:
        return self._beside.store.database

    @property
    def _vectors(self) -> Nearest:
        return self._beside.store.vectors
