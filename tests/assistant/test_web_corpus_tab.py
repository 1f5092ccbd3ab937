from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from assistant.archive import Archive
from assistant.web.corpus_tab import ROWS, View, corpus_html, ordered, told_html
from assistant.web.formats import format_names, hint_html
from assistant.web.listed import Listed, Listing
from assistant.web.rows import type_name
from assistant.web.shape import shape_html
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
COPY = replace(
    ENTRY,
    id="copy",
    title="A ferry",
    date=None,
    source=None,
    characters=99,
    added=dt.datetime(2024, 5, 1, tzinfo=dt.UTC),
    version_of="ferry",
    quarantine=("hidden text",),
    guessed=("title",),
)


def ids(rendered: str) -> list[str]:
    return re.findall(r'<tr data-document="([^"]*)"', rendered)


@pytest.mark.parametrize("wanted", ["harbour POST", "2024-03", "boats ferry", ""])
def test_the_filter_looks_at_title_id_outlet_date_and_tags(wanted: str):
    assert Listing((ENTRY,)).matching(wanted) == (ENTRY,)


@pytest.mark.parametrize("wanted", ["quarantined", "another version", "guessed"])
def test_the_filter_finds_what_is_to_be_looked_at(wanted: str):
    assert Listing(
        (
            ENTRY,
            COPY,
        )
    ).matching(wanted) == (COPY,)


def test_every_wanted_word_must_be_there():
    assert Listing((ENTRY,)).matching("harbour zebra") == ()


def test_the_table_has_a_row_for_each_document(shared_archive: Archive):
    entries = shared_archive.entries()
    rendered = corpus_html(Listing(tuple(entries)))
    assert set(ids(rendered)) == {one.id for one in entries}
    assert f"<b>{len(entries)}</b> documents" in rendered


def test_of_ten_thousand_documents_the_first_are_drawn_and_the_filter_finds_the_others():
    entries = [replace(ENTRY, id=f"number-{n}", title=f"Number {n}") for n in range(10_000)]
    rendered = corpus_html(Listing(tuple(entries)))
    assert len(ids(rendered)) == ROWS
    assert f"The first {ROWS} of 10,000 are shown" in rendered
    assert ids(corpus_html(Listing(tuple(entries)), "number-9999")) == ["number-9999"]


def test_show_more_adds_rows_until_all_are_there():
    entries = [replace(ENTRY, id=f"number-{n}") for n in range(ROWS + 50)]
    assert "Show 50 more" in corpus_html(Listing(tuple(entries)))
    rendered = corpus_html(Listing(tuple(entries)), view=View().more())
    assert len(ids(rendered)) == ROWS + 50
    assert "data-more" not in rendered


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("title", ["copy", "ferry"]),
        ("source", ["ferry", "copy"]),
        ("date", ["ferry", "copy"]),
        ("size", ["ferry", "copy"]),
        ("added", ["copy", "ferry"]),
    ],
)
def test_a_column_sorts_the_table_and_says_so(column: str, expected: list[str]):
    view = View(column="source" if column == "title" else "title").sorted_by(column)
    rendered = corpus_html(Listing((ENTRY, COPY)), view=view)
    assert ids(rendered) == expected
    order = "descending" if view.descending else "ascending"
    assert re.findall(
        r'aria-sort="(\w+)"[^>]*><button type="button" data-sort="(\w+)"', rendered
    ) == [(order, column)]


def test_a_second_click_turns_the_order_round_and_unknown_values_stay_last():
    undated = [replace(COPY, id=f"undated-{n}") for n in range(2)]
    later = replace(ENTRY, id="later", date=dt.date(2025, 1, 1))
    entries = [undated[0], ENTRY, later, undated[1]]
    down = View(column="date", descending=True)
    assert [one.id for one in ordered(entries, down)] == [
        "later",
        "ferry",
        "undated-0",
        "undated-1",
    ]
    up = down.sorted_by("date")
    assert [one.id for one in ordered(entries, up)] == ["ferry", "later", "undated-0", "undated-1"]


def test_a_made_up_column_changes_nothing():
    assert View().sorted_by("sha256; DROP TABLE documents") == View()


def test_a_row_says_what_is_guessed_quarantined_a_version_and_taken_out():
    rendered = corpus_html(Listing((ENTRY, COPY)), taken_out=lambda shown: {"copy": 12})
    row = rendered[rendered.index('<tr data-document="copy"') :]
    assert re.findall(r'<small class="(\w+)"[^>]*>([^<]*)</small>', row) == [
        ("guessed", "guessed"),
        ("quarantined", "quarantined"),
        ("version", "another version of “Harbour ferry”"),
    ]
    assert '<td data-label="Taken out" class="r taken">12</td>' in row
    assert "<b>1</b> quarantined" in rendered


def test_an_empty_corpus_and_an_empty_search_say_so():
    assert "The corpus is empty" in corpus_html(Listing(()))
    assert "No document matches “&lt;b&gt;”" in corpus_html(Listing((ENTRY,)), "<b>")


def test_everything_from_a_document_is_escaped():
    hostile = '<script>alert(1)</script>" onclick="alert(2)'
    entry = replace(
        ENTRY,
        id=hostile,
        title=hostile,
        source=hostile,
        media_type=hostile,
        problems=(hostile,),
        quarantine=(hostile,),
        version_of=hostile,
    )
    rendered = corpus_html(Listing((entry,)), said=told_html(hostile, "f00"))
    assert "<script" not in rendered
    assert '" onclick' not in rendered


def test_a_type_is_named_as_people_call_it():
    assert [type_name(one) for one in ("text/markdown", "text/html", "application/x-odd")] == [
        "Markdown",
        "HTML",
        "x-odd",
    ]


def test_the_hint_names_the_formats_that_there_are_readers_for():
    assert format_names((".txt", ".pdf", ".unheard")) == ("Text", "PDF")
    assert '<p class="hint">Text, Markdown, HTML, PDF, Word, PowerPoint,' in hint_html(25)
    assert "or a ZIP of these, up to 25 MB each" in hint_html(25)


def test_the_corpus_is_drawn_over_time_and_by_outlet() -> None:
    def at(year: int, month: int, source: str | None = "Post") -> Entry:
        return replace(ENTRY, date=dt.date(year, month, 1), source=source)

    assert shape_html([ENTRY, ENTRY]) == ""
    months = shape_html([at(2023, 11), at(2024, 2), at(2024, 2, "<b>")])
    said = re.findall('aria-label="([^"]*)"', months)
    assert said == ["Documents by month. 2023-11: 1, 2024-02: 2", "Documents by outlet"]
    assert re.findall(r"height:(\d+)%", months) == ["50", "0", "0", "100"]
    assert "&lt;b&gt;" in months
    years = shape_html([at(1999, 1), at(2024, 1), at(2024, 5)])
    assert len(re.findall("<i style=.height", years)) == 26
    decades = shape_html([at(1899, 1), at(2024, 1), at(2024, 5)])
    assert len(re.findall("<i style=.height", decades)) == 14
    undated = shape_html([replace(ENTRY, date=None)] * 3)
    assert ("<figure" in undated, "The Harbour Post" in undated) == (False, True)


def test_the_documents_are_read_again_only_once_something_was_written(shared_archive: Archive):
    listed = Listed(shared_archive)
    first = listed.now()
    assert listed.now() is first
    assert [one.id for one in first.entries] == [one.id for one in shared_archive.entries()]
    with shared_archive.index.view() as store:
        assert shared_archive.index.catalogue.mark() == store.catalogue.mark()


def test_a_document_is_found_by_its_state_in_any_language():
    entry = replace(ENTRY, quarantine=("instructions to an assistant: “x”",))
    for words in ("quarantined", "in quarantäne"):
        assert Listing((entry, ENTRY)).matching(words) == (entry,)
