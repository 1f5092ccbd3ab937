from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import posting_sums, postings
from index.among import Among
from index.database import Database
from index.posting_sums import Scored
from index.postings import counts

Passages = Mapping[int, Mapping[str, float]]
"""What each term weighs, by the number of the passage."""

TERMS = ("ban", "cat", "face", "law")
PASSAGES = st.dictionaries(
    st.integers(1, 40),
    st.dictionaries(st.sampled_from(TERMS), st.floats(0.01, 0.99), max_size=4),
    max_size=25,
)
RARITY = st.dictionaries(st.sampled_from((*TERMS, "zebra")), st.floats(0.1, 9.0), min_size=1)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Return an empty catalogue whose rows hold few passages."""
    monkeypatch.setattr(postings, "PLACES", 8)
    monkeypatch.setattr(posting_sums, "_STRIDE", 3)
    opened = Database(tmp_path / "catalogue.sqlite")
    opened.rows("PRAGMA synchronous = OFF")  # of many small transactions
    yield opened
    opened.close()


def write(database: Database, passages: Passages) -> None:
    with database.transaction() as connection:
        postings.insert(connection, dict(sorted(passages.items())))


def each(*numbers: int) -> Among:
    one_by_one = np.array(sorted(numbers), dtype=np.int64)
    return Among(one_by_one, one_by_one)


def stored(database: Database) -> dict[int, bytes]:
    return dict(database.rows("SELECT key, data FROM postings"))


def score(passage: Mapping[str, float], rarity: Mapping[str, float]) -> float:
    weights = {term: max(1, round(weight * postings.MOST)) for term, weight in passage.items()}
    return sum(rarity.get(term, 0.0) * weight / postings.MOST for term, weight in weights.items())


def clear(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute("DELETE FROM postings")
        connection.execute("DELETE FROM meta")


CHECKED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@CHECKED
@given(PASSAGES, RARITY, st.integers(1, 30))
def test_the_best_are_those_with_the_largest_sums(
    database: Database, passages: Passages, rarity: Mapping[str, float], k: int
) -> None:
    clear(database)
    write(database, passages)
    sums = {number: score(passage, rarity) for number, passage in passages.items()}
    expected = sorted(
        (number for number, value in sums.items() if value > 0), key=lambda one: -sums[one]
    )
    found = Scored(database, rarity).best(k)
    assert len(found) == min(k, len(expected))
    # Sums as 32-bit floats may be the same where these are not quite.
    assert [sums[one] for one in found] == pytest.approx(
        [sums[one] for one in expected[:k]], rel=1e-5
    )
    among = each(*(number for number in sums if number % 2))
    found = []
    for few in (0, 1000):  # by the best of all, and one by one
        with mock.patch.object(posting_sums, "_FEW", few):
            found.append(Scored(database, rarity).best(k, among))
    assert found[0] == found[1]
    assert [sums[one] for one in found[0]] == pytest.approx(
        [sums[one] for one in expected if one % 2][:k], rel=1e-5
    )
    assert all(number % 2 for number in found[0])


@CHECKED
@given(PASSAGES)
def test_another_name_counts_a_share_where_it_weighs_more(
    database: Database, passages: Passages
) -> None:
    clear(database)
    write(database, passages)
    scored = Scored(database, {"ban": 1.0})
    scored.count_in("ban", 2.0, [("law",), ("face", "cat"), ("zebra",)], 0.5)

    def expected(passage: Mapping[str, float]) -> float:
        other = max(passage.get("law", 0), min(passage.get("face", 0), passage.get("cat", 0)))
        own = passage.get("ban", 0)
        return own + 2 * max(0.5 * other - own, 0)

    numbers = np.array(sorted(passages), dtype=np.int64)
    found = scored._of(numbers)
    assert found == pytest.approx([expected(passages[one]) for one in numbers], abs=1e-4)


@CHECKED
@given(PASSAGES, st.sets(st.integers(1, 40)))
def test_after_deleting_the_rows_are_those_of_what_is_left(
    database: Database, passages: Passages, gone: set[int]
) -> None:
    clear(database)
    left = {number: one for number, one in passages.items() if number not in gone}
    write(database, left)
    expected = stored(database)
    clear(database)
    write(database, passages)
    with database.transaction() as connection:
        postings.delete(connection, {number: passages[number] for number in gone & {*passages}})
    assert stored(database) == expected
    assert postings.is_whole(database.rows)


def test_passages_written_one_after_the_other_give_the_same_rows(database: Database) -> None:
    passages = {number: {"ban": 0.5, f"t{number}": 0.25} for number in range(1, 30)}
    for number, one in passages.items():
        write(database, {number: one})
    assert stored(database) == postings.rows(passages.items())


def test_passages_are_counted(database: Database) -> None:
    write(database, {3: {"ban": 0.5}, 9: {"ban": 0.1, "law": 0.9}, 17: {}})
    assert counts(database, ["ban", "law", "zebra"]) == (3, {"ban": 2, "law": 1, "zebra": 0})
    assert counts(database, []) == (3, {})


def test_of_equal_ones_the_earlier_comes_first(database: Database) -> None:
    write(database, {number: {"ban": 0.5} for number in range(1, 200)})
    assert Scored(database, {"ban": 1.0}).best(5) == [1, 2, 3, 4, 5]


def test_an_empty_catalogue_gives_nothing(database: Database) -> None:
    assert Scored(database, {"ban": 1.0}).best(5) == []
    for few in (0, 1000):
        with mock.patch.object(posting_sums, "_FEW", few):
            assert Scored(database, {"ban": 1.0}).best(5, each(4, 9)) == []


def test_numbers_of_rows_that_are_not_there_score_nothing(database: Database) -> None:
    write(database, {2: {"ban": 0.5}, 30: {"ban": 0.9}})
    for few in (0, 1000):
        with mock.patch.object(posting_sums, "_FEW", few):
            assert Scored(database, {"ban": 1.0}).best(5, each(2, 12, 30, 700)) == [30, 2]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE postings SET key = key + 1 WHERE key = {}",
        "UPDATE postings SET data = substr(data, 1, length(data) - 1) WHERE key = {}",
        "UPDATE postings SET data = substr(data, 5) WHERE key = {}",
        "UPDATE postings SET data = CAST(X'0500' || substr(data, 3) AS BLOB) WHERE key = {}",
        "DELETE FROM postings WHERE key = {}",
    ],
)
def test_a_row_that_was_changed_is_noticed(database: Database, damage: str) -> None:
    assert postings.is_whole(database.rows)
    write(database, {number: {"ban": 0.5, "law": 0.3} for number in range(3, 9)})
    assert postings.is_whole(database.rows)
    with database.transaction() as connection:
        connection.execute(damage.format(max(stored(database))))
    assert not postings.is_whole(database.rows)
