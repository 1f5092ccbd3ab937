from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.features import Asked, asked, content_words, phrases, word_features, worded_texts
from index.word_table import WordTable
from index.worded import packed, unpacked

RARITY = {"ferri": 2.0, "sail": 1.0, "captain": 3.0, "describ": 5.0, "1521": 4.0}


NO_TABLE = WordTable(np.zeros((1, 1), dtype=np.float32), {})


def passage(
    *sentences: str, title: str = "", heading: str = "", table: WordTable = NO_TABLE
) -> bytes:
    return packed(worded_texts(title, heading, sentences), table)


def scores(question: Asked, one: bytes, table: WordTable = NO_TABLE) -> tuple[float, float]:
    (words,), (sentence_words,) = word_features(question, unpacked([one]), table)
    return float(words), float(sentence_words)


def test_a_question_is_its_content_words_by_rarity_with_framing_words_counted_less() -> None:
    found = asked("How does the captain describe the ferry's captain?", RARITY)
    assert (found.words, found.stems) == (
        ("captain", "describe", "ferry"),
        ("captain", "describ", "ferri"),
    )
    assert found.weights.tolist() == [3.0, 5.0 * 0.4, 2.0]
    assert found.pairs == {("captain", "describ"): 8.0, ("describ", "ferri"): 7.0,
                           ("ferri", "captain"): 5.0}  # fmt: skip


def test_words_count_by_their_rarity_anywhere_and_in_one_sentence() -> None:
    question = asked("Does the captain of the ferry sail?", RARITY)
    one = passage("The ferry is old.", "Its captain sails it.")
    assert scores(question, one) == (pytest.approx(1.0), pytest.approx(4 / 6))


def test_a_word_of_the_title_or_the_heading_counts_whole_for_the_passage_half_for_a_sentence() -> (
    None
):
    question = asked("Does the captain of the ferry sail?", RARITY)
    one = passage("It sails.", title="The ferry", heading="Captains")
    assert scores(question, one) == (pytest.approx(1.0), pytest.approx(3.5 / 6))


TABLE = WordTable(
    np.array([[1, 0, 0], [0.8, 0.6, 0], [-1, 0, 0], [-0.8, -0.6, 0]], dtype=np.float32),
    {"boat": 0, "ferry": 1, "1521": 2, "1522": 3},
)


def test_a_word_near_in_meaning_counts_in_part() -> None:
    question = asked("ferry", RARITY)
    expected = (0.8 - 0.1) / 0.9
    assert scores(question, passage("A boat.", table=TABLE), TABLE)[0] == pytest.approx(
        expected, abs=1e-6
    )
    assert scores(question, passage("A boat."))[0] == 0.0
    assert scores(question, passage("Ferries.", table=TABLE), TABLE)[0] == 1.0


def test_a_number_is_like_no_other_number() -> None:
    question = asked("1521", RARITY)
    assert scores(question, passage("In 1522.", table=TABLE), TABLE)[0] == 0.0
    assert scores(question, passage("In 1521.", table=TABLE), TABLE)[0] == 1.0


def test_a_question_or_a_sentence_without_content_words_has_no_share() -> None:
    assert scores(asked("Who was it?", {}), passage("The ferry.")) == (0.0, 0.0)
    assert scores(asked("ferry", RARITY), passage("It was.", "The."))[0] == 0.0


SENTENCES = st.lists(
    st.lists(st.sampled_from("ferry boat captain 1521 the sails".split()), min_size=1, max_size=6),
    min_size=1, max_size=5,
).map(lambda lists: [" ".join(words) + "." for words in lists])  # fmt: skip


@given(st.lists(SENTENCES, min_size=1, max_size=4), st.sampled_from([NO_TABLE, TABLE]))
def test_each_passage_is_scored_by_itself_and_within_zero_and_one(
    passages: list[list[str]], table: WordTable
) -> None:
    question = asked("Did the captain of ferry 1521 sail?", RARITY)
    packed_ones = [passage(*sentences, title="Boat", table=table) for sentences in passages]
    words, sentence_words = word_features(question, unpacked(packed_ones), table)
    together = list(zip(words.tolist(), sentence_words.tolist(), strict=True))
    assert together == [pytest.approx(scores(question, one, table)) for one in packed_ones]
    for whole, best in together:
        assert 0.0 <= best <= whole + 1e-9 <= 1.0 + 2e-9


def test_neighbours_in_the_question_are_looked_for_as_neighbours_in_the_passage() -> None:
    question = asked("ferry captain sail", RARITY)
    assert phrases(question, "old ferri captain") == pytest.approx(5 / 9)
    assert phrases(question, "captain ferri") == 0.0
    assert phrases(question, "ferri captains sail") == 0.0
    assert phrases(asked("ferry", RARITY), "ferri") == 0.0


def test_neighbours_that_only_title_or_heading_have_count_half() -> None:
    question = asked("ferry captain sail", RARITY)
    assert phrases(question, "old", "ferri captain", "") == pytest.approx(5 / 18)
    assert phrases(question, "old", "", "ferri captain") == pytest.approx(5 / 18)
    assert phrases(question, "ferri captain", "ferri captain") == pytest.approx(5 / 9)
    assert phrases(question, "ferri", "captain ferri", "captain") == 0.0


def test_content_words_come_once_and_in_order() -> None:
    assert content_words("The ferry and the captain's ferry") == ("ferry", "captain")
