"""What a run asks of whoever reads files: this machine's readers, or a cluster."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from corpus.documents import Document, Reading
from corpus.errors import CorpusError
from corpus.sandbox import ReadJob
from corpus.unpacked import Unpacked
from index.embed import Vectors


class Reads(Protocol):
    """Reads files, each with limits; see ``corpus.sandbox.Readers``."""

    def read(  # noqa: D102
        self, path: Path, *, folder: Path, document_id: str | None = None, max_bytes: int = ...
    ) -> Reading: ...

    def read_many(  # noqa: D102
        self, jobs: Iterable[ReadJob]
    ) -> Iterator[tuple[ReadJob, Reading | CorpusError]]: ...

    def is_container(self, path: Path) -> bool: ...  # noqa: D102

    def unpack(self, path: Path, into: Path, *, max_bytes: int = ...) -> Unpacked: ...  # noqa: D102


class Gives(Protocol):
    """Knows vectors that need not be made again; see ``index.reuse.Donor``."""

    def vectors(self, document: Document, wanted: Collection[str]) -> dict[str, Vectors]:
        """Return the vectors of those ``wanted`` texts that it has for a document."""
        ...

    def close(self) -> None: ...  # noqa: D102
