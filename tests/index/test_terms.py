from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms import STOP_WORDS, terms, tokens, tokens_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Clearview's $224,000", ["clearview", "224000"]),
        ("The contract’s worth", ["the", "contract", "worth"]),
        ("O’Neill won't", ["oneill", "wont"]),
        ("Error rates of 34.7% and 0.8%", ["error", "rates", "of", "34.7", "and", "0.8"]),
        ("Café Zürich", ["cafe", "zurich"]),
        ("the U.S. and us", ["the", "usa", "and", "us"]),
        ("U.K. police, E.U. law", ["uk", "police", "eu", "law"]),
        ("face-scanning/AI", ["face", "scanning", "ai"]),
        ("Rekognition™ costs ½", ["rekognitiontm", "costs", "1", "2"]),
        ("snake_case v2", ["snake", "case", "v", "2"]),
        ("", []),
        ("... — !", []),
    ],
)
def test_tokens_are_plain_words_and_numbers(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_terms_are_stems_of_content_words_in_order_with_repeats() -> None:
    text = "The companies banned what other companies were banning in the US."
    assert terms(text) == ["compani", "ban", "compani", "ban", "usa"]


@given(st.text())
def test_terms_are_lower_case_and_hold_no_space(text: str) -> None:
    for term in tokens(text):
        assert term == term.lower() != ""
        assert not any(char.isspace() or char == '"' for char in term)


@given(st.text())
def test_no_term_is_a_stop_word_as_written(text: str) -> None:
    kept = [token for token in tokens(text) if token not in STOP_WORDS]
    assert len(terms(text)) == len(kept)


@given(st.lists(st.sampled_from(["Face", "bans", "34.7%", "U.S.", "café"]), max_size=6))
def test_terms_of_a_text_are_those_of_its_words_in_turn(words: list[str]) -> None:
    assert terms(" ".join(words)) == [term for word in words for term in terms(word)]


PARTS = [*"abUS.'’9,é™½ \n-", "\x1e", "U.S.", "USA", "’s", "n't", "İ", "\u0301", "Σ"]
TEXT = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)


@given(st.lists(TEXT, max_size=6))
def test_many_texts_have_the_tokens_that_each_has_by_itself(texts: list[str]) -> None:
    assert tokens_of(texts) == [tokens(text) for text in texts]
