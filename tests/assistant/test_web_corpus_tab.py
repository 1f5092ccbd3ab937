from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from assistant.archive import Archive
from assistant.web.corpus_tab import ROWS, corpus_html, matching, outcomes_html, type_name
from assistant.web.uploads import Outcome
from index.entries import Entry

ENTRY = Entry(
    id="ferry",
    title="Harbour ferry",
    date=dt.date(2024, 3, 12),
    source="The Harbour Post",
    url=None,
    language="en",
    tags=("boats",),
    media_type="text/markdown",
    path="ferry.md",
    sha256="0" * 64,
    characters=1234,
    passages=1,
    added=dt.datetime(2024, 4, 1, tzinfo=dt.UTC),
    problems=(),
)


@pytest.mark.parametrize("wanted", ["harbour POST", "2024-03", "boats ferry", ""])
def test_the_filter_looks_at_title_id_outlet_date_and_tags(wanted: str):
    assert matching([ENTRY], wanted) == (ENTRY,)


def test_every_wanted_word_must_be_there():
    assert matching([ENTRY], "harbour zebra") == ()


def test_the_table_has_a_row_for_each_document(shared_archive: Archive):
    entries = shared_archive.entries()
    rendered = corpus_html(entries)
    assert set(re.findall(r'data-document="([^"]*)"', rendered)) == {one.id for one in entries}
    assert f"<b>{len(entries)}</b> documents" in rendered


def test_of_ten_thousand_documents_the_first_are_drawn_and_the_filter_finds_the_others():
    entries = [replace(ENTRY, id=f"number-{n}", title=f"Number {n}") for n in range(10_000)]
    rendered = corpus_html(entries)
    assert rendered.count("<tr data-document") == ROWS
    assert f"the first {ROWS} are shown" in rendered
    assert corpus_html(entries, "number-9999").count("<tr data-document") == 1


def test_an_empty_corpus_and_an_empty_search_say_so():
    assert "The corpus is empty" in corpus_html([])
    assert "No document matches “&lt;b&gt;”" in corpus_html([ENTRY], "<b>")


def test_everything_from_a_document_is_escaped():
    hostile = '<script>alert(1)</script>" onclick="alert(2)'
    entry = replace(ENTRY, id=hostile, title=hostile, source=hostile, problems=(hostile,))
    rendered = corpus_html([entry], notice=hostile)
    rendered += outcomes_html([Outcome(hostile, "failed", hostile)])
    assert "<script" not in rendered
    assert '" onclick' not in rendered


def test_a_type_is_named_as_people_call_it():
    assert [type_name(one) for one in ("text/markdown", "text/html", "application/x-odd")] == [
        "Markdown",
        "HTML",
        "x-odd",
    ]
