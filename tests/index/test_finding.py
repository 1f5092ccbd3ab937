from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from index.finding import Finder, merged
from index.index import Index
from index.passages import Filters, Hit, Passage
from index.steering import MOST

from .homes import Home

ROME = (
    "---\ntitle: Rome\ndate: 2022-03-09\ntags: [rome]\n---\n\n"
    "The regulator of Rome imposed a fine.\n"
)
OSLO = "---\ntitle: Oslo\ndate: 2024-09-03\n---\n\nThe watchdog in Oslo asked for thirty crowns.\n"
NOISE = (
    "---\ntitle: Fines {n}\ndate: {year}-01-01\n---\n\n"
    "A fine of Rome was larger than a fine, said number {n}.\n"
)


@pytest.fixture
def across(home: Home) -> Index:
    """Two documents with one side each, and twelve that crowd them out."""
    home.write("rome.md", ROME)
    home.write("oslo.md", OSLO)
    for n in range(12):
        home.write(f"noise{n:02}.md", NOISE.format(n=n, year=2003 + n))
    opened = home.open()
    opened.sync()
    return opened


def documents(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.document_id for hit in hits]


def finder(**options: object) -> Finder:
    return Finder(today=lambda: dt.date(2026, 11, 26), **options)  # type: ignore[arg-type]


COMPARES = "Was the larger fine, number by number, said to be of Rome or of Oslo?"


def test_the_evidence_of_each_side_is_among_the_first(across: Index) -> None:
    plain = finder().find(across, COMPARES, k=3, plain=True)
    ours = finder().find(across, COMPARES, k=3)
    assert "oslo" not in documents(plain.hits)
    assert "oslo" in documents(ours.hits)
    assert [side.name for side in ours.sides] == ["Rome", "Oslo"]
    assert ours.hits[0].passage == plain.hits[0].passage
    (oslo,) = [hit for hit in ours.hits if hit.passage.document_id == "oslo"]
    assert oslo.parts["side"] == 2.0


def test_a_plain_question_is_ranked_as_the_index_ranks_it(across: Index) -> None:
    question = "Which regulator imposed a fine?"
    expected = across.search(across.prepare(question), k=5)
    found = finder().find(across, question, k=5)
    assert (found.hits, found.sides, found.steered) == (expected, (), None)


def test_a_side_of_which_no_passage_knows_a_word_is_left_out(across: Index) -> None:
    found = finder().find(across, "Which of Rome, Oslo and Xanadu imposed a fine?")
    assert [side.name for side in found.sides] == ["Rome", "Oslo"]
    assert finder().find(across, "Which of Rome and Xanadu imposed a fine?").sides == ()


def test_names_that_are_spoken_of_together_change_nothing(home: Home) -> None:
    home.write("both.txt", "Ada Berg and Bo Lund founded the ferry company in the old harbour.")
    home.write("other.txt", "The library opens on Monday.")
    with_both = home.open()
    with_both.sync()
    question = "When did Ada Berg and Bo Lund found the company?"
    found = finder().find(with_both, question)
    assert (found.sides, found.hits) == ((), with_both.search(with_both.prepare(question)))


def test_sides_keep_to_the_filters(across: Index) -> None:
    found = finder().find(across, COMPARES, filters=Filters(until=dt.date(2023, 1, 1)))
    assert "oslo" not in documents(found.hits)


def test_words_of_a_title_are_names_as_soon_as_it_is_there(home: Home) -> None:
    home.write("rome.md", ROME)
    home.write("oslo.md", OSLO)
    opened = home.open()
    opened.sync()
    one = finder()
    question = "compare the fines of rome and lima"
    assert one.find(opened, question).sides == ()
    home.write("lima.md", ROME.replace("Rome", "Lima").replace("[rome]", "[lima]"))
    opened.sync()
    assert [side.name for side in one.find(opened, question).sides] == ["rome", "lima"]


def hit(name: str, score: float) -> Hit:
    return Hit(Passage(name, name, 0, 1, "", ()), name, score)


def test_merging_takes_the_best_overall_and_then_the_sides_in_turn() -> None:
    overall = [hit(name, 0.9) for name in "abcd"]
    first, second = [hit(name, 0.5) for name in "axb"], [hit(name, 0.5) for name in "yza"]
    found = merged(overall, [first, second], 6)
    assert [one.text for one in found] == ["a", "y", "b", "x", "z", "c"]
    assert [one.parts.get("side") for one in found] == [None, 2.0, None, 1.0, 2.0, None]


# ---------------------------------------------------------------------- dates


@pytest.fixture
def dated(home: Home) -> Index:
    for year in (2018, 2020, 2022):
        home.write(
            f"y{year}.md",
            f"---\ntitle: Report\ndate: {year}-05-01\n---\n\n"
            f"The ferry report was number {year - 2000}.\n",
        )
    home.write("about.md", "---\ntitle: Look back\ndate: 2025-01-01\n---\n\nThe ferry in 2020.\n")
    home.write("undated.txt", "The ferry report without any year in it was lost.")
    opened = home.open()
    opened.sync()
    return opened


def test_a_date_raises_what_is_of_it_and_what_names_it_and_hides_nothing(dated: Index) -> None:
    question = "What was in the ferry report in 2020?"
    plain = {one.passage.id: one for one in finder().find(dated, question, plain=True).hits}
    found = finder().find(dated, question)
    assert {one.passage.id for one in found.hits} == plain.keys()
    gains = {
        one.passage.document_id: round(one.score - plain[one.passage.id].score, 6)
        for one in found.hits
    }
    raised = {name for name, gain in gains.items() if gain}
    assert raised == {"y2020", "about"}
    assert all(gain in (0, MOST) for gain in gains.values())
    assert found.steered is not None
    assert found.steered.preference.text == "Prefers documents from 2020"
    assert {name.split(":")[0] for name in found.steered.raised} == raised


def test_latest_prefers_the_newest_by_less_and_less(dated: Index) -> None:
    found = finder().find(dated, "What is the latest ferry report?")
    added = {one.passage.document_id: one.parts.get("date", 0.0) for one in found.hits}
    assert added["about"] == MOST
    assert added["about"] > added["y2022"] > added["y2020"] > added["y2018"] > 0
    assert added["undated"] == 0
    assert found.steered is not None
    assert found.steered.preference.text == "Prefers the newest documents"


def test_an_event_has_the_date_of_the_document_about_it(home: Home) -> None:
    home.write(
        "ruling.md",
        "---\ntitle: Bridges ruling\ndate: 2020-08-12\n---\n\nThe court gave its ruling.\n",
    )
    home.write("old.md", "---\ntitle: Cameras\ndate: 2019-01-01\n---\n\nThe police used cameras.\n")
    home.write("new.md", "---\ntitle: Cameras\ndate: 2021-01-01\n---\n\nThe police use cameras.\n")
    opened = home.open()
    opened.sync()
    found = finder().find(opened, "What cameras do the police use since the Bridges ruling?")
    assert found.steered is not None
    assert found.steered.preference.text == (
        "Prefers documents since 12 August 2020 (“Bridges ruling”)"
    )
    added = {one.passage.document_id: one.parts.get("date", 0.0) for one in found.hits}
    assert (added["new"], added["old"]) == (MOST, 0.0)


def test_a_period_outside_the_filters_steers_nothing(dated: Index) -> None:
    filters = Filters(since=dt.date(2022, 1, 1), until=dt.date(2023, 1, 1))
    found = finder().find(dated, "What was in the ferry report in 2020?", filters=filters)
    assert (documents(found.hits), found.steered) == (["y2022"], None)


# ---------------------------------------------------------------------- reranking


class Backwards:
    """Likes passages the more the later they come."""

    def __init__(self) -> None:
        self.read = 0

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        self.read += len(passages)
        return [(place + 1) / (len(passages) + 1) for place in range(len(passages))]


def test_a_reranker_orders_the_first_fifty_and_its_score_is_the_hits(home: Home) -> None:
    for n in range(60):
        home.write(f"d{n:02}.txt", f"The ferry has {n} boats." + " It crosses the bay." * (n % 7))
    opened = home.open()
    opened.sync()
    question = "How many boats has the ferry?"
    before = opened.search(opened.prepare(question), k=60)
    model = Backwards()
    found = finder(reranker=model).find(opened, question, k=60)
    assert model.read == 50
    assert documents(found.hits)[:50] == documents(before)[:50][::-1]
    assert documents(found.hits)[50:] == documents(before)[50:]
    scores = [one.score for one in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert found.hits[0].parts["reranker"] == found.hits[0].score
    assert found.hits[0].parts["search"] == before[49].score
    assert "rerank" in found.timings_ms
    model.read = 0
    assert finder(reranker=model).find(opened, question, plain=True).hits == before[:10]
    assert model.read == 0
