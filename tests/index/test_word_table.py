from __future__ import annotations

import numpy as np
import pytest

from index import word_table
from index.word_table import WordTable, default_table

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


def test_cosines_stay_right_when_no_more_words_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_table, "_KEPT", 2)
    table = WordTable(ROWS, PIECES)
    alone = {
        word: WordTable(ROWS, PIECES).cosines(["sun"], [word]) for word in ("sun", "moon", "s")
    }
    for words in (["sun", "moon"], ["s", "moon"], ["sun", "moon", "s"], ["s"]):
        found = table.cosines(["sun"], words)
        assert found == pytest.approx(np.hstack([alone[word] for word in words]), abs=1e-6)
        assert len(table._known) == 2


def test_the_default_models_table_knows_which_words_are_used_alike() -> None:
    table = default_table()
    assert table is not None
    kids, children, hard, difficult, port = table.vectors(
        ["kids", "children", "hard", "difficult", "port"]
    )
    assert float(kids @ children) > 0.7
    assert float(hard @ difficult) > 0.5
    assert abs(float(kids @ port)) < 0.2


def test_without_the_package_there_is_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_table, "model_folder", lambda _: None)
    default_table.cache_clear()
    try:
        assert default_table() is None
    finally:
        default_table.cache_clear()


def test_cosines_are_those_of_the_vectors_in_blocks_of_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = WordTable(ROWS, PIECES)
    words, others = ["sun", "moon"], ["moon", "s", "sunset", "planet", "sun"]
    expected = table.vectors(words) @ table.vectors(others).T
    for most in (1, 8, 200_000):
        monkeypatch.setattr(word_table, "_ONE_THREAD", most)
        assert table.cosines(words, others) == pytest.approx(expected, abs=1e-6)
    assert table.cosines([], others).shape == (0, 5)
    assert table.cosines(words, []).shape == (2, 0)
