from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.candidates import Candidate
from index.features import Asked, asked, content_words, phrases, window, word_features
from index.passages import Passage, Sentence
from index.word_table import WordTable

RARITY = {"ferri": 2.0, "sail": 1.0, "captain": 3.0, "describ": 5.0, "1521": 4.0}


def candidate(*sentences: str, title: str = "", heading: str = "", start: int = 7) -> Candidate:
    """A passage of these sentences, a space between each, that begins in the midst of a text."""
    spans, at = [], start
    for one in sentences:
        spans.append(Sentence(at, at + len(one)))
        at += len(one) + 1
    passage = Passage("d:0", "d", start, at - 1, heading, tuple(spans))
    nothing = np.zeros((len(sentences), 2), dtype=np.float32)
    return Candidate(passage, " ".join(sentences), title, nothing[0], nothing)


def scores(question: Asked, one: Candidate, table: WordTable | None = None) -> tuple[float, float]:
    ((words, sentence_words),) = word_features(question, [one], table)
    return words, sentence_words


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
    one = candidate("The ferry is old.", "Its captain sails it.")
    assert scores(question, one) == (pytest.approx(1.0), pytest.approx(4 / 6))


def test_a_word_of_the_title_or_the_heading_counts_whole_for_the_passage_half_for_a_sentence() -> (
    None
):
    question = asked("Does the captain of the ferry sail?", RARITY)
    one = candidate("It sails.", title="The ferry", heading="Captains")
    assert scores(question, one) == (pytest.approx(1.0), pytest.approx(3.5 / 6))


TABLE = WordTable(
    np.array([[1, 0, 0], [0.8, 0.6, 0], [-1, 0, 0], [-0.8, -0.6, 0]], dtype=np.float32),
    {"boat": 0, "ferry": 1, "1521": 2, "1522": 3},
)


def test_a_word_near_in_meaning_counts_in_part() -> None:
    question = asked("ferry", RARITY)
    expected = (0.8 - 0.1) / 0.9
    assert scores(question, candidate("A boat."), TABLE)[0] == pytest.approx(expected, abs=1e-6)
    assert scores(question, candidate("A boat."))[0] == 0.0
    assert scores(question, candidate("Ferries."), TABLE)[0] == 1.0


def test_a_number_is_like_no_other_number() -> None:
    question = asked("1521", RARITY)
    assert scores(question, candidate("In 1522."), TABLE)[0] == 0.0
    assert scores(question, candidate("In 1521."), TABLE)[0] == 1.0


def test_sentences_are_cut_where_the_passage_says_although_it_begins_further_on() -> None:
    question = asked("captain ferry", RARITY)
    assert scores(question, candidate("A ferry.", "A captain.", start=1000))[1] == 3 / 5


def test_a_question_or_a_sentence_without_content_words_has_no_share() -> None:
    assert scores(asked("Who was it?", {}), candidate("The ferry.")) == (0.0, 0.0)
    assert scores(asked("ferry", RARITY), candidate("It was.", "The."))[0] == 0.0
    assert word_features(asked("ferry", RARITY), [], None) == []


SENTENCES = st.lists(
    st.lists(st.sampled_from("ferry boat captain 1521 the sails".split()), min_size=1, max_size=6),
    min_size=1, max_size=5,
).map(lambda lists: [" ".join(words) + "." for words in lists])  # fmt: skip


@given(st.lists(SENTENCES, min_size=1, max_size=4), st.sampled_from([None, TABLE]))
def test_each_passage_is_scored_by_itself_and_within_zero_and_one(
    passages: list[list[str]], table: WordTable | None
) -> None:
    question = asked("Did the captain of ferry 1521 sail?", RARITY)
    candidates = [candidate(*sentences, title="Boat") for sentences in passages]
    together = word_features(question, candidates, table)
    assert together == [pytest.approx(scores(question, one, table)) for one in candidates]
    for words, sentence_words in together:
        assert 0.0 <= sentence_words <= words + 1e-9 <= 1.0 + 2e-9


def test_neighbours_in_the_question_are_looked_for_as_neighbours_in_the_passage() -> None:
    question = asked("ferry captain sail", RARITY)
    assert phrases(question, "old ferri captain") == pytest.approx(5 / 9)
    assert phrases(question, "captain ferri") == 0.0
    assert phrases(question, "ferri captains sail") == 0.0
    assert phrases(asked("ferry", RARITY), "ferri") == 0.0


def test_a_window_is_two_sentences_that_stand_next_to_each_other() -> None:
    east, north = np.array([1, 0], dtype=np.float32), np.array([0, 1], dtype=np.float32)
    both = (east + north) / np.sqrt(np.float32(2))
    assert window(np.stack([east, north]), both) == pytest.approx(1)
    assert window(np.stack([east, east, north]), east) == pytest.approx(1)
    assert window(np.stack([north, east, north]), east) == pytest.approx(0.5**0.5)
    assert window(np.stack([north]), both) == pytest.approx(0.5**0.5)


def test_opposite_neighbours_are_near_to_nothing() -> None:
    east = np.array([1, 0], dtype=np.float32)
    assert window(np.stack([east, -east]), east) == 0.0


def test_content_words_come_once_and_in_order() -> None:
    assert content_words("The ferry and the captain's ferry") == ("ferry", "captain")
