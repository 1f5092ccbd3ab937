"""Opening index folders, those that answer and those that are built."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import CatalogueDamaged
from index.embed import Embedder
from index.made import Found, ModelName
from index.opening import Plan, donors
from index.recipe import Ingredients, digits
from index.recipes import drop, new_folder
from index.sharing import Sharing, forget_cursor
from index.store import Store
from index.surroundings import Surroundings

STAGE = "new index: "
"""Begins the stages of progress that are about an index that does not answer yet."""

_log = logging.getLogger(__name__)


class Opener:
    """Opens the indexes of one home. Each call raises CatalogueDamaged and IndexFailure."""

    def __init__(self, root: Path, around: Surroundings, named: ModelName) -> None:
        """``named`` is written down in new indexes."""
        self.root = root
        self._around = around
        self._used: set[str] = set()
        self.named = named

    @property
    def lock(self) -> threading.RLock:
        """Held by whoever writes an index or puts files on the shelf."""
        return self._around.lock

    @property
    def sharing(self) -> Sharing:
        """How the indexes of this home are joined with those of other hosts."""
        return self._around.sharing

    def open(
        self,
        found: Found,
        embedder: Embedder,
        wanted: Ingredients,
        givers: Sequence[Found],
        *,
        stage: str = "",
    ) -> Store:
        """Open an index, or make one of the ``wanted`` recipe. One that is not complete may take
        vectors from ``givers``."""
        made_with = found.made.ingredients if found.made else wanted
        self._used.add(found.folder.name)
        is_done = found.made is not None and found.made.complete
        return Store(
            found.folder,
            self._around,
            embedder,
            made_with,
            named=self.named,
            donors=() if is_done else donors(made_with, givers),
            stage=stage,
        )

    def open_answering(self, chosen: Plan, givers: Sequence[Found]) -> Store:
        """Open the index that answers. One that is not trusted loses what is gone or changed."""
        store = self.open(chosen.answers, chosen.embedder, chosen.wanted, givers)
        try:
            if not chosen.is_trusted and self.sharing.joins:
                forget_cursor(store.database)
            elif not chosen.is_trusted:
                store.keep_present()
        except BaseException:
            store.close()
            raise
        return store

    def begin(self, embedder: Embedder, wanted: Ingredients, givers: Sequence[Found] = ()) -> Store:
        """Make a new index, to be built."""
        folder = new_folder(self.root, digits(wanted), self._used)
        return self.open(Found(folder), embedder, wanted, givers, stage=STAGE)

    def open_or_begin(
        self, found: Found, embedder: Embedder, wanted: Ingredients, givers: Sequence[Found]
    ) -> Store:
        """Open what another process began to build; where that is damaged, make a new one."""
        try:
            return self.open(found, embedder, wanted, givers, stage=STAGE)
        except CatalogueDamaged:
            _log.warning("the unfinished index %s is begun anew", found.folder, exc_info=True)
        begun = self.begin(embedder, wanted, givers)
        drop([found.folder])
        return begun
