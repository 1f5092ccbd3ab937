from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from assistant.archive import Archive
from assistant.web.chat import frames
from assistant.web.filters import choices, filters_from, only
from assistant.web.markup import plain_text
from assistant.web.why import asked_json, why_html, why_not_html
from corpus.errors import BadFilter
from index.passages import Filters

from .small_corpus import WORTH


def sent(**chosen: Any) -> str:
    return json.dumps(chosen)


def test_there_is_to_choose_what_the_documents_have(shared_archive: Archive) -> None:
    there = choices(shared_archive)
    assert there["sources"] == ["Council Gazette", "The Harbour Post"]
    assert there["tags"] == ["contracts", "ferry"]
    assert [one["id"] for one in there["documents"]] == ["library", "ferry", "council"]
    assert (there["first"], there["last"]) == ("2023-09-05", "2024-06-02")


def test_what_the_page_sends_becomes_filters() -> None:
    chosen = sent(
        since="2024-01-01", until="", sources=["Post"], tags=["a", "b"], document="ferry", title="x"
    )
    assert filters_from(chosen) == Filters(
        since=dt.date(2024, 1, 1), sources=("Post",), tags=("a", "b"), documents=("ferry",)
    )
    assert filters_from("") == filters_from(None) == filters_from(sent()) == Filters()


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ("{", "could not be read"),
        ("[]", "could not be read"),
        ("[" * 100_000, "could not be read"),
        (sent(since="yesterday"), "“yesterday” is no date"),
        (sent(since="2024-02-30"), "“2024-02-30” is no date"),
        (sent(since="2024-02-02", until="2024-02-01"), "the dates end (1 February 2024) before"),
        (sent(sources="Post"), "at most 50 sources"),
        (sent(tags=["x"] * 51), "at most 50 tags"),
        (sent(document="x" * 501), "no document is called"),
        (sent(sources=["a\x00b"]), "no document is called"),
    ],
)
def test_what_cannot_be_a_filter_is_refused_in_a_sentence(chosen: str, says: str) -> None:
    with pytest.raises(BadFilter) as error:
        filters_from(chosen)
    assert says in str(error.value)


def test_filters_are_said_for_people(shared_archive: Archive) -> None:
    since, until = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
    assert only(shared_archive, Filters()) == ""
    assert only(shared_archive, Filters(since=since)) == "Only dated 1 January 2024 or after"
    assert only(shared_archive, Filters(until=until)) == "Only dated 31 December 2024 or before"
    assert only(shared_archive, Filters(since, until, ("Post", "Gazette"), ("a",), ("ferry",))) == (
        "Only dated 1 January 2024 to 31 December 2024, Post or Gazette, tagged a, "
        "“Harbour ferry gets a new operator”"
    )


def last(archive: Archive, question: str, chosen: str) -> Any:
    *_, frame = frames(archive, question, (), chosen)
    return frame


def test_an_answer_keeps_to_the_filters_and_says_so_above(shared_archive: Archive) -> None:
    frame = last(shared_archive, WORTH, sent(sources=["Council Gazette"]))
    assert frame.markdown.startswith("<small>Only Council Gazette</small>\n\n")
    assert "21 million euros" in plain_text(frame.markdown)
    assert "18 million" not in frame.markdown


def test_a_tag_that_is_gone_is_said_above_the_answer(shared_archive: Archive) -> None:
    frame = last(shared_archive, WORTH, sent(tags=["fery"]))
    assert plain_of_note(frame.markdown) == (
        "No document has the tag “fery”. Did you mean “ferry”?"
    )
    assert frame.answer.abstained


def test_dates_and_sides_are_said_above_the_answer(shared_archive: Archive) -> None:
    frame = last(shared_archive, "What was the ferry contract worth in June 2024?", "")
    assert "<small>Prefers documents from June 2024</small>" in frame.markdown
    frame = last(shared_archive, "What is said of Bicycles and of the Flood?", "")
    note = plain_of_note(frame.markdown)
    assert note == "Searched for each side: Bicycles; Flood"
    plain = last(shared_archive, WORTH, "").markdown
    assert "Prefers documents" not in plain
    assert "Searched for each side" not in plain


def plain_of_note(markdown: str) -> str:
    import html
    import re

    found = re.match(r"<small>([^<]*)</small>\n\n", markdown)
    assert found, markdown
    return html.unescape(found[1])


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        (sent(since="2024-02-02", until="2024-02-01"), "The dates end"),
        (sent(document="gone"), "No document is called 'gone'"),
    ],
)
def test_a_bad_filter_is_a_sentence_in_the_conversation(
    shared_archive: Archive, chosen: str, says: str
) -> None:
    frame = last(shared_archive, WORTH, chosen)
    assert frame.kind == "failure"
    assert plain_text(frame.markdown).startswith(says)


# ---------------------------------------------------------------------- why


def asked(question: str = WORTH, filters: Filters = Filters()) -> str:
    return asked_json(question, filters)


def test_a_card_brings_what_was_asked_and_a_place_to_explain(shared_archive: Archive) -> None:
    frame = last(shared_archive, WORTH, sent(tags=["contracts"]))
    assert frame.sources.count('class="why"') == frame.sources.count('class="card"') > 0
    assert "data-asked" in frame.sources
    assert "Why not another document?" in frame.sources


def reference(archive: Archive, document_id: str, start: int) -> str:
    return f"{archive.document(document_id).sha256[:16]}.{start}.{start + 5}.1"


def test_a_passage_is_explained_with_parts_words_and_reasons(shared_archive: Archive) -> None:
    ref = reference(shared_archive, "ferry", 0)
    html = why_html(shared_archive, json.dumps({"ref": ref, "asked": asked()}))
    assert "of 10, score 0." in html
    assert "meaning of its best sentence" in html
    assert "Words found" in html
    assert "<li>contract <small>" in html


def test_a_document_that_was_not_chosen_is_explained(shared_archive: Archive) -> None:
    only_ferry = asked(filters=Filters(documents=("ferry",)))
    raw = json.dumps({"document": "library", "asked": only_ferry})
    html = why_not_html(shared_archive, raw)
    assert html == (
        '<p class="why-note">The filters leave it out: only ferry is searched. Without filters it '
        "would be number 3.</p>"
    )
    shown = why_not_html(shared_archive, json.dumps({"document": "ferry", "asked": asked()}))
    assert "It is shown: number" in shown
    gone = why_not_html(shared_archive, json.dumps({"document": "<b>x", "asked": asked()}))
    assert "&lt;b&gt;x" in gone
    assert "<b>x" not in gone


@pytest.mark.parametrize(
    "raw",
    [
        "", "{", "[]", "{}", "null", '{"ref": 3, "asked": "3"}', '{"ref": "x", "asked": "[]"}',
        json.dumps({"ref": "x", "asked": json.dumps({"question": "", "filters": ""})}),
        json.dumps({"ref": "x", "asked": json.dumps({"question": "a" * 5000, "filters": ""})}),
        json.dumps({"ref": "x", "asked": json.dumps({"question": "a", "filters": "{"})}),
        json.dumps({"ref": "0" * 16 + ".0.5.1", "asked": asked()}),
        "[" * 100_000,
    ],
)  # fmt: skip
def test_whatever_the_page_sends_gets_a_sentence(shared_archive: Archive, raw: str) -> None:
    for answer in (why_html(shared_archive, raw), why_not_html(shared_archive, raw)):
        assert answer.startswith('<p class="why-note">')
        assert "Traceback" not in answer
