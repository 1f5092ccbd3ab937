from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Turn
from assistant.followup import Known, depends, stand_alone
from assistant.followup_words import names, without_and
from index.terms import terms

CONTRACT = "How much is the ferry contract with Blue Wave Lines worth?"


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("And in Europe?", True),
        ("And what about the Senate?", True),
        ("But why did Amazon stop?", False),
        ("So when did it stop in Italy?", True),
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
        ("Does it cover Amazon?", True),
        ("Did Acme say when it will pay?", False),
        ("Is there any news from Springfield?", False),
        ("Who else?", True),
        ("Who sat on the panel?", False),
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
            "When does it end? (Blue Wave Lines)",
        ),
        (
            [CONTRACT],
            "When does the contract end?",
            "When does the contract end? (Blue Wave Lines)",
        ),
        (
            [CONTRACT, "When does it end?"],
            "And who signed it?",
            "And who signed it? (Blue Wave Lines)",
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
        (["What did Acme say in June 2020?"], "And Globex?", "What did Globex say in June 2020?"),
        (["When did Acme stop?"], "Why not?", "Why not? (Acme stop)"),
        (["When did Acme stop?"], "How much did that cost?", "How much did that cost? (Acme stop)"),
        (["When did Acme stop?"], "And when did Globex open?", "When did Globex open?"),
        (
            ["When did Acme stop?"],
            "and how long should a lasagna bake?",
            "How long should a lasagna bake?",
        ),
        (["Who owns the docks?"], "What about the piers?", "What about the piers? (owns docks)"),
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


@pytest.mark.parametrize(
    ("before", "answer", "question", "searched"),
    [
        (
            "Who was arrested in Farmington Hills?",
            "Detroit police officers arrested Robert Hill on January 9 at his home in Farmington.",
            "What was he suspected of?",
            "What was he suspected of? (Farmington Hills Detroit)",
        ),
        (
            "Which company let people pay with a thumb?",
            "The collapse of Pay By Touch gave lawmakers a reason. Acme Bank bought what was left.",
            "When did it close?",
            "When did it close? (company let people pay thumb Acme Bank)",
        ),
        (
            "Who brought the case against the Springfield Police?",
            "The claim was brought by Ed Bridges, 36.",
            "Where was his face scanned?",
            "Where was his face scanned? (Springfield Police Ed Bridges)",
        ),
        (
            "Who sued Acme?",
            "Mary Berg sued it in March.",
            "What does it sell?",
            "What does it sell? (sued Acme)",
        ),
    ],
)
def test_a_name_that_was_asked_for_comes_from_the_answer(
    before: str, answer: str, question: str, searched: str
) -> None:
    assert stand_alone(question, [Turn(before, answer)]) == searched


def test_a_short_question_about_what_was_told_leans_on_it() -> None:
    question, before = "Who sat on the panel?", "What did the Harbour Tribunal decide?"
    told = Turn(before, "Judge Berg, who led the panel, sat for two days.")
    other = Turn(before, "The ferry must pay.")
    assert stand_alone(question, [told]) == "Who sat on the panel? (Harbour Tribunal)"
    assert stand_alone(question, [other]) == question


def test_titles_of_cited_documents_say_what_a_conversation_is_about() -> None:
    def told(_: Turn) -> Known:
        return Known(frozenset(), frozenset(terms("A settlement in court")))

    history = [Turn("When was the Acme class settlement approved?", "On Monday.", ("acme",))]
    found = stand_alone("Who appealed against that?", history, told)
    assert found == "Who appealed against that? (Acme settlement)"


def test_what_was_searched_for_stands_for_the_question_before() -> None:
    history = [Turn("And that one?", "Yes.", searched="When did Acme stop?")]
    assert stand_alone("And Globex?", history) == "When did Globex stop?"


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=4))
def test_a_completed_question_keeps_the_words_of_the_question(
    question: str, before: list[str]
) -> None:
    searched = stand_alone(question, [Turn(one, "") for one in before])
    if not names(question):
        assert set(terms(without_and(question))) <= set(terms(searched))


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_any_conversation_is_taken(question: str, before: str, answer: str) -> None:
    assert isinstance(stand_alone(question, [Turn(before, answer)]), str)
