"""The catalogue: documents, passages, vectors and terms in one SQLite file.

It is the only place where text and vectors are kept; Chroma holds a copy of the passage vectors
and can be made again from here. Whatever is read from here is of active generations only;
``generations.py`` writes them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from corpus.documents import Document, Reading, Removed, text_sha256
from corpus.errors import UnknownDocument
from index.database import Database
from index.embed import Vectors
from index.entries import Entry

_DOCUMENT = (
    "id, title, text, date, source, url, language, tags, media_type, path, sha256, author, pages"
)
_THERE = "(SELECT v.id FROM documents v WHERE v.id = d.version_of AND v.state = 'active')"
# From the index that filters use, which holds no texts.
_DISTINCT = "SELECT DISTINCT {} FROM documents INDEXED BY by_filter WHERE state = 'active'"


class Catalogue:
    """What the active generations hold."""

    def __init__(self, database: Database) -> None:
        self.file = database.path
        self._rows = database.rows
        self._damaged = database.damaged
        self._database = database

    def document(self, document_id: str) -> Document:
        """Return a document with its text. Raises UnknownDocument and CatalogueDamaged."""
        return self._one_document("id = ?", document_id)

    def reading(self, document_id: str) -> Reading:
        """Return all that was found out in reading a document. Raises UnknownDocument."""
        found = self._rows(
            f"SELECT removed, guessed, problems, quarantine, {_DOCUMENT} FROM documents "
            "WHERE state = 'active' AND id = ?",
            (document_id,),
        )
        if not found:
            raise unknown(document_id)
        removed, guessed, problems, quarantine, *row = found[0]
        return Reading(
            self._as_document(tuple(row)),
            tuple(Removed(**part) for part in json.loads(removed)),
            tuple(json.loads(guessed)),
            tuple(json.loads(problems)),
            tuple(json.loads(quarantine)),
        )

    def version(self, sha256_prefix: str) -> Document | None:
        """Return the document whose text has a hash that begins so, if one is active."""
        try:
            return self._one_document("sha256 GLOB ? || '*'", sha256_prefix)
        except UnknownDocument:
            return None

    def containing(self, quote: str) -> tuple[str, ...]:
        """Return the ids of the documents whose text has these very words, which reads all."""
        query = "SELECT id FROM documents WHERE state = 'active' AND instr(text, ?) ORDER BY id"
        return tuple(str(row[0]) for row in self._rows(query, (quote,)))

    def removed_parts(self, document_id: str) -> tuple[Removed, ...]:
        """Return what cleaning took out of a document. Raises UnknownDocument."""
        query = "SELECT removed FROM documents WHERE state = 'active' AND id = ?"
        found = self._rows(query, (document_id,))
        if not found:
            raise unknown(document_id)
        return tuple(Removed(**part) for part in json.loads(found[0][0]))

    def mark(self) -> tuple[str, int]:
        """Return what is something else once anything was written: of this file, this opening."""
        return str(self.file), self._database.changes

    def removed_counts(self, document_ids: Collection[str]) -> dict[str, int]:
        """Return how many parts cleaning took out of documents, by id; unknown ids are left out."""
        holes = ", ".join("?" * len(document_ids))
        query = (
            "SELECT id, json_array_length(removed) FROM documents "
            f"WHERE state = 'active' AND id IN ({holes})"
        )
        return dict(self._rows(query, tuple(document_ids)))

    def entries(self) -> tuple[Entry, ...]:
        """Return all documents without their texts, the newest first, undated ones last."""
        return tuple(self._entries("ORDER BY date IS NULL, date DESC, id"))

    def entry(self, document_id: str) -> Entry:
        """Return one document's entry. Raises UnknownDocument."""
        for found in self._entries("AND id = ?", document_id):
            return found
        raise unknown(document_id)

    def about(self, document_ids: Collection[str]) -> dict[str, tuple[str, dt.date | None]]:
        """Return the titles and dates of documents, by id; unknown ids are left out."""
        holes = ", ".join("?" * len(document_ids))
        found = self._rows(
            f"SELECT id, title, date FROM documents WHERE state = 'active' AND id IN ({holes})",
            tuple(document_ids),
        )
        return {document_id: (title, _date(date)) for document_id, title, date in found}

    def names(self) -> tuple[list[str], list[str]]:
        """Return all titles and all tags."""
        found = self._rows("SELECT title, tags FROM documents WHERE state = 'active'")
        return [title for title, _ in found], [tag for _, tags in found for tag in json.loads(tags)]

    def sources_and_tags(self) -> tuple[list[str], list[str]]:
        """Return all sources and all tags, each once, in order."""
        sources, tags = (
            [value for (value,) in self._rows(_DISTINCT.format(column))]
            for column in ("source", "tags")
        )
        each = {tag for one in tags for tag in json.loads(one)}
        return sorted(one for one in sources if one), sorted(each)

    def last_generation(self) -> int:
        """Return the number of the newest generation, active or not; 0 where there is none."""
        return int(self._rows("SELECT coalesce(max(generation), 0) FROM documents")[0][0])

    def stamps(self) -> dict[str, tuple[str, str]]:
        """Return, for each document id, its path and the stamp of the file it was read from."""
        found = self._rows("SELECT id, path, stamp FROM documents WHERE state = 'active'")
        return {document_id: (path, stamp) for document_id, path, stamp in found}

    def stamp_of(self, document_id: str) -> tuple[str, str] | None:
        """Return the path and the stamp of a document's file; None for an unknown document."""
        found = self._rows(
            "SELECT path, stamp FROM documents WHERE state = 'active' AND id = ?", (document_id,)
        )
        return (found[0][0], found[0][1]) if found else None

    def same_text(self, sha256: str) -> dict[str, tuple[str, str]]:
        """Return the documents with this very text, the first first: ids to paths and stamps."""
        found = self._rows(
            "SELECT id, path, stamp FROM documents WHERE state = 'active' AND sha256 = ? "
            "ORDER BY generation",
            (sha256,),
        )
        return {document_id: (path, stamp) for document_id, path, stamp in found}

    def passage_count(self) -> int:
        """Return the number of active passages."""
        found = self._rows(
            "SELECT count(*) FROM passages JOIN documents USING (generation) WHERE state = 'active'"
        )
        return int(found[0][0])

    def all_vectors(self, batch: int = 1000) -> Iterator[tuple[list[int], Vectors]]:
        """Yield the numbers and vectors of all active passages, a batch at a time."""
        return self._vectors("= 'active'", batch)

    def held_vectors(self, batch: int = 1000) -> Iterator[tuple[list[int], Vectors]]:
        """Yield those of pending passages as well, as whoever wrote them may make them active
        before the last batch is taken."""
        return self._vectors("!= 'retired'", batch)

    def _vectors(self, state: str, batch: int) -> Iterator[tuple[list[int], Vectors]]:
        last = 0
        while True:
            found = self._rows(
                "SELECT number, vector FROM passages JOIN documents USING (generation) "
                f"WHERE state {state} AND number > ? ORDER BY number LIMIT ?",
                (last, batch),
            )
            if not found:
                return
            last = found[-1][0]
            vectors = np.frombuffer(b"".join(blob for _, blob in found), dtype="<f4")
            yield [number for number, _ in found], vectors.reshape(len(found), -1)

    def _one_document(self, condition: str, value: str) -> Document:
        found = self._rows(
            f"SELECT {_DOCUMENT} FROM documents WHERE state = 'active' AND {condition} "
            "ORDER BY generation LIMIT 1",
            (value,),
        )
        if not found:
            raise unknown(value)
        return self._as_document(found[0])

    def _as_document(self, row: tuple[Any, ...]) -> Document:
        ident, title, text, date, source, url, language, tags, *rest = row
        media, path, sha256, author, pages = rest
        if text_sha256(text) != sha256:
            raise self._damaged(f"the text of {ident!r} is not as it was stored")
        return Document(
            ident, title, text, _date(date), source, url, language, tuple(json.loads(tags)),
            media, path, sha256, author, tuple(json.loads(pages)),
        )  # fmt: skip

    def _entries(self, rest: str, *values: str) -> Iterator[Entry]:
        found = self._rows(
            "SELECT id, title, date, source, url, language, tags, media_type, path, sha256, "
            "length(text), (SELECT count(*) FROM passages p WHERE p.generation = d.generation), "
            f"added, problems, author, guessed, quarantine, {_THERE} "
            f"FROM documents d WHERE state = 'active' {rest}",
            values,
        )
        for row in found:
            (ident, title, date, source, url, language, tags, *rest_of_row) = row
            media_type, path, sha256, characters, passages, added, problems, *news = rest_of_row
            author, guessed, quarantine, version_of = news
            yield Entry(
                id=ident,
                title=title,
                date=_date(date),
                source=source,
                url=url,
                language=language,
                tags=tuple(json.loads(tags)),
                media_type=media_type,
                path=path,
                sha256=sha256,
                characters=characters,
                passages=passages,
                added=dt.datetime.fromisoformat(added),
                problems=tuple(json.loads(problems)),
                author=author,
                guessed=tuple(json.loads(guessed)),
                quarantine=tuple(json.loads(quarantine)),
                version_of=version_of,
            )


def unknown(document_id: str) -> UnknownDocument:
    """Return the error for a document id that nothing has."""
    shown = document_id if len(document_id) <= 80 else document_id[:77] + "..."
    return UnknownDocument(
        f"no document has the id {shown!r}: 'assistant list' shows the ids there are"
    )


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
