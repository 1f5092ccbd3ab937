from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.duplicates import signature
from index import versions
from index.database import Database
from index.versions import Near, find

FOLDER = Path(__file__).parents[2] / "corpus" / "documents"
TEXTS = [path.read_text("utf-8").split("---\n", 2)[2] for path in sorted(FOLDER.glob("*.md"))]
FIRST, SECOND, THIRD = TEXTS[:3]
COPY = "THE MORNING TIDE\n\nAnother headline\n\n" + FIRST[: len(FIRST) * 2 // 3]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "catalogue.sqlite")
    yield opened
    opened.close()


def put(database: Database, document_id: str, text: str, state: str = "active") -> int:
    """Write what a catalogue holds of a document, as far as versions go."""
    empty = ("title", "tags", "media_type", "path", "sha256", "stamp", "added", "problems")
    columns = [*empty, "removed", "guessed", "pages", "quarantine"]
    own = signature(text)
    with database.transaction() as connection:
        generation = connection.execute(
            f"INSERT INTO documents (state, id, text, signature, {', '.join(columns)}) "
            f"VALUES (?, ?, ?, ?{', ?' * len(columns)})",
            (state, document_id, text, own, *[""] * len(columns)),
        ).lastrowid
        assert generation is not None
        versions.insert(connection, generation, own)
    return generation


def keys(database: Database) -> int:
    return int(database.rows("SELECT count(*) FROM bands")[0][0])


def test_the_nearest_document_is_found_by_text_and_by_signature(database: Database) -> None:
    for name, text in (("first", FIRST), ("second", SECOND), ("third", THIRD)):
        put(database, name, text)
    found = find(database, COPY)
    assert found is not None
    assert found.document_id == "first"
    assert found.similarity > 0.9
    by_signature = find(database, signature(COPY))
    assert by_signature is not None
    assert by_signature.document_id == "first"
    assert find(database, FIRST) == Near("first", 1.0)
    assert find(database, TEXTS[3]) is None


def test_a_document_is_no_version_of_itself(database: Database) -> None:
    put(database, "first", FIRST)
    assert find(database, FIRST, other_than="first") is None
    put(database, "copy", COPY)
    found = find(database, FIRST, other_than="first")
    assert found is not None
    assert found.document_id == "copy"


def test_only_active_generations_are_found(database: Database) -> None:
    put(database, "first", FIRST, "pending")
    put(database, "first", FIRST, "retired")
    assert find(database, FIRST) is None


def test_of_equal_ones_the_first_is_named(database: Database) -> None:
    put(database, "b", FIRST)
    put(database, "a", FIRST)
    assert find(database, FIRST) == Near("b", 1.0)


def test_a_forgotten_generation_is_found_no_more_and_leaves_no_key(database: Database) -> None:
    gone, stays = put(database, "first", FIRST), put(database, "second", SECOND)
    assert keys(database) == 128
    with database.transaction() as connection:
        versions.delete(connection, [gone, 999])
    assert keys(database) == 64
    assert find(database, FIRST) is None
    assert find(database, SECOND) == Near("second", 1.0)
    with database.transaction() as connection:
        versions.delete(connection, [stays])
    assert keys(database) == 0


@pytest.mark.parametrize("text", ["", "too short a text", b""])
def test_a_text_without_a_signature_is_no_version(database: Database, text: str | bytes) -> None:
    put(database, "empty", "too short a text")
    assert keys(database) == 0
    assert find(database, text) is None


def test_a_text_that_very_many_documents_hold_is_still_found(database: Database) -> None:
    for number in range(120):
        put(database, f"copy-{number:03}", f"{FIRST}\n\nCopy {number}")
    found = find(database, COPY)
    assert found is not None
    assert found.document_id == "copy-000"
