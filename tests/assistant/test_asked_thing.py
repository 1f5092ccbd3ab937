from __future__ import annotations

import pytest

from assistant.asked_thing import lacks_thing, thing_asked
from assistant.expect import expected

from .made_hits import query_of


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("What is the shoe size of the mayor?", "size"),
        ("What was the mayor's phone number?", "number"),
        ("What is the name of the detective who arrested her?", "detect"),
        ("What is Ann Reed's date of birth?", ""),
        ("What was the purpose of the law?", ""),
        ("Which school did the mayor attend?", ""),
        ("What did the mayor say of the law?", ""),
        ("Who is the mayor?", ""),
    ],
)
def test_the_thing_that_is_asked_for_by_its_name(question: str, thing: str) -> None:
    assert thing_asked(query_of(question)) == thing


def lacking(question: str, *sentences: str) -> float:
    return lacks_thing(query_of(question), expected(question), sentences)


def test_sentences_lack_the_thing_unless_one_has_it_or_the_like() -> None:
    question = "What is the salary of the mayor?"
    bare, other = "The mayor wrote the ordinance.", "The mayor has a salary of 90,000."
    assert lacking(question, bare) > 0.8
    assert lacking(question, bare, other) == 0
    assert lacking(question, "The wages of the mayor are low.") < lacking(question, bare)
    assert lacking(question) == 0


def test_a_question_whose_words_tell_the_kind_of_value_lacks_no_thing() -> None:
    assert lacking("What is the price of the ferry?", "The ferry came to 3 euros.") == 0
