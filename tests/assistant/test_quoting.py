"""What is said of the sentences that answer best: with their context, and with each value where
sources differ."""

from __future__ import annotations

import dataclasses
import datetime as dt

from assistant.expect import expected
from assistant.extract import Quote
from assistant.quoting import Quoted, cited, quote_answer
from corpus.documents import Document, text_sha256

from .made_hits import query_of
from .small_corpus import COUNCIL_WORTH, FERRY_WORTH, WORTH

FERRY_TEXT = f"{FERRY_WORTH} The contract with Blue Wave Lines pays for the boats too."


def document_of(name: str, text: str) -> Document:
    return Document(
        id=name, title=name, text=text, date=dt.date(2024, 3, len(name)), source=None, url=None,
        language="en", tags=(), media_type="text/plain", path=name, sha256=text_sha256(text),
    )  # fmt: skip


def quote_of(document: Document, text: str, score: float) -> Quote:
    start = document.text.index(text)
    found = frozenset({"ferri", "contract"})
    return Quote(document.id, start, start + len(text), text, score, 0.7, 0.8, True, found)


FERRY = document_of("ferry", FERRY_TEXT)
COUNCIL = document_of("council", COUNCIL_WORTH)
DAMAGED = dataclasses.replace(FERRY, text=f"{FERRY_TEXT} More.")
"""Its text is not what its hash says."""
EIGHTEEN = quote_of(FERRY, FERRY_WORTH, 0.8)
BOATS = quote_of(FERRY, FERRY_TEXT[len(FERRY_WORTH) + 1 :], 0.7)
TWENTY_ONE = quote_of(COUNCIL, COUNCIL_WORTH, 0.6)


def answered(ranked: list[Quote], *documents: Document, most: int = 3) -> Quoted:
    by_id = {one.id: one for one in documents}
    return quote_answer(query_of(WORTH), expected(WORTH), ranked, by_id, most, lambda name: name)


def quotes(found: Quoted) -> list[str]:
    return [one.citation.quote for one in found.said]


def test_what_a_quote_leans_on_is_told_unless_it_is_quoted_anyway() -> None:
    document = document_of("alda", "The Alda sank in 1947. It was raised in 1950.")
    first = quote_of(document, "The Alda sank in 1947.", 0.8)
    second = quote_of(document, "It was raised in 1950.", 0.7)
    (alone,) = cited([second], {"alda": document}, lambda name: name)
    assert alone.citation.context is not None
    assert alone.citation.context.quote == "The Alda sank in 1947."
    both = cited([first, second], {"alda": document}, lambda name: name)
    assert [one.citation.context for one in both] == [None, None]
    # The same place in another document is no reason to leave it out.
    other = dataclasses.replace(first, document_id="elsewhere")
    documents = {"alda": document, "elsewhere": dataclasses.replace(document, id="elsewhere")}
    _, leaning = cited([other, second], documents, lambda name: name)
    assert leaning.citation.context == alone.citation.context


def test_no_short_answer_is_cut_from_a_quote_that_is_not_shown() -> None:
    council = document_of("council", "The contract with Blue Wave Lines pays for the boats too.")
    second = quote_of(council, council.text, 0.7)
    whole = answered([EIGHTEEN, second], FERRY, council)
    assert quotes(whole) == [FERRY_WORTH, council.text]
    assert whole.short is not None
    assert (whole.short.text, whole.short.marker) == ("18 million euros", 1)
    # The best quote cannot be cited, and another takes its place.
    found = answered([EIGHTEEN, second], DAMAGED, council)
    assert quotes(found) == [council.text]
    assert found.short is None


def test_no_disagreement_names_a_quote_that_is_not_shown() -> None:
    whole = answered([EIGHTEEN, TWENTY_ONE], FERRY, COUNCIL)
    assert whole.disagreement is not None
    for value in whole.disagreement.values:
        assert value.text in quotes(whole)[value.marker - 1]
    found = answered([EIGHTEEN, TWENTY_ONE], DAMAGED, COUNCIL)
    assert quotes(found) == [COUNCIL_WORTH]
    assert found.disagreement is None
    assert found.short is None


def test_a_quote_of_each_value_comes_before_others_that_there_is_no_room_for() -> None:
    ranked = [EIGHTEEN, BOATS, TWENTY_ONE]
    two = answered(ranked, FERRY, COUNCIL, most=2)
    assert quotes(two) == [COUNCIL_WORTH, FERRY_WORTH]
    assert two.disagreement is not None
    assert [one.text for one in two.disagreement.values] == ["21 million euros", "18 million euros"]
    assert [one.marker for one in two.disagreement.values] == [1, 2]
    three = answered(ranked, FERRY, COUNCIL)
    assert quotes(three) == [COUNCIL_WORTH, FERRY_WORTH, BOATS.text]
    assert quotes(answered(ranked, FERRY, COUNCIL, most=1)) == [FERRY_WORTH]


def test_a_quote_that_leans_on_another_comes_right_behind_it() -> None:
    alda = document_of("alda", "The Alda sank in 1947. It was raised in 1950. Wheat was aboard.")
    raised = quote_of(alda, "It was raised in 1950.", 0.8)
    sank = quote_of(alda, "The Alda sank in 1947.", 0.6)
    wheat = quote_of(alda, "Wheat was aboard.", 0.7)
    asked = "When was the Alda raised?"
    found = quote_answer(
        query_of(asked),
        expected(asked),
        [raised, wheat, sank],
        {"alda": alda},
        3,
        lambda name: name,
    )
    assert quotes(found) == [sank.text, raised.text, wheat.text]
    assert found.short is not None
    assert (found.short.text, found.short.marker) == ("1950", 2), "the best one still gives it"
    other = dataclasses.replace(sank, document_id="elsewhere")
    documents = {"alda": alda, "elsewhere": dataclasses.replace(alda, id="elsewhere")}
    apart = quote_answer(
        query_of(asked), expected(asked), [raised, other], documents, 3, lambda name: name
    )
    assert quotes(apart) == [raised.text, other.text]
