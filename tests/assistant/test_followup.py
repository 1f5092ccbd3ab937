from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Turn
from assistant.followup import depends, stand_alone

CONTRACT = "How much is the ferry contract with Blue Wave Lines worth?"


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("And in Europe?", True),
        ("But why did Amazon stop?", True),
        ("What about Google?", True),
        ("When does it end?", True),
        ("Who signed them?", True),
        ("How many people work for the company?", True),
        ("Why?", True),
        ("Why was the fine so low?", True),
        ("Why did Italy fine Clearview AI?", False),
        ("Since when has Clearview AI worked for ICE?", False),
        ("When?", True),
        ("When does the Amazon moratorium end?", False),
        ("What is BIPA?", False),
        ("Does it cover Amazon?", False),
        ("What was leaked from the client list?", False),
        ("Which companies sent letters to regulators?", False),
    ],
)
def test_a_question_leans_on_the_one_before_or_not(question: str, leans: bool) -> None:
    assert depends(question) is leans


@pytest.mark.parametrize(
    ("history", "question", "searched"),
    [
        ([], "When does it end?", "When does it end?"),
        ([CONTRACT], "Who is the mayor of Springfield?", "Who is the mayor of Springfield?"),
        (
            [CONTRACT],
            "When does it end?",
            "When does it end? (ferry contract Blue Wave Lines worth)",
        ),
        (
            [CONTRACT],
            "When does the contract end?",
            "When does the contract end? (ferry Blue Wave Lines worth)",
        ),
        (
            [CONTRACT, "When does it end?"],
            "And who signed it?",
            "And who signed it? (end ferry contract Blue Wave Lines worth)",
        ),
        (
            ["What did the library cost?", CONTRACT],
            "Since when?",
            "Since when? (ferry contract Blue Wave Lines worth)",
        ),
        (["Why?"], "And then?", "And then?"),
        (
            ["How much was Acme fined in the Netherlands?"],
            "And in Italy?",
            "How much was Acme fined in Italy?",
        ),
        (
            ["How much was Acme fined in Italy?"],
            "In the Netherlands?",
            "How much was Acme fined in the Netherlands?",
        ),
        (
            ["How much was Acme fined in the Netherlands?", "And in Italy?"],
            "What about Greece?",
            "How much was Acme fined in Greece?",
        ),
        (["What happened in Rome in 2019?"], "And in 2021?", "What happened in Rome in 2021?"),
        (["When did Acme stop?"], "And Globex?", "When did Globex stop?"),
        (
            ["How much was Acme fined in Italy?"],
            "And with the Senate?",
            "And with the Senate? (Acme fined Italy)",
        ),
    ],
)
def test_a_follow_up_is_completed_from_the_questions_before(
    history: list[str], question: str, searched: str
) -> None:
    turns = [Turn(one, "Some answer. [1]") for one in history]
    assert stand_alone(question, turns) == searched


@given(st.text(max_size=200))
def test_without_a_conversation_a_question_stays_as_it_is(question: str) -> None:
    assert stand_alone(question, []) == question


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=4))
def test_a_completed_question_begins_with_the_question(question: str, before: list[str]) -> None:
    searched = stand_alone(question, [Turn(one, "") for one in before])
    assert searched == question or searched.startswith(question.strip() + " (")


@given(st.lists(st.text(max_size=80), max_size=4), st.text(max_size=80))
def test_what_was_answered_plays_no_part(before: list[str], answer: str) -> None:
    question = "And when does it end?"
    told = stand_alone(question, [Turn(one, answer) for one in before])
    assert told == stand_alone(question, [Turn(one, "") for one in before])
