from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.support import Candidate, Verdict, support
from assistant.support_agree import disagreement
from assistant.support_order import in_order
from assistant.support_text import parse
from assistant.support_values import Day, Value
from index.backends import choose_embedder

from .support_pairs import BY_HAND, CORPUS, Claim, candidates, claims

NONE = parse("")
FINE = "The Dutch authority fined Clearview AI 30.5 million euros on September 3, 2024."


def reason(claim: str, evidence: str, context: str = "") -> str:
    return disagreement(parse(claim), parse(evidence), parse(context))


@pytest.mark.parametrize(
    ("claim", "evidence", "expected"),
    [
        ("Clearview AI was fined 30.5 million euros by the Dutch authority.", FINE, ""),
        ("The Dutch authority fined Clearview AI €30.5 million on 3 September 2024.", FINE, ""),
        ("In September 2024 the Dutch authority fined Clearview AI.", FINE, ""),
        ("The Dutch authority fined Clearview AI 35.5 million euros.", FINE, "number"),
        ("The Dutch authority fined Clearview AI 30.5 billion euros.", FINE, "number"),
        ("The Dutch authority fined Clearview AI 30.5 million dollars.", FINE, "number"),
        ("The Dutch authority fined Clearview AI on September 5, 2024.", FINE, "date"),
        ("The Dutch authority fined Clearview AI in October 2024.", FINE, "date"),
        ("The Dutch authority fined Clearview AI in 2023.", FINE, "date"),
        ("The French authority fined Clearview AI 30.5 million euros.", FINE, "name"),
        ("The Dutch authority fined Amazon 30.5 million euros.", FINE, "name"),
        ("The Dutch authority did not fine Clearview AI 30.5 million euros.", FINE, "negation"),
        ("Clearview AI fined the Dutch authority 30.5 million euros.", FINE, "role"),
        ("It took two weeks.", "It took 2 weeks.", ""),
        ("It took two days.", "It took two weeks.", "number"),
        ("It took twenty-five days.", "It took 25 days.", ""),
        ("A third of them failed, 34%.", "Some 34 percent of a third of them failed.", ""),
        ("Nobody was arrested.", "No one was arrested.", ""),
        ("People were arrested.", "Nobody was arrested.", "negation"),
        ("The firm did not renew it.", "The firm declined to renew it.", ""),
        ("The firm renewed it.", "The firm did not renew it.", "negation"),
        ("The court dismissed the claim.", "The court upheld the claim.", "opposite"),
        ("More than 20 came.", "Fewer than 20 came.", "opposite"),
        ("It pays up to 5 euros.", "It pays at least 5 euros.", "opposite"),
        ("All cities banned it.", "Some cities banned it.", "quantity"),
        ("Only Boston banned it.", "Boston banned it.", "quantity"),
        ("The firm sold it.", "The firm may sell it.", "certainty"),
        ("Amazon answered that the ACLU was wrong.", "The ACLU answered that Amazon was wrong.",
         "role"),
        ("The FTC fined them.", "The Federal Trade Commission fined them.", ""),
        ("The Federal Trade Commission fined them.", "The FTC fined them.", ""),
        ("It costs $6 a year.", "It costs $6 a month.", "number"),
    ],
)  # fmt: skip
def test_a_claim_agrees_with_its_evidence_or_says_in_what_it_does_not(
    claim: str, evidence: str, expected: str
) -> None:
    assert reason(claim, evidence) == expected


def test_a_name_or_a_year_told_before_may_stand_for_a_pronoun() -> None:
    before = "Clearview AI keeps faces. The decision is of 2024."
    assert reason("Clearview AI paid in May 2024.", "It paid in May.", before) == ""
    assert reason("Amazon paid in May 2024.", "It paid in May.", before) == "name"
    assert reason("Clearview AI paid in May.", "Amazon paid in May.", before) == "name"


def test_a_sentence_is_taken_apart() -> None:
    parsed = parse("On the 5th of March 2003, the U.S. firm paid $224,000 and 1.5 million yuan.")
    assert parsed.days == (Day(2003, 3, 5, 5),)
    assert [(one.value, one.unit) for one in parsed.values] == [(224000, "usd"), (1.5e6, "cny")]
    assert [key for key, _ in parsed.names] == ["usa"]
    (value,) = parse("They split after two years.").values
    assert value == Value(2.0, "year", "year", 3) or (value.value, value.unit) == (2.0, "year")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("It cost €1.2m.", 1.2e6, "eur"),
        ("It cost $1.25M.", 1.25e6, "usd"),
        ("It cost $3bn.", 3e9, "usd"),
        ("It cost £20.5k a year.", 20500, "gbp"),
        ("It is 3.5km away.", 3.5, "km"),
    ],
)
def test_a_scale_or_a_unit_may_stand_right_behind_its_figure(
    text: str, value: float, unit: str
) -> None:
    assert [(one.value, one.unit) for one in parse(text).values] == [(value, unit)]


@pytest.mark.parametrize(
    "text", ["5 Sept 2020", "5 Sept. 2020", "Sept 5, 2020", "Sept. 5, 2020", "5th of Sep. 2020"]
)
def test_a_month_may_be_cut_short(text: str) -> None:
    (day,) = parse(f"It opened on {text}.").days
    assert (day.year, day.month, day.day) == (2020, 9, 5)


def words_in_order(text: str) -> str:
    parsed = parse(text)
    return " ".join(parsed.words[place].low for place in in_order(parsed))


def test_the_passive_asides_and_speakers_come_in_one_order() -> None:
    assert words_in_order("Guo Bing, a professor of law, paid.") == "guo bing paid ."
    assert words_in_order("Clearview was fined by Italy.") == "italy fined clearview was ."
    assert words_in_order("It grew, Smith said").startswith("smith said it grew")


def near(text: str, similarity: float = 0.9, **more: int) -> Candidate:
    return Candidate(text, similarity, **more)


def test_the_sentence_that_supports_is_chosen() -> None:
    found = support(
        "The ferry has two boats.", [near("It rained."), near("The ferry has two boats.")]
    )
    assert found == Verdict((1,), "")
    assert found.supported


def test_two_sentences_of_a_passage_may_support_a_claim_that_joins_them() -> None:
    claim = "The ferry has two boats, and the library lost 12,000 books in the flood."
    told = ["The ferry has two boats.", "The library lost 12,000 books in the flood."]
    one_passage = [near(text, 0.7, place=n) for n, text in enumerate(told)]
    assert support(claim, one_passage).chosen == (0, 1)
    apart = [near(text, 0.7, group=n) for n, text in enumerate(told)]
    assert not support(claim, apart).supported


def test_another_sentence_does_not_excuse_a_changed_number() -> None:
    told = [near("The ferry has two boats.", place=0), near("The library has nine rooms.", place=1)]
    assert support("The ferry has nine boats.", told) == Verdict((), "number")


def test_what_is_told_of_something_else_supports_nothing() -> None:
    assert support("The moon is made of cheese.", [near("The ferry sails.", 0.2)]).reason == (
        "nothing near"
    )
    assert not support("...", [near("The ferry sails.")]).supported
    assert not support("The ferry sails.", []).supported


# ------------------------------------------------------------------ minimal pairs

Similarity = Callable[[str, list[str]], list[float]]


@pytest.fixture(scope="module")
def similarity() -> Similarity:
    embedder = choose_embedder("all-MiniLM-L6-v2")
    texts = {text for one in claims() for text in (one.text, *one.paragraph.sentences)}
    ordered = sorted(texts, key=len)
    vectors = dict(zip(ordered, embedder.embed(ordered), strict=True))

    def near_to(text: str, others: list[str]) -> list[float]:
        return [float(np.dot(vectors[text], vectors[other])) for other in others]

    return near_to


def wrong(made: list[Claim], similarity: Similarity) -> list[Claim]:
    return [
        one
        for one in made
        if support(one.text, candidates(one, similarity)).supported != one.faithful
    ]


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("held_out", [False, True], ids=["tuned on", "held out"])
def test_lies_are_caught_and_rewordings_are_not(similarity: Similarity, held_out: bool) -> None:
    made = [one for one in claims() if one.held_out is held_out]
    lies = [one for one in made if not one.faithful]
    faithful = [one for one in made if one.faithful]
    missed, alarms = wrong(lies, similarity), wrong(faithful, similarity)
    kinds = Counter(one.kind.removesuffix(", by hand") for one in lies)
    missed_kinds = Counter(one.kind.removesuffix(", by hand") for one in missed)
    print(f"lies missed {len(missed)} of {len(lies)}:", dict(missed_kinds), "of", dict(kinds))
    print(f"false alarms {len(alarms)} of {len(faithful)}:", Counter(one.kind for one in alarms))
    assert min(len(lies), len(faithful)) >= 200
    assert len(kinds) >= 10
    assert len(missed) <= 0.05 * len(lies)
    assert len(alarms) <= 0.05 * len(faithful)


def test_the_rewordings_by_hand_name_paragraphs_that_are_there() -> None:
    names = [path.stem for path in Path(CORPUS).glob("*.md")]
    assert len(BY_HAND) >= 90
    assert all(sum(stem in name for name in names) >= 1 for stem, _, _ in BY_HAND)
