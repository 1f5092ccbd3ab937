from __future__ import annotations

import pytest

from assistant.expect import expected
from assistant.extract import rank_sentences
from assistant.weighed import SideTold, Weighed, weighed
from index.sides import sides

from .made_hits import hit_of, query_of


def weigh(question: str, *sentences: str) -> Weighed | None:
    told = []
    for side, sentence in zip(sides(question), sentences, strict=True):
        wanted = expected(side.text)
        quote = rank_sentences(query_of(side.text), wanted, [hit_of("a", [(sentence, 0.5)])], {})[0]
        told.append(SideTold(side.name, side.text, side.own, wanted, quote, ""))
    return weighed(question, told)


LARGER = "Was the Dutch fine larger than the Italian one?"
DUTCH = "The Dutch authority fined the firm 30 million euros."
STORES = "Did Bunn search more stores than Kamp?"
HELD = "Was Ann Reed held longer than Bo Lind?"
WORTH = "Is the contract of Varn worth more than the settlement of Skell?"
OPENED = "Which mine opened first, Varn or Skell?"


@pytest.mark.parametrize(
    ("question", "one", "other", "text"),
    [
        (
            LARGER,
            DUTCH,
            "Italy fined it 20 million euros.",
            "Yes: 30 million euros against 20 million euros",
        ),
        (
            LARGER.replace("larger", "smaller"),
            DUTCH,
            "Italy fined it 20 million euros.",
            "No: 30 million euros against 20 million euros",
        ),
        (
            LARGER,
            DUTCH,
            "Italy fined it 30 million euros.",
            "No: 30 million euros against 30 million euros",
        ),
        (
            WORTH,
            "The contract of Varn is worth $90.",
            "The settlement of Skell was worth $30.",
            "Yes: $90 against $30",
        ),
        (STORES, "Bunn searched 63 stores.", "Kamp searched 28 stores.", "Yes: 63 against 28"),
        (
            HELD,
            "Reed was held for more than 16 months.",
            "Lind was held for ten days.",
            "Yes: more than 16 months against ten days",
        ),
        (
            OPENED,
            "The mine of Varn opened on May 4, 1920.",
            "The mine of Skell opened in 1911.",
            "Skell: 1911 against May 4, 1920",
        ),
        (
            "Did Varn open a mine before Skell did?",
            "Varn opened a mine in May 1911.",
            "Skell opened a mine in June 1911.",
            "Yes: May 1911 against June 1911",
        ),
    ],
)
def test_two_sure_values_answer_a_comparison(
    question: str, one: str, other: str, text: str
) -> None:
    found = weigh(question, one, other)
    assert found is not None
    assert found.text == text
    said = [told[slice(*place)] for told, place in zip((one, other), found.values, strict=True)]
    assert all(value in text for value in said)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (LARGER, DUTCH, "Italy fined it 20 million pounds."),
        (LARGER, DUTCH, "Italy may fine it 20 million euros."),
        (LARGER, DUTCH, "Italy and Greece fined it 20 million euros."),
        (LARGER, DUTCH, "The fines of Italy add up to 20 million euros."),
        (LARGER, DUTCH, "Italy fined it 20 million euros and then 3 million euros."),
        (LARGER, DUTCH, "Italy fined it more than 20 million euros."),
        (LARGER, DUTCH, "Italy never fined it 20 million euros."),
        (LARGER, DUTCH, "Italy asked for a loan of 20 million euros."),
        (OPENED, "The mine of Varn opened in 1911.", "The mine of Skell opened on May 4, 1911."),
        (WORTH, "The contract of Varn is worth $90.", "In Skell watches worth $30 were stolen."),
        (STORES, "Bunn closed 63 stores.", "Kamp closed 28 stores."),
        (OPENED, "The mine of Varn closed in 1911.", "Skell was told of in 1920."),
        (
            "Did Meta pay more than Goog?",
            "Meta will pay $1.4 billion.",
            "Goog will pay $1.375 billion.",
        ),
        (HELD, "Reed was held for about 11 hours.", "Lind was held for 10 hours."),
    ],
)
def test_where_there_is_doubt_nothing_is_said(question: str, one: str, other: str) -> None:
    assert weigh(question, one, other) is None
