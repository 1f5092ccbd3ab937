"""What is remembered of documents for filters says the same as the catalogue, whatever happens."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from corpus.errors import ArchiveError
from index import filtered, lately, moves
from index.allowed import Allowed
from index.index import Index
from index.lately import Lately
from index.passages import Filters

from .homes import Home, passage_numbers

ALL = (
    Filters(),
    Filters(since=dt.date(2020, 1, 5)),
    Filters(until=dt.date(2020, 1, 4)),
    Filters(sources=("POST",)),
    Filters(tags=("Even", "three")),
    Filters(sources=("post", "mail"), tags=("even",), since=dt.date(2020, 1, 3)),
    Filters(tags=("even",), documents=("d2", "d3", "d4")),
)


def write(home: Home, number: int, *, source: str = "", day: int = 0, words: str = "") -> None:
    tags = ["even" if number % 2 == 0 else "odd", *(["Three"] if number % 3 == 0 else [])]
    front = [f"title: Report {number}", f"tags: [{', '.join(tags)}]"]
    front.append(f"source: {source or ('Post', 'Mail', 'Écho')[number % 3]}")
    front += [f"date: 2020-01-{day or number + 1:02}"] if number % 5 else []
    text = f"Of w{number} and {words}.\n\n## Part\n\nMore of w{number + 1}."
    home.write(f"d{number}.md", "\n".join(["---", *front, "---", "", text]))


def expected(index: Index, filters: Filters) -> list[int]:
    """Say by the entries of documents which passages pass."""
    ids = [
        one.id
        for one in index.catalogue.entries()
        if (not filters.since or (one.date and one.date >= filters.since))
        and (not filters.until or (one.date and one.date <= filters.until))
        and (not filters.documents or one.id in filters.documents)
        and (
            not filters.sources
            or (one.source or "").casefold() in {name.casefold() for name in filters.sources}
        )
        and (
            not filters.tags
            or {tag.casefold() for tag in one.tags} & {tag.casefold() for tag in filters.tags}
        )
    ]
    holes = ", ".join("?" * len(ids))
    found = index._database.rows(
        "SELECT number FROM passages JOIN documents USING (generation) "
        f"WHERE state = 'active' AND id IN ({holes}) ORDER BY number",
        ids,
    )
    return [number for (number,) in found]


def check(index: Index, allowed: Allowed) -> None:
    for filters in ALL:
        among = allowed.among(filters)
        right = expected(index, filters)
        assert among.numbers().tolist() == right
        assert len(among) == len(right)
        every = np.arange(passage_numbers(index)[-1] + 9)
        assert np.flatnonzero(among.holds(every)).tolist() == right


@pytest.fixture
def filled(home: Home) -> Iterator[Index]:
    for number in range(12):
        write(home, number)
    opened = home.open()
    opened.sync()
    yield opened
    opened.close()


@pytest.mark.parametrize("kept", [10_000, 3])
def test_what_comes_goes_and_changes_is_followed(
    home: Home, filled: Index, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(moves, "_KEPT", kept)  # with few known, it is read whole again
    allowed = Allowed(filled._database)
    check(filled, allowed)
    filled.remove(["d3"])
    check(filled, allowed)
    write(home, 12)
    write(home, 3)
    write(home, 4, source="Post", day=30)
    write(home, 5, words="other words")
    filled.sync()
    check(filled, allowed)
    (home.folder / "documents" / "d7.md").rename(home.folder / "documents" / "d2-moved.md")
    filled.sync()
    check(filled, allowed)
    filled.remove([one.id for one in filled.catalogue.entries() if one.id != "d4"])
    check(filled, allowed)


def test_only_what_moved_is_read_again(home: Home, filled: Index) -> None:
    allowed = Allowed(filled._database)
    allowed.among(ALL[1])
    read: list[str] = []
    filled._database._file.connection.set_trace_callback(read.append)
    allowed.among(ALL[1])
    assert read == []
    filled.remove(["d3"])
    read.clear()
    allowed.among(ALL[1])
    assert len(read) == 1
    assert "generation IN" in read[0]


def test_a_change_that_is_taken_back_changes_nothing(filled: Index) -> None:
    allowed = Allowed(filled._database)
    check(filled, allowed)

    def fail(connection: sqlite3.Connection) -> None:
        raise ArchiveError("not now")

    with filled.view() as store, pytest.raises(ArchiveError):
        store._generations.retire(["d4"], fail)
    check(filled, allowed)
    assert expected(filled, Filters(documents=("d4",)))


def test_names_of_documents_that_are_gone_are_forgotten(
    home: Home, filled: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtered, "_SPARE", -50)
    allowed = Allowed(filled._database)
    names = allowed._now().source_names
    for time in range(6):
        write(home, 1, source=f"Source {time}")
        filled.sync()
        allowed.among(ALL[1])
    assert len(names.codes) > 3
    assert allowed._now().source_names.codes.keys() == {"post", "mail", "écho", "source 5"}
    check(filled, allowed)


def test_while_others_write_no_answer_is_late(home: Home, filled: Index) -> None:
    """Each change is seen by the first search after it, whoever else brings it up to date."""
    filters = Filters(tags=("odd", "even"))
    over, wrong = threading.Event(), list[BaseException]()

    def search() -> None:
        try:
            while not over.is_set():
                filled.search(filled.prepare("w1 other"), k=5, filters=filters)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()

    def found() -> set[str]:
        hits = filled.search(filled.prepare("new9 words"), k=20, filters=filters)
        return {hit.passage.document_id for hit in hits}

    try:
        for time in range(4):
            write(home, 20 + time, words="new9 words")
            filled.sync()
            assert f"d{20 + time}" in found()
            filled.remove([f"d{20 + time}"])
            assert f"d{20 + time}" not in found()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_vectors_read_lately_are_those_of_the_catalogue(
    filled: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lately, "MOST", 10)
    kept = Lately(filled._database)
    stored = {
        number: vector
        for numbers, vectors in filled.catalogue.all_vectors()
        for number, vector in zip(numbers, vectors, strict=True)
    }
    every = np.array(sorted(stored), dtype=np.int64)

    def look(numbers: np.ndarray, lacking: int) -> None:
        assert kept.lacks(numbers) == lacking
        found = [one for some in kept.vectors(numbers) for one in zip(*some, strict=True)]
        assert sorted(number for number, _ in found) == numbers.tolist()
        for number, vector in found:
            assert np.array_equal(vector, stored[int(number)])

    look(every[:6], 6)
    look(every[:6], 0)
    look(every[4:8], 2)  # both fit
    look(every[:8], 0)
    look(every[8:16], 8)  # the others make room
    look(every[:8], 8)
    look(every, len(every) - 8)  # more than are kept leave what is kept
    look(every[:8], 0)
    assert list(kept.vectors(every[:0])) == []
