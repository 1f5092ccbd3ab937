from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from index import narrowed
from index.allowed import vectors_of
from index.among import Among
from index.database import Database
from index.exact import exact_nearest
from index.index import Index
from index.narrowed import Narrowed
from index.nearest import Nearest, State

from .homes import Home


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    home = Home(tmp_path_factory.mktemp("home"))
    for number in range(60):
        home.write(
            f"{number}.txt", f"Report {number}\n\nIt is about w{number} and w{number + 1}.\n"
        )
    index = home.open()
    index.sync()
    # As few passages are compared one by one as long as Chroma has not been started.
    index._vectors.warm()
    index._vectors.wait()
    yield index
    index.close()


def among(*numbers: int) -> Among:
    each = np.array(numbers, dtype=np.int64)
    return Among(each, each)


def nearest_among(
    database: Database, vectors: Nearest, vector: np.ndarray, k: int, some: Among
) -> list[tuple[int, float]]:
    return Narrowed(database, vectors).nearest(vector, k, some)


def parts(index: Index) -> tuple[Database, Nearest]:
    return index._database, index._vectors


SOME = among(*range(1, 61, 2))


@pytest.mark.parametrize("few", [5, 1000])
def test_the_nearest_are_those_of_exact_search(
    filled: Index, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(narrowed, "FEW", few)
    database, vectors = parts(filled)
    assert vectors.state is State.READY
    question = filled.prepare("what of w30 and w31").vector
    expected = exact_nearest(question, vectors_of(database, SOME.numbers()), 7)
    found = nearest_among(database, vectors, question, 7, SOME)
    assert [similarity for _, similarity in found] == pytest.approx(
        [similarity for _, similarity in expected], abs=1e-5
    )
    assert {number for number, _ in found} <= {*SOME.numbers().tolist()}


def test_where_too_few_of_the_nearest_pass_more_are_looked_at(
    filled: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowed, "FEW", 2)
    monkeypatch.setattr(narrowed, "_MORE", 0.1)
    database, vectors = parts(filled)
    asked: list[int] = []
    nearest = vectors.nearest

    def counted(vector: np.ndarray, k: int) -> list[tuple[int, float]]:
        asked.append(k)
        return nearest(vector, k)

    monkeypatch.setattr(vectors, "nearest", counted)
    question = filled.prepare("what of w30").vector
    assert len(nearest_among(database, vectors, question, 10, SOME)) == 10
    assert asked == [2, 8, 32]
    monkeypatch.setattr(narrowed, "_DEEPEST", 8)
    asked.clear()
    found = nearest_among(database, vectors, question, 10, SOME)
    assert found == exact_nearest(question, vectors_of(database, SOME.numbers()), 10)
    assert asked == [2, 8]


def test_nothing_is_nearest_where_nothing_passes(filled: Index) -> None:
    database, vectors = parts(filled)
    question = filled.prepare("what of w30").vector
    assert nearest_among(database, vectors, question, 10, among()) == []


def test_of_very_many_not_all_are_compared(filled: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowed, "FEW", 2)
    monkeypatch.setattr(narrowed, "_MANY", 3)
    monkeypatch.setattr(narrowed, "_DEEPEST", 20)
    monkeypatch.setattr(narrowed, "_MORE", 0.5)
    database, vectors = parts(filled)
    question = filled.prepare("what of w30").vector
    found = nearest_among(database, vectors, question, 10, SOME)
    assert 0 < len(found) < 10


def test_of_very_many_all_are_compared_where_none_of_them_is_among_the_nearest(
    filled: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowed, "FEW", 2)
    monkeypatch.setattr(narrowed, "_MANY", 3)
    monkeypatch.setattr(narrowed, "_DEEPEST", 1)
    monkeypatch.setattr(narrowed, "_MORE", 0.1)
    database, vectors = parts(filled)
    question = filled.prepare("what of w30").vector
    everything = exact_nearest(question, vectors_of(database, among(*range(1, 61)).numbers()), 60)
    farthest = among(*sorted(number for number, _ in everything[50:]))
    ((nearest, _),) = vectors.nearest(question, 1)
    assert nearest not in farthest.numbers()
    found = nearest_among(database, vectors, question, 3, farthest)
    assert found == exact_nearest(question, vectors_of(database, farthest.numbers()), 3)
