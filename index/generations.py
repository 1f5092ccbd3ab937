"""Writing the catalogue: a document's new reading replaces the old one whole, or not at all."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

from index import copied, postings, versions
from index.copied import Copied, Written
from index.database import Database, translated
from index.embed import Vectors
from index.integrity import digest
from index.open_files import rows_of
from index.postings import Weighed
from index.rows import EmbeddedPassage, Prepared, insert_document, insert_passages
from index.vector_file import VECTORS, VectorFile

__all__ = ["EmbeddedPassage", "Generations", "Prepared", "VersionOf"]

_AT_ONCE = 2_000
"""Passages whose stems are deleted at once."""

Then = Callable[[sqlite3.Connection], None]
"""Does what has to be done together with a change of the catalogue, in its transaction."""

VersionOf = Callable[[str], str | None]
"""Takes the id of a document and returns that of the document it is another version of."""


class Generations:
    """The one writer of a catalogue; opening it drops what a killed process left half-way."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.catalogue_id = self._identity()
        self.purge_retired()

    def add_pending(
        self, documents: Iterable[Prepared]
    ) -> tuple[list[int], list[tuple[int, Vectors]]]:
        """Write documents as new generations that no search sees yet, all or none of them.

        Returns the generations' numbers, and each passage's number with its vector.
        """
        generations: list[int] = []
        numbers: list[tuple[int, Vectors]] = []
        with self._database.transaction() as connection:
            stems: dict[int, Weighed] = {}
            for one in documents:
                generation = insert_document(connection, one)
                passages = insert_passages(connection, generation, one)
                vectors = (part.vector for part in one.passages)
                numbers += zip(passages, vectors, strict=True)
                generations.append(generation)
                stems |= passages
            postings.insert(connection, stems)
        return generations, numbers

    def add_copies(self, copies: Iterable[Copied]) -> list[Written]:
        """Write copies of other hosts as ``add_pending`` writes documents."""
        with self._database.transaction() as connection:
            written = [copied.write(connection, one) for one in copies]
            stems: dict[int, Weighed] = {}
            for one in written:
                stems |= one.stems
            postings.insert(connection, stems)
        return written

    def activate(
        self,
        generations: Sequence[int],
        version_of: VersionOf,
        then: Then = lambda connection: None,
    ) -> None:
        """Make pending generations those that answer, and retire the ones before them.

        ``version_of`` is asked for each in turn, so one may be a version of the one before it.
        ``then`` is done last; where it raises, nothing has happened.
        """
        with self._database.transaction() as connection:
            for generation in generations:
                (document_id,) = connection.execute(
                    "SELECT id FROM documents WHERE generation = ?", (generation,)
                ).fetchone()
                connection.execute(
                    "UPDATE documents SET version_of = ? WHERE generation = ?",
                    (version_of(document_id), generation),
                )
                connection.execute(_RETIRE, (document_id,))
                connection.execute(
                    "UPDATE documents SET state = 'active', digest = ?, (first, last) = "
                    "(SELECT min(number), max(number) FROM passages p "
                    "WHERE p.generation = documents.generation) WHERE generation = ?",
                    (digest(rows_of(connection), generation), generation),
                )
            then(connection)

    def retire(self, document_ids: Iterable[str], then: Then = lambda connection: None) -> None:
        """Take documents out of every search; ``then`` is as in ``activate``."""
        with self._database.transaction() as connection:
            connection.executemany(_RETIRE, [(document_id,) for document_id in document_ids])
            then(connection)

    def has_leftovers(self) -> bool:
        """Tell whether there are generations that are not active."""
        found = self._database.rows("SELECT 1 FROM documents WHERE state != 'active' LIMIT 1")
        return bool(found)

    def leftover_passages(self) -> list[int]:
        """Return the numbers of passages that are retired, or pending after a failed write."""
        found = self._database.rows(
            "SELECT number FROM passages JOIN documents USING (generation) WHERE state != 'active'"
        )
        return [number for (number,) in found]

    def purge_retired(self) -> None:
        """Delete retired generations, and pending ones of a write that failed, for good."""
        with self._database.transaction() as connection:
            _delete_leftovers(connection)

    def has_traces(self) -> bool:
        """Tell whether something was deleted, by this process or one that was killed, and not yet
        wiped."""
        return bool(self._database.rows("SELECT 1 FROM meta WHERE key = 'traces'"))

    def wipe_deleted(self) -> None:
        """Leave nothing of what was deleted in the files: SQLite's log keeps old pages until a
        checkpoint, and vectors stand in a file beside the catalogue as well."""
        self._wipe_vectors()
        ((busy, *_),) = self._database.rows("PRAGMA wal_checkpoint (TRUNCATE)")
        if not busy:  # else somebody reads, for a backup: the next run wipes
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM meta WHERE key = 'traces'")

    def _wipe_vectors(self) -> None:
        path = self._database.path.with_name(VECTORS)
        there = self._database.rows("SELECT generation FROM documents")
        with translated(path):
            VectorFile(path, self.catalogue_id).wipe({generation for (generation,) in there})

    def restamp(self, stamps: Mapping[str, str]) -> None:
        """Note, by document id, that files were touched but still hold what was read from them."""
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE documents SET stamp = ? WHERE id = ? AND state = 'active'",
                [(stamp, document_id) for document_id, stamp in stamps.items()],
            )

    def _identity(self) -> str:
        """Return a random name given when the file was made: a Chroma folder that was filled from
        another file must not be taken for this one's."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO meta VALUES ('catalogue', ?)", (secrets.token_hex(8),)
            )
        return str(self._database.rows("SELECT value FROM meta WHERE key = 'catalogue'")[0][0])


_RETIRE = "UPDATE documents SET state = 'retired' WHERE id = ? AND state = 'active'"


def _delete_leftovers(connection: sqlite3.Connection) -> None:
    # The condition is worded as the partial index words it, so that nothing is read through.
    generations = "(SELECT generation FROM documents WHERE state != 'active')"
    found = connection.execute(generations[1:-1]).fetchall()
    if not found:
        return
    numbers = connection.execute(
        f"SELECT number FROM passages WHERE generation IN {generations}"
    ).fetchall()
    for first in range(0, len(numbers), _AT_ONCE):
        _delete_stems(connection, [number for (number,) in numbers[first : first + _AT_ONCE]])
    connection.execute(f"DELETE FROM passages WHERE generation IN {generations}")
    versions.delete(connection, [generation for (generation,) in found])
    connection.execute("DELETE FROM documents WHERE state != 'active'")
    connection.execute("INSERT OR IGNORE INTO meta VALUES ('traces', 'to be wiped')")


def _delete_stems(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    holes = ", ".join("?" * len(numbers))
    stems = connection.execute(
        f"SELECT number, title, about, heading, body FROM lexicon WHERE number IN ({holes})",
        numbers,
    )
    postings.delete(
        connection, {number: set(" ".join(columns).split()) for number, *columns in stems}
    )
    connection.execute(f"DELETE FROM lexicon WHERE number IN ({holes})", numbers)
