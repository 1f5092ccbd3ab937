"""Several ways of running one model, of which the first that works is taken.

A processor, a driver or a library's release may make one of them give wrong vectors, or none: that
is seen when it is loaded. All give vectors of one fingerprint, so nothing is embedded again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from corpus.errors import BackendRefused
from index.embed import LoadableEmbedder, Vectors

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class FirstThatWorks:
    """An embedder that is the first of several which is not refused when it is loaded."""

    def __init__(self, ways: Mapping[str, Callable[[], LoadableEmbedder]]) -> None:
        """``ways`` make them, by the names that the settings know; the last one is not refused, or
        its error is raised."""
        self._ways = dict(ways)
        self._lock = threading.Lock()
        self._refused: list[str] = []
        self.backend, first = next(iter(self._ways.items()))
        """The name of the one that is taken; until one is loaded, of the one to be tried first."""
        self.taken = first()
        """That one itself."""

    @property
    def remark(self) -> str:
        """A sentence for people where one was refused; else empty."""
        return "; ".join(self._refused)

    @property
    def fingerprint(self) -> str:
        """The fingerprint that all of them have."""
        return self.taken.fingerprint

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self.taken.dimensions

    @property
    def max_tokens(self) -> int:
        """Word pieces that the model reads of a text."""
        return self.taken.max_tokens

    @property
    def loaded(self) -> bool:
        """Tell whether the first use, with its wait, is over."""
        return self.taken.loaded

    def load(self) -> None:
        """Load the first that is not refused. Raises ModelUnavailable where none is left."""
        self._do(lambda taken: taken.load())

    def _do(self, work: Callable[[LoadableEmbedder], _Result]) -> _Result:
        """Have the one that is taken do something, which may load it, or else the next one."""
        while True:
            taken = self.taken
            try:
                return work(taken)
            except BackendRefused as error:
                with self._lock:  # unless another thread has gone on meanwhile
                    if self.taken is taken and not self._go_on(error):
                        raise

    def _go_on(self, error: BackendRefused) -> bool:
        """Take the next one, if there is one."""
        names = list(self._ways)
        left = names[names.index(self.backend) + 1 :]
        if not left:
            return False
        _log.warning("%s is not used, and %s is tried: %s", self.backend, left[0], error)
        self._refused.append(f"{self.backend} is not used, as {error.reason}")
        self.backend, self.taken = left[0], self._ways[left[0]]()
        return True

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, special tokens left out."""
        return self.taken.count_tokens(texts)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text, shape ``(len(texts), dimensions)``."""
        return self._do(lambda taken: taken.embed(texts))

    def embed_question(self, question: str) -> Vectors:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        return self._do(lambda taken: taken.embed_question(question))
