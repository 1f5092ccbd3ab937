"""A cluster that reads and embeds for one command (``--on``)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial

from assistant.settings import Settings
from index.backends import choose_embedder
from index.embed import Embedder


@contextlib.contextmanager
def working_on(address: str | None, settings: Settings, embedder: Embedder) -> Iterator[None]:
    """Let what is added and synced inside be read and embedded at ``address``; None is here.

    ``embedder`` is the one of ``settings``. Raises UsageError, and IndexFailure where the cluster
    does not answer or is of another release.
    """
    if address is None:
        yield
        return
    from corpus.sandbox import shared
    from index.cluster import Cluster, helped_by
    from index.cluster_ray import ray_crew

    make = partial(
        choose_embedder,
        settings.model,
        backend=settings.backend,
        online=settings.online,
        query_prefix=settings.query_prefix,
        passage_prefix=settings.passage_prefix,
    )
    with ray_crew(address, make, embedder) as crew, helped_by(Cluster(crew, shared())):
        yield
