"""The embedding model that the settings name, and those that older indexes were made with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.settings import Settings
from corpus.errors import ModelUnavailable
from index.backends import BACKENDS, LoadableEmbedder, choose_embedder
from index.embed import Embedder, Vectors
from index.made import ModelName


def default_embedder(settings: Settings) -> LoadableEmbedder:
    """Return the embedder that the settings name, not loaded yet. Where none can be had, whatever
    is asked of it says so: an older index may answer all the same."""
    try:
        return choose_embedder(
            settings.model,
            backend=settings.backend,
            online=settings.online,
            query_prefix=settings.query_prefix,
            passage_prefix=settings.passage_prefix,
        )
    except ModelUnavailable as error:
        return NoEmbedder(error)


def named_model(settings: Settings) -> ModelName:
    """Return what is written down in an index, so that its model can be loaded again."""
    return ModelName(
        settings.model, settings.backend, settings.query_prefix, settings.passage_prefix
    )


def is_loaded(embedder: Embedder) -> bool:
    """Tell whether an embedder is ready; one that needs no loading is."""
    return bool(getattr(embedder, "loaded", True))


def remark_when_loaded(embedder: Embedder) -> str:
    """Load an embedder, and return what people should know of how it runs; mostly nothing.

    Raises ModelUnavailable.
    """
    if not is_loaded(embedder):
        embedder.embed_question("?")
    return str(getattr(embedder, "remark", ""))


@dataclass(frozen=True, slots=True)
class NoEmbedder:
    """Stands for an embedder that cannot be had. Each call raises ModelUnavailable."""

    reason: ModelUnavailable

    @property
    def loaded(self) -> bool:
        """False."""
        return False

    @property
    def fingerprint(self) -> str:
        """Raise."""
        raise self.reason

    @property
    def dimensions(self) -> int:
        """Raise."""
        raise self.reason

    @property
    def max_tokens(self) -> int:
        """Raise."""
        raise self.reason

    def load(self) -> None:
        """Raise."""
        raise self.reason

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Raise."""
        raise self.reason

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Raise."""
        raise self.reason

    def embed_question(self, question: str) -> Vectors:
        """Raise."""
        raise self.reason


@dataclass(frozen=True, slots=True)
class EmbedderFinder:
    """Finds the embedder of an older index by what was written down when that was made."""

    settings: Settings

    def __call__(self, named: ModelName, fingerprint: str) -> Embedder:
        """Return an embedder with that very fingerprint. Raises ModelUnavailable.

        Which library ran the model matters less than its weights: it may be gone by now.
        """
        if not named.model:
            raise ModelUnavailable("its name was not written down")
        reason = ModelUnavailable("its files are others now")
        for backend in dict.fromkeys((named.backend or BACKENDS[0], BACKENDS[0])):
            try:
                found = choose_embedder(
                    named.model,
                    backend=backend,
                    online=self.settings.online,
                    query_prefix=named.query_prefix,
                    passage_prefix=named.passage_prefix,
                )
                if found.fingerprint == fingerprint:
                    return found
            except ModelUnavailable as error:
                reason = error
        raise reason
