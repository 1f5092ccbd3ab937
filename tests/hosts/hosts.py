"""Hosts that share a database: homes side by side, each with an index of its own."""

from __future__ import annotations

from pathlib import Path

from index.index import Index
from index.sharing import joined

from ..fakes import BagOfStems
from ..index.homes import Home


class Host(Home):
    """A home that is joined with others through a database."""

    def join(self, database: str) -> Index:
        return Index(
            self.state, self.shelf, self.embedder, sharing=joined(database, self.shelf.folder)
        )


def host(folder: Path, *, mounts: Path | None = None) -> Host:
    """Make a home; its documents folder may be one that lies elsewhere."""
    folder.mkdir()
    documents = folder / "documents"
    if mounts is None:
        documents.mkdir()
    else:
        documents.symlink_to(mounts)
    return Host(folder, BagOfStems())


def hits(index: Index, question: str) -> list[tuple[str, int, float]]:
    """Return what a search finds, and how good it is."""
    found = index.search(index.prepare(question), k=20)
    return [(one.passage.document_id, one.passage.start, one.score) for one in found]
