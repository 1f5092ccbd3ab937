from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_index.core.evaluation.benchmarks.hotpotqa import exact_match_score, f1_score

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


# Texts of few words, so that they meet; each with what normalisation changes.
_WORDS = ["the", "The", "a", "an", "mill", "Mill's", "1911,", "$224,000", "U.S.", "-", "burned"]
_TEXTS = st.lists(st.sampled_from(_WORDS), max_size=7).map(" ".join)


@settings(deadline=None)  # a busy machine takes longer than a test is given
@given(_TEXTS, st.lists(_TEXTS, min_size=1, max_size=3))
def test_exact_match_and_f1_agree_with_the_script(text: str, answers: list[str]) -> None:
    # LlamaIndex ships the functions of HotpotQA's script, which are SQuAD's, but for one thing: a
    # side without tokens scores 0 there, also where both have none.
    assert exact_match(text, answers) == max(float(exact_match_score(text, a)) for a in answers)
    theirs = max(
        float(f1_score(text, one)[0]) if normalise(text) or normalise(one) else 1.0
        for one in answers
    )
    assert token_f1(text, answers) == pytest.approx(theirs, abs=5e-5)
