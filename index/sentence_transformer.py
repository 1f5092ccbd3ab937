"""The embedding model through sentence-transformers: the only file that knows torch."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from corpus.errors import ModelUnavailable
from index.embed import Vectors
from index.model_files import (
    DEFAULT_MODEL,
    Prefixes,
    folder_fingerprint,
    model_folder,
    own_prefixes,
    refuse_code,
)

_TURN = 16
_TURN_ON_GPU = 256
"""Texts that are embedded before another thread may use the model: under a second on two cores."""

_log = logging.getLogger(__name__)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model; loaded on first use, which takes some seconds.

    ``online`` allows a model's name to be looked up on its hub; without it only what lies on this
    machine is loaded, and a missing model fails at once instead of waiting for a network.
    """

    def __init__(
        self, model: str = DEFAULT_MODEL, *, online: bool = False, prefixes: Prefixes | None = None
    ) -> None:
        """``prefixes`` go before each text; the model's own where None."""
        self._name = model
        self._online = online
        self._given = prefixes
        self._loading = threading.Lock()
        self._running = threading.Lock()
        self._next = threading.Lock()

    @functools.cached_property
    def fingerprint(self) -> str:
        """The model's name, the hash of its files on this machine, and the passages' prefix."""
        folder = model_folder(self._name)
        exact = folder_fingerprint(folder, self._name) if folder else self._name
        return exact + self._prefixes.mark()

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension())

    @property
    def max_tokens(self) -> int:
        """Word pieces that the model reads of a text."""
        return int(self._model.max_seq_length)

    @property
    def loaded(self) -> bool:
        """Tell whether the first use, with its wait, is over."""
        return "_model" in self.__dict__

    def load(self) -> None:
        """Load the model now. Raises ModelUnavailable."""
        with self._loading:
            _ = self._model

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, special tokens left out."""
        self.load()
        if not texts:
            return []
        with self._turn():
            encoded = self._model.tokenizer(
                list(texts), add_special_tokens=False, truncation=False, verbose=False
            )
        return [len(ids) for ids in encoded["input_ids"]]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text, shape ``(len(texts), dimensions)``."""
        return self._embed(texts, self._prefixes.passage)

    def embed_question(self, question: str) -> Vectors:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        vector: Vectors = self._embed([question], self._prefixes.query)[0]
        return vector

    def _embed(self, texts: Sequence[str], prefix: str) -> Vectors:
        self.load()
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        # The longest first: texts of about one length need the least padding.
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        turn = _TURN if self._model.device.type == "cpu" else _TURN_ON_GPU
        for first in range(0, len(order), turn):
            places = order[first : first + turn]
            with self._turn():
                vectors[places] = self._model.encode(
                    [prefix + texts[place] for place in places],
                    prompt="",  # or the model's own would come before ours
                    batch_size=turn,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
        return vectors

    @functools.cached_property
    def _prefixes(self) -> Prefixes:
        folder = model_folder(self._name)
        return self._given or (own_prefixes(folder) if folder else Prefixes())

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Let one thread use the model, in the order in which they came.

        PyTorch runs one forward pass on all cores, so two at once only slow each other down, and
        the tokenizer does not take two. Whoever waits holds ``_next``: without that, a thread
        with a long document would take the model again before a question's thread wakes up.
        """
        with self._next:
            self._running.acquire()
        try:
            yield
        finally:
            self._running.release()

    @functools.cached_property
    def _model(self) -> Any:
        if not self._online:
            os.environ["HF_HUB_OFFLINE"] = "1"
        _ = self.fingerprint  # refuses wrong weights before anything of them is loaded
        # A progress bar for a load of 0.3 s is noise on a person's terminal.
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
        folder = model_folder(self._name)
        if folder is not None:
            refuse_code(folder, self._name)
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging as transformers_logging

            transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            return SentenceTransformer(
                str(folder or self._name),
                local_files_only=not self._online,
                model_kwargs={"use_safetensors": True},
                trust_remote_code=False,
            )
        except Exception as error:
            _log.exception("loading the embedding model %s", self._name)
            raise ModelUnavailable(
                f"the embedding model {self._name!r} could not be loaded ({type(error).__name__}); "
                "name a folder with a sentence-transformers model as 'model' in assistant.toml, or "
                "leave the setting out to use the one that is installed"
            ) from error
