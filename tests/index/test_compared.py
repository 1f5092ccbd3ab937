from __future__ import annotations

import pytest

from index.compared import compared
from index.sides import sides

COMPARED = [
    (
        "How much was Acme fined by the Netherlands, compared with Italy?",
        "How much was Acme fined by the Netherlands?",
        "How much was Acme fined by Italy?",
    ),
    (
        "How large was the Dutch fine on Acme compared to the Italian one?",
        "How large was the Dutch fine on Acme?",
        "How large was the Italian fine on Acme?",
    ),
    (
        "When did San Francisco ban cars as compared to Boston?",
        "When did San Francisco ban cars?",
        "When did Boston ban cars?",
    ),
    (
        "How many arrests were there in Detroit vs. London?",
        "How many arrests were there in Detroit?",
        "How many arrests were there in London?",
    ),
    (
        "Was the Dutch fine on Clearview larger than the Italian one?",
        "How large was the Dutch fine on Clearview?",
        "How large was the Italian fine on Clearview?",
    ),
    (
        "Was San Francisco's ban earlier than Boston's?",
        "When was San Francisco's ban?",
        "When was Boston's ban?",
    ),
    (
        "Did Fogo ban cars before Arno did?",
        "When did Fogo ban cars?",
        "When did Arno ban cars?",
    ),
    (
        "Did the Met make more arrests than South Wales Police?",
        "How many arrests did the Met make?",
        "How many arrests did South Wales Police make?",
    ),
    (
        "Did Meta pay more to Texas than to Illinois?",
        "How much did Meta pay to Texas?",
        "How much did Meta pay to Illinois?",
    ),
    (
        "Was Clearview's fine in Italy larger than in Britain?",
        "How large was Clearview's fine in Italy?",
        "How large was Clearview's fine in Britain?",
    ),
    (
        "Which was bigger, the Dutch or the French fine for Clearview?",
        "How large was the Dutch fine for Clearview?",
        "How large was the French fine for Clearview?",
    ),
    (
        "Which settlement was larger, Meta's with Texas or Detroit's with Robert Williams?",
        "How large was Meta's settlement with Texas?",
        "How large was Detroit's settlement with Robert Williams?",
    ),
    (
        "Who was jailed longer, Ann Reed or Tom Lund?",
        "How long Ann Reed was jailed?",
        "How long Tom Lund was jailed?",
    ),
    (
        "Did Illinois or Texas get more money from Meta?",
        "How much money did Illinois get from Meta?",
        "How much money did Texas get from Meta?",
    ),
    (
        "Is the Treasury's contract with ID.me worth more than Detroit's settlement?",
        "How much is the Treasury's contract with ID.me worth?",
        "How much is Detroit's settlement worth?",
    ),
]


@pytest.mark.parametrize(("question", "one", "two"), COMPARED)
def test_each_of_two_things_is_asked_for_its_value(question: str, one: str, two: str) -> None:
    assert [asked for _, asked in compared(question)] == [one, two]
    assert [(side.text, side.compared) for side in sides(question)] == [(one, True), (two, True)]


@pytest.mark.parametrize(
    "question",
    [
        "Was the fine larger than 10 million euros?",
        "Was it larger than expected?",
        "Did Fogo ban cars before May 2020?",
        "Were both Oakland and Boston earlier than Portland?",
        "Who sued first?",
        "What did the First-tier Tribunal decide, and when?",
        "Did Ann and Tom leave before Paul or Mary?",
        "How large was the Dutch fine compared with Italy?",
        "How much did Acme pay Fogo compared with Arno?",
    ],
)
def test_what_names_no_two_things_is_left_to_the_clauses(question: str) -> None:
    assert compared(question) == []


def test_in_lower_case_the_words_of_titles_are_names() -> None:
    question = "was the french fine smaller than the greek one?"
    assert compared(question) == []
    found = compared(question, {"french", "greek"}.__contains__)
    assert [name for name, _ in found] == ["the french fine", "the greek fine"]
