from __future__ import annotations

import numpy as np
import pytest

from index import word_table
from index.word_table import WordTable, default_table, table_name

ROWS = np.array([[3, 0], [0, 1], [-1, -1], [0, 4]], dtype=np.float32)
PIECES = {"sun": 0, "##set": 1, "moon": 2, "s": 3}
MEAN = ROWS.mean(axis=0)


def unit(vector: np.ndarray) -> list[float]:
    return [float(x) for x in vector / np.linalg.norm(vector)]


def test_a_word_is_the_mean_of_its_longest_pieces_less_what_all_share() -> None:
    found = WordTable(ROWS, PIECES).vectors(["sun", "sunset", "moon", "sun"])
    assert found[0] == pytest.approx(unit(ROWS[0] - MEAN))
    assert found[1] == pytest.approx(unit((ROWS[0] + ROWS[1]) / 2 - MEAN))
    assert found[2] == pytest.approx(unit(ROWS[2] - MEAN))
    assert found[3] == pytest.approx(found[0])


@pytest.mark.parametrize("word", ["", "sunk", "planet", "s" * 41])
def test_a_word_that_cannot_be_put_together_has_only_zeros(word: str) -> None:
    assert WordTable(ROWS, PIECES | {"##s": 1}).vectors([word]).tolist() == [[0.0, 0.0]]


def test_no_words_give_no_vectors() -> None:
    assert WordTable(ROWS, PIECES).vectors([]).shape == (0, 2)


def test_the_default_models_table_knows_which_words_are_used_alike() -> None:
    table = default_table()
    kids, children, hard, difficult, port = table.vectors(
        ["kids", "children", "hard", "difficult", "port"]
    )
    assert float(kids @ children) > 0.7
    assert float(hard @ difficult) > 0.5
    assert abs(float(kids @ port)) < 0.2


def test_without_the_package_only_words_of_one_stem_are_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert table_name() not in ("", "none")
    monkeypatch.setattr(word_table, "model_folder", lambda _: None)
    default_table.cache_clear()
    try:
        assert table_name() == "none"
        assert not default_table().vectors(["children", "kids"]).any()
    finally:
        default_table.cache_clear()


def likeness(table: WordTable, words: list[str], others: list[str]) -> np.ndarray:
    pieces, norms = table.made_of(others)
    counts = np.array([len(one) for one in pieces], dtype=np.intp)
    rows = np.array([row for one in pieces for row in one], dtype=np.intp)
    return table.likeness(words, counts, rows, norms)


def test_likeness_is_that_of_the_vectors_in_blocks_of_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = WordTable(ROWS, PIECES)
    words, others = ["sun", "moon"], ["moon", "s", "sunset", "planet", "sun", "sun"]
    expected = ((table.vectors(words) @ table.vectors(others).T - 0.1) / 0.9).clip(0, 1)
    for most in (1, 8, 200_000):
        monkeypatch.setattr(word_table, "_ONE_THREAD", most)
        assert likeness(table, words, others) == pytest.approx(expected, abs=1e-6)
    assert likeness(table, [], others).shape == (0, 6)
    assert likeness(table, words, []).shape == (2, 0)
    assert not likeness(table, words, ["planet", "2011"]).any()


def test_a_number_is_made_of_nothing() -> None:
    assert WordTable(ROWS, PIECES | {"2011": 3}).made_of(["2011", "sun"])[0] == [[], [0]]
