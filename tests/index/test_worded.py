from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import worded
from index.terms import STOP_WORDS, stem
from index.word_table import WordTable
from index.worded import best_likeness, packed, unpacked

ROWS = np.array([[3, 0], [0, 1], [-1, -1], [0, 4]], dtype=np.float32)
TABLE = WordTable(ROWS, {"sun": 0, "##set": 1, "moon": 2, "s": 3})
WORDS = ["sun", "sunset", "moon", "suns", "s", "the", "1521", "planet", ""]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), min_size=1, max_size=4)
ASKED = ["sunset", "moon", "1521", "planets"]


def likeness(passages: list[list[list[str]]]) -> np.ndarray:
    found = unpacked([packed(texts, TABLE) for texts in passages])
    assert found.texts.tolist() == [len(texts) for texts in passages]
    return best_likeness(ASKED, [stem(word) for word in ASKED], {}, found, TABLE)


def alone(asked: str, word: str) -> float:
    if stem(asked) == stem(word):
        return 1.0
    if word in STOP_WORDS or not (asked.isalpha() and word.isalpha()):
        return 0.0
    cosine = float((TABLE.vectors([asked]) @ TABLE.vectors([word]).T)[0, 0])
    return min(1.0, max(0.0, (cosine - 0.1) / 0.9))


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_each_word_asked_for_comes_as_near_to_a_text_as_to_its_nearest_word(
    passages: list[list[list[str]]],
) -> None:
    texts = [text for one in passages for text in one]
    expected = [
        [max([alone(asked, word) for word in text], default=0.0) for text in texts]
        for asked in ASKED
    ]
    assert likeness(passages) == pytest.approx(np.array(expected), abs=1e-6)


def test_further_words_than_can_be_told_apart_are_like_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worded, "_MOST", 3)
    found = likeness([[["sun", "sunset", "planet", "sun", "moon"]]])
    assert found[:, 0].tolist() == [1.0, pytest.approx(alone("moon", "sunset"), abs=1e-6), 0.0, 0.0]
