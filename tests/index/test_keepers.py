"""What is asked of whatever keeps the vectors: Chroma in this process, and on a server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.exact import exact_nearest
from index.filling import fill
from index.keeper import Keeper, writing

from .keepers import OpenKeeper, Told
from .test_vectors import NUMBERS, VECTORS, unit_vectors


@pytest.fixture
def sealed(tmp_path: Path, open_keeper: OpenKeeper) -> Path:
    """Return a folder whose keeper has fifty sealed vectors, and nobody has it open."""
    keeper = open_keeper(tmp_path, NUMBERS)
    with writing(keeper):
        keeper.upsert(NUMBERS, VECTORS)
    keeper.close()
    return tmp_path


def near(keeper: Keeper, question: int, k: int) -> list[int]:
    return [number for number, _ in keeper.nearest(VECTORS[question], k)]


def test_nearest_gives_numbers_with_cosine_similarities_the_nearest_first(
    sealed: Path, open_keeper: OpenKeeper
) -> None:
    keeper = open_keeper(sealed, NUMBERS)
    assert keeper.intact(50)
    found = keeper.nearest(VECTORS[4], 10)
    exact = exact_nearest(VECTORS[4], [(NUMBERS, VECTORS)], 10)
    assert [number for number, _ in found] == [number for number, _ in exact]
    assert found[0][0] == 5
    assert [one for _, one in found] == pytest.approx([one for _, one in exact], abs=1e-5)
    keeper.close()


def test_an_empty_one_has_no_neighbours(tmp_path: Path, open_keeper: OpenKeeper) -> None:
    keeper = open_keeper(tmp_path, [])
    assert keeper.nearest(VECTORS[0], 5) == []
    keeper.close()


def test_it_gives_what_it_has_when_asked_for_more(sealed: Path, open_keeper: OpenKeeper) -> None:
    keeper = open_keeper(sealed, NUMBERS)
    assert len(keeper.nearest(VECTORS[0], 500)) == 50
    keeper.close()


def test_it_gives_numbers_and_vectors_back(sealed: Path, open_keeper: OpenKeeper) -> None:
    keeper = open_keeper(sealed, NUMBERS)
    assert keeper.numbers() == NUMBERS
    stored = keeper.stored([7, 50, 999])
    assert stored.keys() == {7, 50}
    assert np.allclose(stored[7], VECTORS[6], atol=1e-6)
    keeper.close()


def test_deleted_vectors_are_found_no_more(sealed: Path, open_keeper: OpenKeeper) -> None:
    there = list(NUMBERS)
    keeper = open_keeper(sealed, there)
    assert keeper.intact(50)
    with writing(keeper):
        keeper.delete([5, 6, 999])
        there.remove(5)
        there.remove(6)
    assert set(near(keeper, 4, 50)) == set(there)
    assert keeper.numbers() == there
    assert keeper.intact(48)
    keeper.close()


def test_an_upserted_number_has_its_new_vector(sealed: Path, open_keeper: OpenKeeper) -> None:
    keeper = open_keeper(sealed, NUMBERS)
    with writing(keeper):
        keeper.upsert([5], -VECTORS[4:5])
    assert keeper.nearest(-VECTORS[4], 1) == [(5, pytest.approx(1.0))]
    assert keeper.intact(50)
    keeper.close()


def test_the_same_may_be_put_in_and_taken_out_twice(sealed: Path, open_keeper: OpenKeeper) -> None:
    there = list(NUMBERS)
    keeper = open_keeper(sealed, there)
    with writing(keeper):
        for _ in range(2):
            keeper.upsert(NUMBERS[:30], VECTORS[:30])
            keeper.delete([50])
        there.remove(50)
    assert keeper.numbers() == there
    keeper.close()
    again = open_keeper(sealed, there)
    assert again.intact(49)
    again.close()


def test_neighbours_of_two_thousand_vectors_are_those_of_brute_force(
    tmp_path: Path, open_keeper: OpenKeeper
) -> None:
    vectors, questions = unit_vectors(2000, 64), unit_vectors(50, 64, seed=8)
    numbers = list(range(1, 2001))
    keeper = open_keeper(tmp_path, numbers)
    with writing(keeper):
        keeper.upsert(numbers, vectors)
    shared = 0
    for question in questions:
        exact = {number for number, _ in exact_nearest(question, [(numbers, vectors)], 10)}
        shared += len(exact & {number for number, _ in keeper.nearest(question, 10)})
    assert shared / 500 >= 0.99
    assert keeper.intact(2000)
    keeper.close()


def test_many_threads_ask_at_once(sealed: Path, open_keeper: OpenKeeper) -> None:
    keeper = open_keeper(sealed, NUMBERS)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda place: near(keeper, place, 1), range(50)))
    assert found == [[number] for number in NUMBERS]
    keeper.close()


# ---------------------------------------------------------------- the seal


def test_asking_leaves_it_intact(sealed: Path, open_keeper: OpenKeeper) -> None:
    for _ in range(3):
        keeper = open_keeper(sealed, NUMBERS)
        assert keeper.intact(50)
        assert keeper.untouched()
        keeper.nearest(VECTORS[0], 5)
        keeper.close()


@pytest.mark.parametrize("expected", [0, 49, 51])
def test_another_number_of_vectors_than_the_catalogue_has_is_not_intact(
    sealed: Path, open_keeper: OpenKeeper, expected: int
) -> None:
    keeper = open_keeper(sealed, list(range(1, expected + 1)))
    assert not keeper.intact(expected)
    keeper.close()


def test_vectors_of_another_catalogue_are_not_intact(sealed: Path, open_keeper: OpenKeeper) -> None:
    keeper = open_keeper(sealed, NUMBERS, catalogue_id="two")
    assert not keeper.intact(50)
    keeper.close()


def test_a_write_that_fails_leaves_the_seal_broken(sealed: Path, open_keeper: OpenKeeper) -> None:
    keeper = open_keeper(sealed, NUMBERS)
    assert keeper.intact(50)
    with pytest.raises(RuntimeError, match="on the way"), writing(keeper):
        raise RuntimeError("on the way")
    keeper.close()
    again = open_keeper(sealed, NUMBERS)
    assert not again.intact(50)
    again.close()


def test_emptied_it_is_filled_again(sealed: Path, open_keeper: OpenKeeper) -> None:
    keeper = open_keeper(sealed, NUMBERS)
    keeper.empty()
    assert not keeper.intact(50)
    assert fill(keeper, Told(NUMBERS, VECTORS), Told.go_on())
    keeper.seal()
    assert keeper.numbers() == NUMBERS
    keeper.close()
    again = open_keeper(sealed, NUMBERS)
    assert again.intact(50)
    again.close()


@pytest.mark.parametrize("anew", [False, True])
def test_a_fill_puts_in_what_is_missing_and_takes_out_what_is_too_much(
    tmp_path: Path, open_keeper: OpenKeeper, anew: bool
) -> None:
    keeper = open_keeper(tmp_path, NUMBERS)
    keeper.upsert([*NUMBERS[:30], 77, 78], np.concatenate([VECTORS[:30], VECTORS[:2]]))
    assert fill(keeper, Told(NUMBERS, VECTORS), Told.go_on(), anew=anew)
    keeper.seal()
    assert keeper.numbers() == NUMBERS
    assert near(keeper, 44, 1) == [45]
    assert keeper.intact(50)
    keeper.close()
