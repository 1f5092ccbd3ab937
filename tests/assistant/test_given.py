from __future__ import annotations

import pytest

from assistant.expect import expected
from assistant.given import Given


def given(question: str) -> Given:
    return Given(question, expected(question))


@pytest.mark.parametrize(
    ("question", "sentence", "gives"),
    [
        ("When did Ann leave Rome?", "Ann left Rome in 1990.", True),
        ("When did Ann, who came in 1990, leave Rome?", "Ann came in 1990.", False),
        ("When did Ann, who came in 1990, leave Rome?", "Ann came in 1990 and left in 1992.", True),
        ("How much did Ann pay?", "Ann left Rome in 1990.", False),
        ("Where did Ann go in 1990?", "Ann left Rome in 1992.", False),
    ],
)
def test_a_value_counts_where_it_is_asked_for_and_new(
    question: str, sentence: str, gives: bool
) -> None:
    assert given(question).value(sentence) == gives


@pytest.mark.parametrize(
    ("question", "sentence", "gives"),
    [
        ("Who sued Rite Aid?", "Ann Lee sued Rite Aid.", True),
        ("Who sued Rite Aid?", "Rite Aid was sued.", False),
        ("Who sued Rite Aid?", "The Federal Trade Commission sued Rite Aid.", False),
        ("When was Rite Aid sued?", "Ann Lee sued Rite Aid.", False),
    ],
)
def test_a_person_counts_where_one_is_asked_for_and_new(
    question: str, sentence: str, gives: bool
) -> None:
    assert given(question).person(sentence) == gives


@pytest.mark.parametrize(
    ("question", "sentence", "gives"),
    [
        ("Which law did the firm break?", "The firm broke the Privacy Act.", True),
        ("Which law did the firm break?", "Firms broke a law.", False),
        ("Which firm broke the Privacy Act?", "The Privacy Act was broken.", False),
        ("Did the firm break a law?", "The firm broke the Privacy Act.", False),
    ],
)
def test_a_name_counts_where_what_or_which_is_asked(
    question: str, sentence: str, gives: bool
) -> None:
    assert given(question).name(sentence) == gives


@pytest.mark.parametrize(
    ("question", "sentence", "meets"),
    [
        ("What is the name of the detective who arrested Ann Lee?", "Six men arrested Ann.", False),
        ("What is the name of the detective who arrested Ann?", "Bo Ray arrested Ann.", True),
        ("Which company makes the cameras at the Garden?", "The Garden has cameras.", False),
        ("Which company makes the cameras at the Garden?", "Facetec makes the cameras.", False),
        ("Which company makes the cameras at the Garden?", "It buys them from Facetec.", True),
        ("What was the firm's revenue in 2022?", "The firm was fined in 2022.", False),
        ("What was the firm's revenue in 2022?", "It took in 3 million euros.", True),
        ("How much did Ann pay?", "Ann paid in 1990.", False),
        ("Was Ann fined?", "Ann sang.", True),
    ],
)
def test_a_sentence_meets_what_the_question_asks_for(
    question: str, sentence: str, meets: bool
) -> None:
    assert given(question).meets(sentence) == meets
