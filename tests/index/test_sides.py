from __future__ import annotations

import pytest

from index.sides import MOST, named_words, sides


def named(question: str, *known: str) -> list[str]:
    return [side.name for side in sides(question, known.__contains__)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which of Oakland, Boston and Detroit banned it?", ["Oakland", "Boston", "Detroit"]),
        ("Is a match enough in Virginia, and in Detroit?", ["Virginia", "Detroit"]),
        ("Which was bigger, the Dutch or the French fine?", ["the Dutch fine", "the French fine"]),
        (
            "Who was hit by Rite Aid's false alerts and by Detroit's wrongful arrests?",
            ["Rite Aid's false alerts", "Detroit's wrongful arrests"],
        ),
        ("How did the fleet grow from 2020 to 2024?", ["2020", "2024"]),
        ("What did John Edwards say in 2022 and in 2025?", ["2022", "2025"]),
        (
            "What did the Supreme Court of Illinois and the Court of Appeal decide?",
            ["Supreme Court of Illinois", "Court of Appeal"],
        ),
        (
            "How much did Meta pay Texas, and how much did Detroit pay?",
            ["How much did Meta pay Texas", "how much did Detroit pay"],
        ),
        (
            "Was Williams arrested before or after Boston voted?",
            ["Was Williams arrested", "Boston voted"],
        ),
        (
            "Compare the check in Wales with the one that Brussels wants.",
            ["the check in Wales", "the one that Brussels wants"],
        ),
        (
            "Which group both filed complaints in Paris and intervened in London?",
            ["filed complaints in Paris", "intervened in London"],
        ),
    ],
)
def test_the_sides_of_a_question_are_found(question: str, expected: list[str]) -> None:
    assert named(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "How much is the ferry contract with Blue Wave Lines worth?",
        "Why did the police drop the software, privacy or something else?",
        "Who founded the company?",
        "What were the terms and conditions of the contract?",
        "When did Ada Lindqvist and her deputy resign?",
        "How many people came from Boston to the hearing?",
        "What did the mayor say, and why?",
        "",
        "and or than versus , ;",
    ],
)
def test_a_plain_question_has_no_sides(question: str) -> None:
    assert sides(question) == ()


def test_each_side_is_asked_for_with_what_is_shared() -> None:
    assert [(side.text, side.own) for side in sides("Did Rome and Oslo fine Clearview?")] == [
        ("Did Rome fine Clearview?", {"rome"}),
        ("Did Oslo fine Clearview?", {"oslo"}),
    ]


def test_a_clause_that_names_nothing_takes_the_words_of_the_one_before() -> None:
    first, second = sides("What did Amazon sell to the police, and when did it stop?")
    assert first.text == "What did Amazon sell to the police"
    assert second.text == "when did it stop (Amazon sell police)"


def test_a_clause_with_a_country_takes_no_other_country_along() -> None:
    _, second = sides("Was the Dutch fine on Acme larger than the Italian one?")
    assert second.text == "How large was the Italian fine on Acme?"
    _, second = sides("Did the United Kingdom fine Acme more than Greece?")
    assert second.text == "How much did Greece fine Acme?"
    _, second = sides("What did the Dutch find, and when did they stop?")
    assert second.text == "when did they stop (Dutch find)"


def test_a_clause_that_says_enough_stands_alone() -> None:
    question = "How much is the ferry worth, and how much did the repairs of the bridge cost?"
    assert sides(question)[1].text == "how much did the repairs of the bridge cost"


def test_words_in_lower_case_are_names_where_the_question_compares() -> None:
    assert named("compare the fines in rome and oslo", "rome", "oslo") == ["rome", "oslo"]
    assert named("compare the fines in rome and oslo") == []
    # Without a word that compares, a question that is written properly needs capitals.
    assert named("When did The Post write of rome and oslo?", "rome", "oslo") == []


def test_there_are_never_more_sides_than_results_have_room_for() -> None:
    names = [f"N{letter}{letter}" for letter in "abcdefghij"]
    assert len(named(f"Which of {', '.join(names)} and Nzz won?")) == MOST


def test_documents_are_called_by_their_titles_capitals_and_their_tags() -> None:
    words = named_words(["The city of Oslo pays Ada's bill"], ["rite-aid", "data_breach", "eu"])
    assert words == {"oslo", "ada", "rite", "aid", "data", "breach"}


def test_a_number_behind_than_is_no_side() -> None:
    assert sides("Is the list of the Met longer than 10,000 people?") == ()
