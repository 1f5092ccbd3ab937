from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Citation, Context
from assistant.cite import cite, gate, stands
from corpus.documents import Document, text_sha256

TEXT = "Ice came early. The ferry cost 18 million euros — “too much”, some said.\n\nIt sank."


def document_of(text: str, document_id: str = "ferry") -> Document:
    return Document(
        id=document_id,
        title="Ferry",
        text=text,
        date=dt.date(2024, 3, 12),
        source="The Harbour Post",
        url="https://harbour-post.example/ferry",
        language="en",
        tags=("ferry",),
        media_type="text/plain",
        path="ferry.txt",
        sha256=text_sha256(text),
    )


FERRY = document_of(TEXT)
START = TEXT.index("The ferry")
END = TEXT.index("\n\n")
TRUE = cite(1, FERRY, START, END)


def test_a_citation_carries_what_is_needed_to_show_it_without_its_document() -> None:
    assert cite(1, FERRY, START, END) == Citation(
        marker=1,
        document_id="ferry",
        sha256=text_sha256(TEXT),
        start=16,
        end=72,
        quote="The ferry cost 18 million euros — “too much”, some said.",
        title="Ferry",
        source="The Harbour Post",
        date=dt.date(2024, 3, 12),
        url="https://harbour-post.example/ferry",
    )
    assert stands(TRUE, FERRY)


@pytest.mark.parametrize(
    "change",
    [
        {"start": START + 1},
        {"start": START - 1},
        {"end": END + 1},
        {"end": END - 1},
        {"start": START + 1, "end": END + 1},
        {"start": START - 1, "end": END - 1},
        {"start": START - len(TEXT), "end": END - len(TEXT)},
        {"start": START, "end": END - len(TEXT)},
        {"start": END, "end": START},
        {"start": 10**9, "end": 10**9 + END - START},
        {"start": START, "end": START, "quote": ""},
        {"start": END, "end": END + 2, "quote": "\n\n"},
        {"quote": TRUE.quote.replace("18", "19")},
        {"quote": TRUE.quote.replace("—", "-")},
        {"quote": TRUE.quote.upper()},
        {"quote": TRUE.quote + " "},
        {"quote": ""},
        {"sha256": text_sha256(TEXT + " ")},
        {"sha256": TRUE.sha256.upper()},
        {"sha256": ""},
        {"document_id": "council"},
    ],
    ids=str,
)
def test_anything_else_about_it_is_refused(change: dict[str, object]) -> None:
    assert not stands(dataclasses.replace(TRUE, **change), FERRY)  # type: ignore[arg-type]


def test_a_document_that_is_gone_or_another_or_not_what_its_hash_says_is_refused() -> None:
    assert not stands(TRUE, None)
    assert not stands(TRUE, document_of(TEXT, "council"))
    assert not stands(TRUE, document_of(TEXT + " More."))
    assert not stands(TRUE, dataclasses.replace(FERRY, text=TEXT + " More."))


LEANED_ON = TEXT[: TEXT.index(" The ferry")]


def with_context(start: int, end: int, quote: str) -> Citation:
    return dataclasses.replace(TRUE, context=Context(start, end, quote))


def test_a_context_before_the_quote_stands() -> None:
    assert stands(with_context(0, len(LEANED_ON), LEANED_ON), FERRY)
    assert stands(with_context(0, START, TEXT[:START]), FERRY)


@pytest.mark.parametrize(
    ("start", "end", "quote"),
    [
        (0, len(LEANED_ON), "Ice came late. "),
        (0, len(LEANED_ON), LEANED_ON.upper()),
        (0, len(LEANED_ON), ""),
        (1, len(LEANED_ON), LEANED_ON),
        (1, len(LEANED_ON) + 1, LEANED_ON),
        (0, len(LEANED_ON) - 1, LEANED_ON),
        (-len(TEXT), len(LEANED_ON) - len(TEXT), LEANED_ON),
        (3, 3, ""),
        (8, 3, ""),
        (0, START + 1, TEXT[: START + 1]),
        (START, END, TEXT[START:END]),
        (TEXT.index("It sank"), len(TEXT), "It sank."),
    ],
)
def test_a_context_that_is_altered_shifted_or_not_before_the_quote_is_refused(
    start: int, end: int, quote: str
) -> None:
    assert not stands(with_context(start, end, quote), FERRY)


texts = st.text(st.sampled_from("ab c.é“𝄞\n"), min_size=1, max_size=40)


@given(texts, st.integers(-50, 50), st.integers(-50, 50), st.text("ab c.é𝄞\n", max_size=6))
def test_the_gate_lets_through_what_stands_in_the_text_and_nothing_else(
    text: str, start: int, end: int, quote: str
) -> None:
    document = document_of(text)
    citation = dataclasses.replace(cite(1, document, 0, 0), start=start, end=end, quote=quote)
    right = 0 <= start < end <= len(text) and text[start:end] == quote and quote.strip() != ""
    assert stands(citation, document) is right


@given(texts, st.data())
def test_each_quote_cut_from_a_text_passes(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    document = document_of(text)
    assert stands(cite(1, document, start, end), document) is (text[start:end].strip() != "")


def test_the_gate_parts_the_true_from_the_false_and_keeps_their_order() -> None:
    second = cite(2, FERRY, 0, 15)
    false = dataclasses.replace(TRUE, quote="The ferry was free.")
    elsewhere = dataclasses.replace(TRUE, document_id="council")
    assert gate([false, second, elsewhere, TRUE], {"ferry": FERRY}) == (
        (second, TRUE),
        (false, elsewhere),
    )
    assert gate([], {}) == ((), ())
    assert gate([TRUE], {}) == ((), (TRUE,))
