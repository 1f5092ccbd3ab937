"""A home of documents for tests: files go in by name, an index opens over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from corpus.documents import Document, text_sha256
from corpus.shelf import Shelf
from index.index import Index

from ..fakes import BagOfStems


@dataclass(frozen=True, slots=True)
class Home:
    """A documents folder, a state folder and the embedder of every index opened here."""

    folder: Path
    embedder: BagOfStems = field(default_factory=BagOfStems)

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.folder / "documents")

    @property
    def state(self) -> Path:
        return self.folder / "var"

    def write(self, name: str, text: str) -> Path:
        path = self.folder / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def outside(self, name: str, text: str) -> Path:
        """Write a file that is not in the documents folder."""
        path = self.folder / "outside" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def open(self) -> Index:
        return Index(self.state, self.shelf, self.embedder)


def document(text: str, *, title: str = "A title", document_id: str = "doc") -> Document:
    return Document(
        id=document_id,
        title=title,
        text=text,
        date=None,
        source=None,
        url=None,
        language=None,
        tags=(),
        media_type="text/plain",
        path=f"{document_id}.txt",
        sha256=text_sha256(text),
    )


def chroma_numbers(index: Index) -> list[int]:
    """Return the passage numbers that Chroma holds, sorted."""
    return index._vectors.numbers()


def passage_numbers(index: Index) -> list[int]:
    """Return the passage numbers of active documents, sorted."""
    return sorted(number for numbers, _ in index.catalogue.all_vectors() for number in numbers)


def texts(index: Index) -> dict[str, str]:
    """Return the text of every document that the index knows."""
    return {one.id: index.catalogue.document(one.id).text for one in index.catalogue.entries()}


def found(index: Index, question: str, k: int = 3) -> list[str]:
    """Return the ids of the documents whose passages a search finds, the best first."""
    return [hit.passage.document_id for hit in index.search(index.prepare(question), k=k)]


def bytes_of(path: Path) -> bytes:
    """Return what a file holds; other threads may have deleted it since it was listed."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
