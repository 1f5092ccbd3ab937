"""The model, loaded in a thread while something else is done before it is needed."""

from __future__ import annotations

import contextlib
import threading

from corpus.errors import ModelUnavailable
from index.embed import Embedder, LoadableEmbedder


class Ahead:
    """Loads one embedder ahead of its use; safe to share between threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin to load it, unless that was begun."""
        if self._thread is None and not getattr(self._embedder, "loaded", True):
            self._thread = threading.Thread(target=self._load, name="model", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Wait until it is loaded: a program that ended in the middle of that would crash."""
        if self._thread is not None:
            self._thread.join()

    def _load(self) -> None:
        with contextlib.suppress(ModelUnavailable):  # the question that needs it says so
            embedder: LoadableEmbedder = self._embedder  # type: ignore[assignment]
            embedder.load()
