from __future__ import annotations

import numpy as np
import pytest

from corpus.documents import text_sha256
from index.candidates import About, Candidate
from index.collapse import Ranked, collapse
from index.index import Index
from index.passages import Copy
from index.terms import terms

from ..fakes import BagOfStems
from .homes import Home

STORY = (
    "The council of Saltmere voted on Monday to end the trial of its cameras.",
    "The trial had cost 42,500 pounds since it began in the spring.",
    "Seven of nine councillors voted for the end, and two were away.",
)
EMBEDDER = BagOfStems()


TEXTS: dict[Candidate, str] = {}


def found(
    document_id: str,
    sentences: tuple[str, ...],
    *,
    question: str = "Who voted to end the trial?",
    version_of: str | None = None,
    start: int = 0,
) -> Ranked:
    text = " ".join(sentences)
    spans, at = [], start
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    vectors = EMBEDDER.embed(list(sentences))
    scores = vectors @ EMBEDDER.embed_question(question)
    candidate = Candidate(
        0, 0, document_id, "", start, start + len(text), "",
        ("", "", "", " ".join(terms(text))), b"", np.array(spans, dtype=np.int32), vectors,
    )  # fmt: skip
    TEXTS[candidate] = text
    return Ranked(candidate, float(max(scores)), scores, About(None, "", version_of))


def text_of(candidate: Candidate) -> str:
    return TEXTS[candidate]


def fronts(*ranked: Ranked) -> dict[str, list[str]]:
    return {
        one.ranked.candidate.document_id: [copy.document_id for copy in one.copies]
        for one in collapse(ranked, text_of)
    }


def test_versions_that_say_the_same_are_one_hit_that_lists_its_copies() -> None:
    first, second = found("a", STORY), found("b", STORY[:2], version_of="a", start=40)
    copy = second.candidate
    (front,) = collapse([first, second], text_of)
    assert front.ranked is first
    assert front.copies == [Copy("b", copy.id, 40, copy.end)]


def test_versions_of_a_document_that_was_not_found_are_of_one_group() -> None:
    one, two = found("b", STORY, version_of="a"), found("c", STORY[:2], version_of="a")
    assert fronts(one, two) == {"b": ["c"]}
    # "d" is a version of "b", which is a version of "a".
    assert fronts(found("a", STORY), one, found("d", STORY[:2], version_of="b")) == {
        "a": ["b", "d"]
    }


def test_documents_that_are_no_versions_stay_apart_unless_their_text_is_the_same() -> None:
    assert fronts(found("a", STORY), found("b", STORY[:2])) == {"a": [], "b": []}
    assert fronts(found("a", STORY), found("b", STORY)) == {"a": ["b"]}


@pytest.mark.parametrize(
    ("other", "is_copy"),
    [
        ("The council of Saltmere voted on Monday to end a trial of its cameras.", True),
        ("The council of Saltmere voted on Monday not to end the trial of its cameras.", False),
        ("The council of Saltmere voted on Monday to end the trial of its 12 cameras.", False),
        ("A ferry to the island sank.", False),
    ],
)
def test_the_sentence_that_was_found_decides(other: str, is_copy: bool) -> None:
    second = found("b", (other, *STORY[1:]), version_of="a", question=other)
    assert fronts(found("a", STORY), second) == ({"a": ["b"]} if is_copy else {"a": [], "b": []})


def test_a_passage_that_shares_only_one_sentence_is_no_copy() -> None:
    more = ("Elsewhere a storm broke the pier of the old town in the night of Friday.",) * 3
    second = found("b", (STORY[0], *more), version_of="a")
    assert fronts(found("a", STORY), second) == {"a": [], "b": []}


def test_passages_of_one_document_never_collapse() -> None:
    one, two = found("a", STORY), found("a", STORY, start=900)
    assert len(collapse([one, two], text_of)) == 2
    three = [one, two, found("b", STORY[:2], version_of="a")]
    assert [len(front.copies) for front in collapse(three, text_of)] == [1, 0]


def test_nothing_collapses_to_nothing() -> None:
    assert collapse([], text_of) == []


def test_a_search_returns_as_many_distinct_hits_as_were_asked_for(home: Home) -> None:
    for number in range(70):
        # Titles differ, so the texts of the documents may not.
        front = f"title: Copy {number}\ndate: {2024 - number}-12-01"
        text = f"Quokkas jump over the harbour wall.\n\n## Part {number}\n\nThe part {number}."
        home.write(f"copy-{number:02}.md", f"---\n{front}\n---\n\n{text}\n")
    home.write(
        "other.md", "---\ntitle: Other\n---\n\nSome quokkas sleep in the harbour, not on it.\n"
    )
    index = home.open()
    index.sync()
    hits = index.search(index.prepare("quokkas harbour wall"), k=2)
    index.close()
    # Sixty places of each list are taken by copies, and which of them come first is chance.
    assert [hit.text for hit in hits] == [
        "Quokkas jump over the harbour wall.",
        "Some quokkas sleep in the harbour, not on it.",
    ]
    assert 59 <= len({copy.document_id for copy in hits[0].copies}) <= 69


def test_of_copies_that_score_the_same_the_earliest_is_in_front(home: Home, index: Index) -> None:
    days = {"a": "2021-05-01", "b": "2020-05-01", "c": "2022-05-01"}
    for name, day in days.items():
        text = f"Quokkas jump.\n\n## Part {name}\n\nMore of {name}."
        home.write(f"{name}.md", f"---\ntitle: Same\ndate: {day}\n---\n\n{text}\n")
    index.sync()
    (hit, *_) = index.search(index.prepare("quokkas jump"), k=3)
    assert [hit.passage.document_id, *(copy.document_id for copy in hit.copies)] == ["b", "a", "c"]
    assert hit.sha256 == text_sha256(index.catalogue.document("b").text)


def test_collapsing_leaves_scores_and_order_as_they_were() -> None:
    ranked = [found(f"d{number}", (f"Sentence number {number} is here.",)) for number in range(20)]
    assert [front.ranked for front in collapse(ranked, text_of)] == ranked


def test_texts_are_read_only_where_two_may_be_the_same() -> None:
    # The stems are the same, and the texts are not: one has a stop word more.
    one, other = found("a", ("The trial ended.",)), found("b", ("Then the trial ended.",))
    read: list[str] = []

    def told(candidate: Candidate) -> str:
        read.append(candidate.document_id)
        return TEXTS[candidate]

    assert len(collapse([one, other, found("c", STORY)], told)) == 3
    assert read == ["a", "b"]
