from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Turn
from corpus.errors import BadSuite
from corpus.read import read_document
from evals.cases import Case, Evidence, Suite, load_suite
from index.passages import Filters

WriteSuite = Callable[..., Path]
LEAST_OF_A_SLICE = {
    "fact": 8,
    "date": 8,
    "number": 8,
    "across-documents": 8,
    "comparison": 8,
    "timeline": 8,
    "follow-up": 8,
    "disagreement": 8,
    "near-miss": 8,
    "out-of-scope": 8,
    "injected": 4,
    "neighbour": 38,
    "no-attribute": 20,
    "other-country": 12,
    "other-year": 12,
    "other-person": 12,
    "turned-round": 12,
    "tuned-on": 38,
    "held-out": 38,
}
ANSWERABLE = {
    "id": "opened",
    "question": "When?",
    "answers": ["1911"],
    "evidence": [{"document": "bridge", "quote": "in 1911"}],
}


def test_a_full_case_is_read_as_it_is_written(write_suite: WriteSuite) -> None:
    full = ANSWERABLE | {
        "unanswerable": False,
        "history": [{"question": "Which bridge?", "answer": "The old one.", "documents": ["b"]}],
        "stand_alone": "When was the old bridge opened?",
        "filters": {"since": "1911-01-01", "until": None, "sources": ["Post"], "tags": ["rail"]},
        "tags": ["date", "follow-up"],
    }
    assert load_suite(write_suite([full], "full")) == Suite(
        "full",
        (
            Case(
                id="opened",
                question="When?",
                answers=("1911",),
                evidence=(Evidence("bridge", "in 1911"),),
                unanswerable=False,
                history=(Turn("Which bridge?", "The old one.", ("b",)),),
                stand_alone="When was the old bridge opened?",
                filters=Filters(since=dt.date(1911, 1, 1), sources=("Post",), tags=("rail",)),
                tags=("date", "follow-up"),
            ),
        ),
    )


def test_an_unanswerable_case_needs_an_id_and_a_question(write_suite: WriteSuite) -> None:
    path = write_suite([{"id": "x", "question": "Why?", "unanswerable": True}])
    assert load_suite(path).cases == (Case("x", "Why?", unanswerable=True),)


def test_blank_lines_are_passed_over_and_line_separators_stand_in_text(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text('\n{"id": "x", "question": "One\u2028two?", "unanswerable": true}\n\n', "utf-8")
    assert [case.question for case in load_suite(path).cases] == ["One\u2028two?"]


@pytest.mark.parametrize(
    ("case", "complaint"),
    [
        (ANSWERABLE | {"answer": "1911"}, "unknown key answer"),
        (ANSWERABLE | {"filters": {"source": "Post"}}, "filters: unknown key source"),
        (ANSWERABLE | {"filters": {"since": "May 1911"}}, "since must be a date"),
        (ANSWERABLE | {"evidence": []}, "opened has no evidence"),
        (ANSWERABLE | {"answers": []}, "opened has no answers"),
        (ANSWERABLE | {"unanswerable": True}, "unanswerable and yet has answers"),
        (ANSWERABLE | {"unanswerable": "no"}, "unanswerable must be true or false"),
        (
            ANSWERABLE | {"stand_alone": "When was it?"},
            "opened has a stand_alone form and no history",
        ),
        (ANSWERABLE | {"stand_alone": ""}, "stand_alone must be a text that is not blank"),
        (ANSWERABLE | {"question": "  "}, "question must be a text that is not blank"),
        (ANSWERABLE | {"question": "When\ud800?"}, "question must be a text of whole characters"),
        (ANSWERABLE | {"answers": "1911"}, "answers must be a list, found the text '1911'"),
        (ANSWERABLE | {"answers": [1911]}, "each of answers must be a text"),
        (ANSWERABLE | {"evidence": [{"document": "bridge"}]}, "evidence: quote is missing"),
        ({"question": "Why?"}, "id is missing"),
        (["x"], "expected a JSON object, found a list"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_case_that_is_not_well_formed_is_refused(
    write_suite: WriteSuite, case: Any, complaint: str
) -> None:
    path = write_suite([{"id": "first", "question": "Why?", "unanswerable": True}, case])
    with pytest.raises(BadSuite, match=re.escape(f"{path}, line 2")) as caught:
        load_suite(path)
    assert complaint in str(caught.value)


def test_an_id_that_comes_twice_is_refused(write_suite: WriteSuite) -> None:
    path = write_suite([ANSWERABLE, ANSWERABLE])
    with pytest.raises(BadSuite, match="line 2: the id opened is line 1's already"):
        load_suite(path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "has no cases"),
        (b"\n \n", "has no cases"),
        (b'{"id": ', "line 1: not valid JSON"),
        (b"[" * 100_000, "line 1: not valid JSON"),
        (b'{"id": "\xff"}', "not UTF-8"),
    ],
)
def test_a_file_that_holds_no_cases_is_refused(
    tmp_path: Path, content: bytes, complaint: str
) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadSuite, match=complaint):
        load_suite(path)


def test_a_suite_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSuite, match="no suite named unheard-of: name one of"):
        load_suite("unheard-of")
    with pytest.raises(BadSuite, match=r"cannot read .*gone\.jsonl \(No such file"):
        load_suite(tmp_path / "gone.jsonl")


def test_the_starter_suite_holds_what_it_should() -> None:
    cases = load_suite("starter").cases
    assert len(cases) >= 210
    counts = Counter(tag for case in cases for tag in case.tags)
    assert {tag: least for tag, least in LEAST_OF_A_SLICE.items() if counts[tag] < least} == {}
    assert set(counts) - set(LEAST_OF_A_SLICE) == {"person", "one-document"}
    assert all(case.tags and len(set(case.tags)) == len(case.tags) for case in cases)
    assert all(case.history for case in cases if "follow-up" in case.tags)
    across = [case for case in cases if "across-documents" in case.tags]
    assert all(len({one.document for one in case.evidence}) > 1 for case in across)
    neighbours = {case.id.removeprefix("has-"): set(case.tags) - {"neighbour"} for case in cases
                  if "neighbour" in case.tags}  # fmt: skip
    missed = {case.id.removeprefix("near-"): set(case.tags) - {"near-miss"} for case in cases
              if case.id.removeprefix("near-") in neighbours}  # fmt: skip
    assert missed == neighbours
    declined = {case.id for case in cases if {"near-miss", "out-of-scope"} & set(case.tags)}
    assert declined == {case.id for case in cases if case.unanswerable}


def test_each_quote_of_the_suites_stands_once_in_a_starter_document() -> None:
    folder = Path(__file__).parents[2] / "corpus" / "documents"
    texts = {one.stem: read_document(one, folder=folder).document.text for one in folder.iterdir()}
    quotes = [
        (case.id, one.document, one.quote)
        for suite in ("starter", "across")
        for case in load_suite(suite).cases
        for one in case.evidence
    ]
    assert [quote for quote in quotes if texts.get(quote[1], "").count(quote[2]) != 1] == []
