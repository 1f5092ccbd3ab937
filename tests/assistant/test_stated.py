"""Values are cut from a sentence as they stand there, and read as the check of support does."""

from __future__ import annotations

import pytest

from assistant.expect import Expected, Kind
from assistant.stated import Stated, same, values_of
from assistant.support_text import parse


def one(kind: Kind, sentence: str) -> Stated:
    (found,) = values_of(Expected(kind, ()), sentence)
    return found


@pytest.mark.parametrize(
    ("sentence", "text", "date"),
    [
        ("It opened on 5 September 2020.", "5 September 2020", (2020, 9, 5)),
        ("It opened on 5 Sept 2020.", "5 Sept 2020", (2020, 9, 5)),
        ("It opened on Sept. 5, 2020, in rain.", "Sept. 5, 2020", (2020, 9, 5)),
        ("In Dec. 1999 it closed.", "Dec. 1999", (1999, 12, None)),
        ("It opened on 5 Sept.", "5 Sept", (None, 9, 5)),
        ("Marchers met in 2020.", "2020", (2020, None, None)),
    ],
)
def test_a_date_keeps_its_day_and_a_month_that_is_cut_short(
    sentence: str, text: str, date: tuple[int | None, int | None, int | None]
) -> None:
    found = one(Kind.DATE, sentence)
    assert (found.text, (found.year, found.month, found.day)) == (text, date)
    (day,) = parse(sentence).days
    assert (day.year, day.month, day.day) == date


@pytest.mark.parametrize(
    ("sentence", "text", "amount", "unit"),
    [
        ("It cost €1.2m.", "€1.2m", 1.2e6, "eur"),
        ("It cost $3bn in all.", "$3bn", 3e9, "usd"),
        ("It cost $3.5 billion.", "$3.5 billion", 3.5e9, "usd"),
        ("It cost 20,000 pounds.", "20,000 pounds", 20000, "gbp"),
    ],
)
def test_an_amount_is_the_same_to_the_check_of_support(
    sentence: str, text: str, amount: float, unit: str
) -> None:
    found = one(Kind.MONEY, sentence)
    assert (found.text, found.amount, found.unit) == (text, amount, unit)
    (value,) = parse(sentence).values
    assert (value.value, value.unit) == (amount, unit)


def test_a_rounded_amount_agrees_however_its_scale_is_written() -> None:
    exact = one(Kind.MONEY, "It cost $1,187,000.")
    for rounded in ("$1.2m", "$1.2M", "$1.2 million"):
        assert same(exact, one(Kind.MONEY, f"It cost {rounded}."))
    assert not same(exact, one(Kind.MONEY, "It cost $1.3m."))


def paid(amount: str) -> Stated:
    (found,) = values_of(Expected(Kind.MONEY), f"The bank paid {amount} for it.")
    assert found.text == amount
    assert not found.rough
    return found


@pytest.mark.parametrize(
    ("rounded", "exact", "agree"),
    [
        ("$1.6 million", "$1,587,210", True),
        ("$1.6 million", "$1,550,000", True),
        ("$1.6 million", "$1,549,999", False),
        ("$1.6 million", "$1.5 million", False),
        ("$1.6m", "$1,587,210", True),
        ("$1.6m", "$1,549,999", False),
        ("£250k", "£249,700", True),
        ("£250k", "£249,400", False),
        ("$1.60 million", "$1,595,000", True),
        ("$1.60 million", "$1,587,210", False),
        ("$2 million", "$1,587,210", True),
        ("$2 million", "$1,499,999", False),
        # What is told to the last dollar is not rounded.
        ("$1,600,000", "$1,587,210", False),
        ("$16", "$15.8", False),
    ],
)
def test_a_rounded_amount_agrees_with_what_rounds_to_it(
    rounded: str, exact: str, agree: bool
) -> None:
    assert same(paid(rounded), paid(exact)) is agree
    assert same(paid(exact), paid(rounded)) is agree
