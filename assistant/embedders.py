"""The embedding model that the settings name, and those that older indexes were made with."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.settings import Settings
from corpus.errors import ModelUnavailable
from index.backends import BACKENDS, LoadableEmbedder, choose_embedder
from index.embed import Embedder
from index.made import ModelName


def default_embedder(settings: Settings) -> LoadableEmbedder:
    """Return the embedder that the settings name, not loaded yet."""
    return choose_embedder(
        settings.model,
        backend=settings.backend,
        online=settings.online,
        query_prefix=settings.query_prefix,
        passage_prefix=settings.passage_prefix,
    )


def is_loaded(embedder: Embedder) -> bool:
    """Tell whether an embedder is ready; one that needs no loading is."""
    return bool(getattr(embedder, "loaded", True))


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
