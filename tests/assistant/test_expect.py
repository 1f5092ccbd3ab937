from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.expect import Expected, Kind, expected, has_expected

MONEY, COUNT, DATE = Kind.MONEY, Kind.COUNT, Kind.DATE
DURATION, PERSON, OTHER = Kind.DURATION, Kind.PERSON, Kind.OTHER


@pytest.mark.parametrize(
    ("question", "kind", "focus"),
    [
        ("How much was the contract worth?", MONEY, ()),
        ("How much money did the city spend?", MONEY, ()),
        ("how much did the repairs COST", MONEY, ()),
        ("How large was the fine?", MONEY, ()),
        ("What was the settlement fee?", MONEY, ()),
        ("What penalty was imposed?", MONEY, ()),
        ("How many employees does the company have?", COUNT, ("employe",)),
        ("How many parking sensors were bought?", COUNT, ("park", "sensor")),
        ("How many?", COUNT, ()),
        ("What percentage of faces was matched?", Kind.SHARE, ()),
        ("When does it end?", DATE, ()),
        ("In what year was it founded?", DATE, ()),
        ("On which date was it signed?", DATE, ()),
        ("How long does the contract last?", DURATION, ()),
        ("For how many years is the ban?", DURATION, ()),
        ("Who runs the company?", PERSON, ()),
        ("Whose photos were used?", PERSON, ()),
        ("What was leaked?", OTHER, ()),
        ("Which companies sent letters?", OTHER, ()),
        ("How much of it is known?", OTHER, ()),
        ("How old is the network?", Kind.AGE, ()),
        ("How large was the fine that the school board got?", Kind.MONEY, ()),
        ("How accurate was it?", Kind.QUANTITY, ()),
        ("Why was he arrested?", Kind.REASON, ()),
        ("What did the town do when the mine closed?", OTHER, ()),
        ("When the mine closed, how much did the town pay?", MONEY, ()),
        ("Who was mayor when the mine closed?", PERSON, ()),
        ("Did they say why it closed?", Kind.REASON, ()),
        ("", OTHER, ()),
    ],
)
def test_a_question_tells_what_it_asks_for(
    question: str, kind: Kind, focus: tuple[str, ...]
) -> None:
    assert expected(question) == Expected(kind, focus)


@pytest.mark.parametrize(
    ("kind", "sentence", "has"),
    [
        (MONEY, "It was worth $224,000.", True),
        (MONEY, "It cost € 3 in all.", True),
        (MONEY, "It cost 3.2 million euros.", True),
        (MONEY, "They paid 40 pounds.", True),
        (MONEY, "It was worth a lot, in 2020.", False),
        (MONEY, "The dollar fell.", False),
        (DATE, "It ends on September 4, 2021.", True),
        (DATE, "It was 4 September.", True),
        (DATE, "That was in 1999.", True),
        (DATE, "It may end.", False),
        (DATE, "About 12,000 books.", False),
        (DURATION, "It lasts five years.", True),
        (DURATION, "A 90-day wait.", True),
        (DURATION, "After eleven long months.", True),
        (DURATION, "It lasted for years.", False),
        (PERSON, "Hoan Ton-That wrote it.", True),
        (PERSON, "It was Ludwig van Beethoven.", True),
        (PERSON, "The mayor wrote it.", False),
        (Kind.SHARE, "It matched 96 % of them.", True),
        (Kind.SHARE, "Two thirds were matched.", True),
        (Kind.SHARE, "It matched 96 of them.", False),
        (Kind.QUANTITY, "It is twelve years old.", True),
        (Kind.QUANTITY, "It is old.", False),
        (Kind.AGE, "It is twelve years old.", True),
        (Kind.AGE, "Ann Reed, 33, spent ten days there.", True),
        (Kind.AGE, "The mill was built in 1820.", True),
        (Kind.AGE, "In April 2019 Ann Reed paid 1,360 yuan.", False),
        (Kind.MONEY, "The board must pay 200,000 kronor.", True),
        (Kind.REASON, "It stopped because of errors.", True),
        (Kind.REASON, "It stopped.", False),
        (OTHER, "Anything.", True),
    ],
)
def test_a_sentence_has_what_is_asked_for_or_not(kind: Kind, sentence: str, has: bool) -> None:
    assert has_expected(Expected(kind), sentence) is has


@pytest.mark.parametrize(
    ("focus", "sentence", "has"),
    [
        (("employe",), "The company has 40 employees.", True),
        (("employe",), "It employs people.", False),
        (("employe",), "The company has 40 offices.", False),
        (("employe",), "Employees met on 4 September 2020.", False),
        (("employe",), "Employees met: all of them, thousands.", True),
        ((), "There were 40.", True),
        ((), "That was in 2020.", False),
    ],
)
def test_a_count_stands_beside_what_is_counted_and_is_no_date(
    focus: tuple[str, ...], sentence: str, has: bool
) -> None:
    assert has_expected(Expected(COUNT, focus), sentence) is has


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_may_be_asked_and_looked_at(question: str, sentence: str) -> None:
    wanted = expected(question)
    assert has_expected(Expected(OTHER), sentence)
    assert (wanted.kind is COUNT) or wanted.focus == ()
    assert has_expected(wanted, sentence) in (True, False)
