from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.contract import ask_json
from assistant.disagree import Claim, disagreeing
from assistant.expect import expected
from assistant.extract import Quote, rank_sentences
from assistant.quoting import independent
from assistant.settings import Settings
from assistant.terminal import print_answer
from corpus.documents import Document

from ..fakes import BagOfStems
from .made_hits import hit_of, query_of
from .small_corpus import COUNCIL, COUNCIL_WORTH, FERRY, FERRY_WORTH, WORTH, write_home

Case = tuple[str, str, str]


def cases(kind: str) -> list[Case]:
    """Return the question, the older and the newer sentence of the cases of a kind."""
    lines = Path(__file__).with_name("disagree_cases.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return [(row[1], row[2], row[3]) for row in rows if row[0] == kind]


DISAGREE, APART = cases("disagree"), cases("apart")


def groups_of(case: Case) -> tuple[tuple[Claim, ...], ...]:
    question, *sentences = case
    names = ["older", "newer"]
    hits = [hit_of(name, [(text, 0.7)]) for name, text in zip(names, sentences, strict=True)]
    documents = {
        name: Document(
            id=name, title=name, text=text, date=dt.date(2020 + place, 1, 1), source=None, url=None,
            language="en", tags=(), media_type="text/plain", path=name, sha256="",
        )
        for place, (name, text) in enumerate(zip(names, sentences, strict=True))
    }  # fmt: skip
    query, wanted = query_of(question), expected(question)
    ranked = rank_sentences(query, wanted, hits, {})
    # How likely each answers is not what is tested here.
    level = [dataclasses.replace(quote, score=0.5) for quote in ranked]
    return disagreeing(query, wanted, level, documents)


def groups_told(question: str, *told: tuple[str, str, float]) -> list[list[str]]:
    """Return the documents of each group, where documents tell sentences that are so likely."""
    query, wanted = query_of(question), expected(question)
    ranked = [
        Quote(name, 0, len(text), text, score, 0.7, 0.8, True, frozenset())
        for name, text, score in told
    ]
    found = disagreeing(query, wanted, ranked, {})
    return [[one.quote.document_id for one in group] for group in found]


@pytest.mark.parametrize("case", DISAGREE, ids=[case[0] for case in DISAGREE])
def test_sources_that_disagree_are_noticed(case: Case) -> None:
    groups = groups_of(case)
    assert len(groups) == 2
    assert {one.quote.document_id for group in groups for one in group} == {"older", "newer"}


@pytest.mark.parametrize("case", APART, ids=[f"{c[1]} / {c[2]}" for c in APART])
def test_what_only_looks_like_it_is_no_disagreement(case: Case) -> None:
    assert groups_of(case) == ()


def test_a_sentence_that_hardly_answers_is_no_party() -> None:
    first = ("ferry", FERRY_WORTH, 0.8)
    assert groups_told(WORTH, first, ("council", COUNCIL_WORTH, 0.21)) == [["ferry"], ["council"]]
    assert groups_told(WORTH, first, ("council", COUNCIL_WORTH, 0.19)) == []


def test_the_best_sentence_is_a_party_or_there_is_no_disagreement() -> None:
    told = [("ferry", FERRY_WORTH, 0.7), ("council", COUNCIL_WORTH, 0.6)]
    assert groups_told(WORTH, *told) == [["ferry"], ["council"]]
    best = ("wire", "The worth of the ferry contract with Blue Wave Lines was told.", 0.8)
    assert groups_told(WORTH, best, *told) == []


def test_a_document_that_gives_several_values_is_no_party() -> None:
    told = [("ferry", FERRY_WORTH, 0.8), ("council", COUNCIL_WORTH, 0.7)]
    assert groups_told(WORTH, *told) == [["ferry"], ["council"]]
    again = COUNCIL_WORTH.replace("21", "18")
    assert groups_told(WORTH, *told, ("council", again, 0.6)) == []
    assert groups_told(WORTH, *told, ("wire", again, 0.6)) == [["ferry", "wire"], ["council"]]
    third = COUNCIL_WORTH.replace("21", "25")
    assert groups_told(WORTH, *told, ("council", third, 0.6)) == []


@pytest.mark.parametrize("word", ["All", "Many", "Both"])
def test_a_value_of_all_is_none_of_some(word: str) -> None:
    question = "How much did the boats of the Sund fleet cost?"
    some = "Boats of the Sund fleet cost 3 million euros."
    whole = f"{word} boats of the Sund fleet cost 5 million euros."
    other = some.replace("3", "2")
    assert groups_told(question, ("a", some, 0.8), ("b", other, 0.7)) == [["a"], ["b"]]
    assert groups_told(question, ("a", whole, 0.8), ("b", some, 0.7)) == []
    assert groups_told(question, ("a", some, 0.8), ("b", whole, 0.7)) == []


def test_there_are_enough_cases() -> None:
    assert len(DISAGREE) >= 20
    assert len(APART) >= 60


def test_an_answer_shows_both_values_newest_first(fast: None, tmp_path: Path) -> None:
    with Archive(write_home(tmp_path / "home"), Settings(), BagOfStems()) as archive:
        answer = archive.ask(WORTH)
    assert answer.short is None
    assert answer.disagreement is not None
    assert answer.disagreement.kind == "money"
    found = answer.disagreement.values
    assert [(one.text, one.date, one.documents, one.independent) for one in found] == [
        ("21 million euros", dt.date(2024, 6, 2), ("council",), 1),
        ("18 million euros", dt.date(2024, 3, 12), ("ferry",), 1),
    ]
    for one in found:
        citation = answer.citations[one.marker - 1]
        assert citation.quote[one.start - citation.start : one.end - citation.start] == one.text


def test_copies_of_one_story_are_one_source(fast: None, tmp_path: Path) -> None:
    story = FERRY + "\n" + " ".join(f"Paragraph {n} tells of the harbour." for n in range(20))
    other = story.replace("title: Harbour ferry gets", "title: The ferry finds").replace(
        "The Harbour Post", "Evening Wire"
    )
    files = {"a.md": story, "b.md": other + " It was printed again.", "council.md": COUNCIL}
    with Archive(write_home(tmp_path / "home", files), Settings(), BagOfStems()) as archive:
        answer = archive.ask(WORTH)
    assert answer.disagreement is not None
    newest, older = answer.disagreement.values
    assert (newest.documents, newest.independent) == (("council",), 1)
    assert (set(older.documents), older.independent) == ({"a", "b"}, 1)


def test_documents_that_share_a_wording_or_are_versions_are_one_source() -> None:
    versions = {"copy": "first", "third": "first"}

    def first_version(name: str) -> str:
        return versions.get(name, name)

    assert independent([["a"]], first_version) == 1
    assert independent([["a", "b"]], first_version) == 1
    assert independent([["a"], ["b"]], first_version) == 2
    assert independent([["copy"], ["third"], ["a"]], first_version) == 2
    assert independent([["a", "b"], ["b", "c"], ["d"]], first_version) == 2


def test_the_terminal_names_both_values_and_their_dates(
    fast: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Archive(write_home(tmp_path / "home"), Settings(), BagOfStems()) as archive:
        answer = archive.ask(WORTH)
    print_answer(ask_json(answer), explain=False)
    markers = {one.quote: one.marker for one in answer.citations}
    line = capsys.readouterr().out.split("\n\n")[0]
    assert line == (
        f"Sources disagree: 21 million euros [{markers[COUNCIL_WORTH]}] (Council Gazette, 2 June "
        f"2024); 18 million euros [{markers[FERRY_WORTH]}] (The Harbour Post, 12 March 2024)."
    )
