from __future__ import annotations

import pytest

from evals.metrics.answer_match import contains, exact_match, normalise, token_f1


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("The  U.S. Army's\nbase!", "us armys base"),
        ("cease-and-desist", "ceaseanddesist"),
        ("$224,000 a year", "224000 year"),
        ("Another theory, an ant", "another theory ant"),
        ("The", ""),
    ],
)
def test_texts_are_normalised_as_squad_does(text: str, normalised: str) -> None:
    assert normalise(text) == normalised


# Worked out by hand from the definitions of the SQuAD 2.0 evaluation.
@pytest.mark.parametrize(
    ("text", "answers", "exact", "f1"),
    [
        ("The Denver Broncos!", ["Denver Broncos"], 1.0, 1.0),
        ("the cat sat", ["cat sat down"], 0.0, 2 * (1 * 2 / 3) / (1 + 2 / 3)),
        ("x b b", ["b b b c"], 0.0, 2 * (2 / 3 * 2 / 4) / (2 / 3 + 2 / 4)),
        ("in 1911", ["May 1911", "1911", "1912"], 0.0, 2 * (1 / 2 * 1) / (1 / 2 + 1)),
        ("red", ["blue"], 0.0, 0.0),
        ("", ["blue"], 0.0, 0.0),
        ("blue", ["the"], 0.0, 0.0),
        ("", ["the"], 1.0, 1.0),
        ("blue", [], 0.0, 0.0),
    ],
)
def test_exact_match_and_f1_are_those_of_squad(
    text: str, answers: list[str], exact: float, f1: float
) -> None:
    assert exact_match(text, answers) == exact
    assert token_f1(text, answers) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Repairs cost $224,000 in 1984.", "$224,000"),
        ("It was Clearview's database.", "Clearview"),
        ("a cease-and-desist letter", "cease and desist"),
        ("sold in the U.S. since", "US"),
        ("It was the Hale family", "The Hale Family"),
    ],
)
def test_an_answer_is_contained_in_the_text_that_gives_it(text: str, answer: str) -> None:
    assert contains(text, ["nothing like it", answer]) == 1.0


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It opened in 2010.", "10"),
        ("Berg was Jon", "Jon Berg"),
        ("The end.", "the"),
        ("", "1911"),
    ],
)
def test_an_answer_is_not_contained_in_parts_of_words_or_in_another_order(
    text: str, answer: str
) -> None:
    assert contains(text, [answer]) == 0.0
