from __future__ import annotations

import dataclasses

import pytest

from assistant.expect import expected
from assistant.extract import Quote
from assistant.lift import lift, lift_from
from assistant.quote_ranker import quote_model


@pytest.mark.parametrize(
    ("question", "sentence", "short", "kind"),
    [
        ("When did the mine open?", "The mine opened on 3 May 1921.", "3 May 1921", "date"),
        ("When did it open?", "It opened in July 2004, at last.", "July 2004", "date"),
        ("In what year was it built?", "It was built in 1850.", "1850", "date"),
        ("How much did it cost?", "It cost about $1.4 billion.", "$1.4 billion", "money"),
        ("How much was it?", "It was 30.5 million euros.", "30.5 million euros", "money"),
        ("How many cameras are there?", "There are 1,200 street cameras.", "1,200", "count"),
        ("How many boats came?", "Two electric boats came in 2020.", "Two", "count"),
        ("How long did it last?", "It lasted for six weeks.", "six weeks", "duration"),
        ("What share was lost?", "Of it, 12.5 percent was lost.", "12.5 percent", "share"),
        ("Who led the bank?", "The bank was led by Senator Ada Berg.", "Ada Berg", "person"),
        ("Who wrote it?", "It was Jon Vik's first book.", "Jon Vik", "person"),
        ("Is it legal?", "No, it is not.", "No", "yes/no"),
        ("Did they agree?", "“Yes,” they said.", "Yes", "yes/no"),
    ],
)
def test_what_is_asked_for_is_lifted_word_for_word(
    question: str, sentence: str, short: str, kind: str
) -> None:
    found = lift(question, expected(question), sentence)
    assert found is not None
    assert (found.text, found.kind) == (short, kind)
    assert sentence[found.start : found.end] == short


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When did the mine open?", "The mine opened in 1921 and closed in 1950."),
        ("When did the mine open?", "The mine opened long ago."),
        ("When was the 1921 mine shut?", "The 1921 mine was shut."),
        ("How much did it cost?", "It cost $3 and later $4."),
        ("How many cameras are there?", "There are 1,200 boats."),
        ("How many cameras are there?", "On 3 May 2020 cameras came."),
        ("Who led the bank?", "Ada Berg and Jon Vik led the bank."),
        ("Who led the bank?", "The bank was led from the United States."),
        ("Who is Ada Berg?", "Ada Berg is a captain."),
        ("Who is Ada Berg?", "Captain Ada Berg is married to Jon Vik."),
        ("Who was arrested?", "A man was arrested at his home in Farmington Hills."),
        ("What led to it?", "Ada Berg led to it in 1921."),
        ("What did Ada Berg say when she came in 1921?", "She came in 1922."),
        ("Is it legal?", "It is legal."),
        ("Is it legal?", "Nobody knows."),
    ],
)
def test_where_there_is_doubt_nothing_is_lifted(question: str, sentence: str) -> None:
    assert lift(question, expected(question), sentence) is None


def test_a_people_is_no_person() -> None:
    question = "Who fined the firm?"
    assert lift(question, expected(question), "In 2021 The French fined the firm.") is None


def test_a_question_behind_a_clause_gets_its_own_value() -> None:
    question = "When the mine closed, how much did the town pay?"
    told = lift(question, expected(question), "The mine closed in 1921 and the town paid $30.")
    assert told is not None
    assert told.text == "$30"


def test_only_a_likely_quote_without_a_rival_gives_a_short_answer() -> None:
    question = "When did the mine open?"
    sure = quote_model().lift
    best = Quote("a", 0, 9, "It opened in 1921.", sure, 0.5, 0.5, True, frozenset())
    rival = dataclasses.replace(best, text="It opened in 1925.")
    echo = dataclasses.replace(best, text="In 1921 it opened.")
    unlikely = dataclasses.replace(best, score=sure - 0.01)

    def short(*chosen: Quote) -> str | None:
        found = lift_from(question, expected(question), chosen)
        return found.text if found else None

    assert short(best) == short(best, echo) == "1921"
    assert short(best, rival) is None
    assert short(unlikely) is None
    assert short() is None
