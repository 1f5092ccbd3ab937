from __future__ import annotations

import pytest

from assistant.asked_otherwise import asked_otherwise

from .made_hits import query_of

SIGNED = "Norway and Sweden signed the treaty in the largest hall of the capital."


@pytest.mark.parametrize(
    ("question", "sentence", "denies", "opposed"),
    [
        ("Which countries signed the treaty?", SIGNED, False, False),
        ("Which countries did not sign the treaty?", SIGNED, True, False),
        ("Which countries didn't sign the treaty?", SIGNED, True, False),
        ("Which non-European countries signed the treaty?", SIGNED, True, False),
        ("Who never signed it?", "Finland has never signed it.", False, False),
        ("Who did not sign it?", "Finland refused to sign it.", False, False),
        ("Which non-members signed it?", "Two non-members signed it.", False, False),
        ("Where is the smallest hall of the capital?", SIGNED, False, True),
        ("Where is the largest hall of the capital?", SIGNED, False, False),
    ],
)
def test_a_question_denies_what_a_sentence_says_or_asks_for_its_opposite(
    question: str, sentence: str, denies: bool, opposed: bool
) -> None:
    found = asked_otherwise(query_of(question), sentence, "")
    assert (found.denies, found.opposed) == (denies, opposed)


def test_one_word_that_a_sentence_lacks_is_a_gap_among_many_that_it_has() -> None:
    whole = asked_otherwise(query_of("Who signed the treaty in the hall?"), SIGNED, "")
    one = asked_otherwise(query_of("Who signed the treaty in the volcano?"), SIGNED, "")
    two = asked_otherwise(query_of("Who burned the treaty in the volcano?"), SIGNED, "")
    titled = asked_otherwise(query_of("Who signed the treaty in the volcano?"), SIGNED, "Volcano")
    assert (whole.gap, whole.lacks) == pytest.approx((0.0, 0.0), abs=1e-6)
    assert one.gap > 0.5
    assert 0 < one.lacks < two.lacks <= 1
    # What the title lends counts half.
    assert titled.gap == pytest.approx(0.5)


def test_a_question_without_a_word_lacks_all() -> None:
    found = asked_otherwise(query_of("Why?"), SIGNED, "")
    assert (found.gap, found.lacks) == (1.0, 1.0)
