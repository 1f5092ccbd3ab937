"""What the page says of dates that a question prefers, and of passages beside one another."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from assistant.web.preferred import part_label, preferred, reasons, why_absent
from assistant.web.wording import speaking
from index.explain_parts import LABELS, Neighbour, Word
from index.explained import Explained, WhyNot
from index.passages import Hit, Passage
from index.query_dates import Period, dates_in
from index.steering import Preference

TODAY = dt.date(2026, 3, 4)
HIT = Hit(Passage("a:0-5", "a", 0, 5, "", ()), "words", 0.5)
BEST = Explained(HIT, "A", None, (), (), (Word("bridge", 5.0),))


@pytest.mark.parametrize(
    ("question", "english", "german"),
    [
        ("What was decided in 2020?", "documents from 2020", "Dokumente aus 2020"),
        ("What was said in June 2024?", "documents from June 2024", "Dokumente aus Juni 2024"),
        ("What came on 2024-06-03?", "documents from 3 June 2024", "Dokumente vom 3. Juni 2024"),
        (
            "What changed since March 2021?",
            "documents dated 1 March 2021 or after",
            "Dokumente vom 1. März 2021 an",
        ),
        ("What is the latest on it?", "the newest documents", "die neuesten Dokumente"),
        (
            "What came between 2019 and 2020?",
            "documents dated 1 January 2019 to 31 December 2020",
            "Dokumente vom 1. Januar 2019 bis zum 31. Dezember 2020",
        ),
    ],
)
def test_a_preference_is_said_in_the_readers_language(
    question: str, english: str, german: str
) -> None:
    found = dates_in(question, TODAY)
    wanted = Preference(found.periods, found.latest)
    assert preferred(wanted) == f"Prefers {english}"
    with speaking("de"):
        assert preferred(wanted) == f"Bevorzugt {german}"


def test_the_document_that_an_events_date_is_from_is_named() -> None:
    ruling = Period(dt.date(2020, 8, 12), None, "since the ruling", event="Bridges ruling")
    with speaking("de"):
        said = preferred(Preference((ruling,), latest=True))
    assert said == (
        "Bevorzugt Dokumente vom 12. August 2020 an („Bridges ruling“) und die neuesten Dokumente"
    )


def test_why_a_passage_stands_where_it_stands_is_said_in_the_readers_language() -> None:
    above = Neighbour("above", -0.12, (("dense", -0.1), ("brand_new", 0.02)))
    explained = replace(BEST, side="Rome", neighbours=(above, Neighbour("below", 0.001, ())))
    assert list(reasons(explained)) == [
        "Taken for one side of the question: “Rome”.",
        "0.12 less than the one above: meaning of the passage -0.10, brand new +0.02.",
        "Nearly the same score as the one below.",
    ]
    assert list(reasons(explained)) == list(explained.reasons)
    with speaking("de"):
        assert list(reasons(explained)) == [
            "Für eine Seite der Frage gewählt: „Rome“.",
            "0,12 weniger als die Stelle darüber: Bedeutung der Stelle -0,10, brand new +0,02.",
            "Fast derselbe Wert wie die Stelle darunter.",
        ]


def test_why_a_document_is_absent_is_said_in_the_readers_language() -> None:
    lower = WhyNot("a", "ranked lower", "", BEST, BEST, 7, 1200, (("lexical", -0.2),))
    filtered = "The filters leave it out: it has no date."
    with speaking("de"):
        assert why_absent(lower) == (
            "Seine beste Stelle ist, nach der Frage allein, Nummer 7 von 1.200, mit 0,50; "
            "die letzte gezeigte hat 0,50: BM25 -0,20."
        )
        alone = replace(lower, kind="no word in common", place=None, last=None)
        assert why_absent(alone) == (
            "Es hat kein Wort mit der Frage gemeinsam (bridge). Seine beste Stelle ist, nach der "
            "Frage allein, nicht unter 1.200, mit 0,50."
        )
        assert why_absent(WhyNot("a", "filtered out", filtered)) == (
            "Die Filter lassen es aus: es hat kein Datum."
        )


def test_each_part_of_a_score_has_a_name_in_the_texts() -> None:
    assert {part: part_label(part) for part in LABELS} == LABELS
