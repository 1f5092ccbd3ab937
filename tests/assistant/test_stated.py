from __future__ import annotations

import pytest

from assistant.expect import Expected, Kind
from assistant.stated import Stated, same, values_of


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
