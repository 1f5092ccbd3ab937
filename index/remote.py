"""The vector server of a home: what keeps the vectors of each of its indexes there."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from corpus.errors import VectorsDamaged
from index.catalogue import Catalogue
from index.chroma_http import ChromaHttp
from index.database import Database
from index.remote_names import Names
from index.remote_vectors import RemoteVectors
from index.server import Server
from index.vectors import VectorStore

_log = logging.getLogger(__name__)


class Remote:
    """A vector server with the collections of one home."""

    def __init__(self, server: Server, root: Path) -> None:
        """``root`` is the folder of the index folders. Nothing is asked yet."""
        self.server = server
        self._names = Names(root)

    def keeper(self, database: Database, catalogue_id: str) -> RemoteVectors:
        """Return what keeps the vectors of one index there. What this process kept is deleted, as
        nothing would be taken out of it any more."""
        catalogue, folder = Catalogue(database), database.path.parent.name
        try:
            VectorStore(database.path.with_name("chroma"), catalogue_id).empty()
        except VectorsDamaged as error:
            _log.warning("%s", error)

        def content() -> tuple[int, str]:
            return catalogue.passage_count(), digest_of(database)

        return RemoteVectors(self.server, self._names, folder, catalogue_id, content)

    def answers_anybody(self) -> bool:
        """Tell whether it answers those who send none of our headers. Raises VectorsAway."""
        http = ChromaHttp(self.server)
        try:
            return http.answers_anybody()
        finally:
            http.close()


def left_behind(root: Path, server: Server | None) -> dict[str, list[str]]:
    """Return the collections that this home still has on other servers than that of now, by place;
    ``root`` is the folder of the index folders."""
    found: dict[str, list[str]] = {}
    for one in Names(root).elsewhere(server.place if server else ""):
        found.setdefault(one.place, []).append(one.name)
    return found


def digest_of(database: Database) -> str:
    """Return a digest of all active generations; each has one of all its rows (``integrity``)."""
    rows = database.rows(
        "SELECT generation, digest FROM documents WHERE state = 'active' ORDER BY generation"
    )
    told = "\n".join(f"{generation} {digest}" for generation, digest in rows)
    return hashlib.sha256(told.encode()).hexdigest()
