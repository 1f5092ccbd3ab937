from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.doctor import examine
from corpus.findings import Examined, Finding

TODAY = dt.date(2026, 6, 1)
WELL = Examined(
    id="well",
    path="well.md",
    title="A title",
    date=dt.date(2025, 1, 2),
    language="en",
    characters=4_000,
    words=700,
    passages=5,
    fetched=dt.date(2025, 12, 1),
)


def kinds(*documents: Examined) -> list[tuple[str, str, str]]:
    return [(one.document_id, one.kind, one.severity) for one in examine(documents, today=TODAY)]


def test_a_document_that_is_well_has_no_finding() -> None:
    assert examine([WELL], today=TODAY) == ()


@pytest.mark.parametrize(
    ("sick", "kind", "severity", "detail"),
    [
        (replace(WELL, error="x.pdf is no PDF"), "unreadable", "error", "x.pdf is no PDF"),
        (replace(WELL, error="x is empty", blank=True), "empty", "error", "x is empty"),
        (
            replace(WELL, problems=("only the first 9 rows were read: split the table",)),
            "to check",
            "warning",
            "only the first 9 rows were read: split the table",
        ),
        (
            replace(WELL, quarantine=("hidden text", "tags")),
            "quarantined",
            "error",
            "it is kept and not searched: hidden text (and 1 more)",
        ),
        (replace(WELL, words=0), "empty", "error", "it has no words"),
        (replace(WELL, words=1), "too short", "warning", "it has only 1 word"),
        (replace(WELL, words=29), "too short", "warning", "it has only 29 words"),
        (
            replace(WELL, duplicate_of="a", version_of="a"),
            "duplicate",
            "warning",
            "it has the same text as a",
        ),
        (replace(WELL, version_of="a"), "another version", "note", "it is another version of a"),
        (
            replace(WELL, problems=("attachment a.pdf was not read: add it by itself",)),
            "to check",
            "warning",
            "attachment a.pdf was not read: add it by itself",
        ),
        (
            replace(WELL, problems=("page 1 was read by OCR: check the text",)),
            "to check",
            "note",
            "page 1 was read by OCR: check the text",
        ),
        (
            replace(WELL, guessed=("title",)),
            "untitled",
            "note",
            "its title was guessed: 'A title'",
        ),
        (replace(WELL, title=""), "untitled", "note", "it has no title"),
        (replace(WELL, date=None), "undated", "warning", "no date was found in it"),
        (
            replace(WELL, date=None, problems=("date 2031-01-01 lies in the future: not used",)),
            "undated",
            "warning",
            "date 2031-01-01 lies in the future: not used",
        ),
        (
            replace(WELL, removed_characters=12_000),
            "boilerplate-heavy",
            "warning",
            "cleaning took out 75% of it",
        ),
        (
            replace(WELL, fetched=dt.date(2025, 5, 31)),
            "stale",
            "note",
            "its page was fetched on 2025-05-31, over a year ago",
        ),
    ],
)
def test_each_fault_is_named_with_its_detail(
    sick: Examined, kind: str, severity: str, detail: str
) -> None:
    found = examine([sick], today=TODAY)
    assert [(one.kind, one.severity, one.detail) for one in found] == [(kind, severity, detail)]
    assert found[0].next_step


@pytest.mark.parametrize(
    "document",
    [
        replace(WELL, words=30),
        replace(WELL, removed_characters=4_000),
        replace(WELL, characters=10, removed_characters=400),
        replace(WELL, fetched=dt.date(2025, 6, 1)),
        replace(WELL, guessed=("date", "language")),
    ],
)
def test_what_is_only_just_well_has_no_finding(document: Examined) -> None:
    assert examine([document], today=TODAY) == ()


def test_another_language_is_named_where_most_documents_are_in_one() -> None:
    english = [replace(WELL, id=f"e{at}", path=f"e{at}") for at in range(8)]
    german = replace(WELL, id="g", path="g", language="de", guessed=("language",))
    assert kinds(*english, german) == [("g", "wrong language", "warning")]
    assert kinds(*english, replace(german, guessed=())) == [("g", "wrong language", "note")]
    assert kinds(*english, replace(german, language=None)) == []
    assert kinds(*english[:3], german) == []  # too few to tell
    assert kinds(*english, *(replace(german, id=f"g{at}", path=f"g{at}") for at in range(4))) == []


def test_errors_come_first_and_then_the_paths_in_order() -> None:
    undated = replace(WELL, id="b", path="b", date=None)
    noted = replace(WELL, id="a", path="a", version_of="b")
    broken = Examined(id="", path="z.pdf", error="z.pdf is no PDF")
    assert kinds(undated, noted, broken, replace(undated, id="c", path="a2")) == [
        ("", "unreadable", "error"),
        ("c", "undated", "warning"),
        ("b", "undated", "warning"),
        ("a", "another version", "note"),
    ]


def test_only_a_copy_of_the_same_text_can_be_repaired_without_a_person() -> None:
    copy = replace(WELL, duplicate_of="a")
    assert examine([copy], today=TODAY) == (
        Finding(
            "well", "well.md", "duplicate", "warning", "it has the same text as a",
            "remove one of the two", "remove this copy",
        ),
    )  # fmt: skip


@given(
    st.lists(
        st.builds(
            Examined,
            id=st.text(max_size=5),
            path=st.text(max_size=5),
            language=st.none() | st.sampled_from(["en", "de"]),
            words=st.integers(0, 100),
            characters=st.integers(0, 1000),
            removed_characters=st.integers(0, 2000),
        ),
        max_size=8,
    )
)
def test_no_corpus_makes_the_doctor_fail(documents: list[Examined]) -> None:
    found = examine(documents, today=TODAY)
    assert len([one for one in found if one.kind == "undated"]) == len(documents)
