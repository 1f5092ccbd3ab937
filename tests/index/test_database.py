from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import ArchiveError, CatalogueDamaged, IndexFailure
from index.database import Database

ORPHAN = "INSERT INTO passages VALUES (1, 99, 0, 1, '', '', '', '')"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "catalogue.sqlite")
    yield opened
    opened.close()


def test_a_commit_that_is_refused_writes_nothing_and_the_next_one_works(database: Database) -> None:
    def write_an_orphan() -> None:
        with database.transaction() as connection:
            connection.execute("PRAGMA defer_foreign_keys = ON")  # so that only the commit notices
            connection.execute(ORPHAN)

    with pytest.raises(ArchiveError):
        write_an_orphan()
    assert database.rows("SELECT count(*) FROM passages") == [(0,)]
    with database.transaction() as connection:
        connection.execute("INSERT INTO meta VALUES ('one', 'two')")
    assert database.rows("SELECT value FROM meta") == [("two",)]


def test_what_went_wrong_is_told_where_sqlite_has_rolled_back_already(database: Database) -> None:
    def fail_after_a_rollback() -> None:
        with database.transaction() as connection:
            connection.execute("ROLLBACK")
            raise ValueError("the cause")

    with pytest.raises(ValueError, match="the cause"):
        fail_after_a_rollback()


def test_a_closed_catalogue_is_not_called_damaged(database: Database) -> None:
    database.close()
    with pytest.raises(IndexFailure, match="was closed: run the command again") as error:
        database.rows("SELECT 1")
    assert not isinstance(error.value, CatalogueDamaged)
