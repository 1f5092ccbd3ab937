from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.edits import FIELDS, edit_from, stated, tags_of
from corpus.documents import Overrides

from .test_web_corpus_tab import ENTRY

GUESSED = replace(ENTRY, guessed=("date", "language"), url="https://harbour.example/ferry")
TODAY = dt.date(2026, 1, 1)


def sent(confirmed: tuple[str, ...] = (), **changes: str) -> dict[str, object]:
    now = stated(GUESSED)
    return {"values": now | changes, "was": now, "confirmed": list(confirmed)}


def test_a_form_that_was_not_touched_changes_nothing():
    edit = edit_from(sent(), GUESSED, TODAY)
    assert (edit.changed(), edit.overrides(), edit.errors) == ((), Overrides(), {})


def test_only_changed_fields_are_written():
    edit = edit_from(sent(date="2020-02-29", tags="one, two ,, one", author=" Ada  L. "), GUESSED)
    assert edit.errors == {}
    assert edit.overrides() == Overrides(
        date=dt.date(2020, 2, 29), tags=("one", "two"), author="Ada L."
    )


def test_a_guess_that_is_confirmed_is_written_as_it_stands():
    edit = edit_from(sent(confirmed=("date", "title")), GUESSED)
    assert edit.overrides() == Overrides(date=dt.date(2024, 3, 12))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("date", "2024-13-40", "“2024-13-40” is no date."),
        ("date", "12 March 2024", "“12 March 2024” is no date."),
        ("date", "20240312", "“20240312” is no date."),
        ("date", "2030-01-01", "Date 2030-01-01 lies in the future."),
        ("date", "1066-10-14", "Date 1066-10-14 is older than print."),
        ("date", "", "It can be corrected, not emptied"),
        ("title", "  ", "A document needs a title."),
        ("url", "javascript:alert(1)", "Give the address of a web page"),
        ("url", "file:///etc/passwd", "Give the address of a web page"),
        ("language", "English", "Give the language as a code"),
        ("tags", ", ,", "Give words with commas between them."),
    ],
)
def test_what_can_not_be_taken_gets_a_sentence_at_its_field(field: str, value: str, said: str):
    edit = edit_from(sent(**{field: value, "source": "Elsewhere"}), GUESSED, TODAY)
    assert list(edit.errors) == [field]
    assert edit.errors[field].startswith(said)
    assert edit.values["source"] == "Elsewhere"


def test_a_field_that_somebody_else_changed_meanwhile_is_not_overwritten_unawares():
    theirs = replace(GUESSED, source="The Other Post")
    first = edit_from(sent(source="Mine"), theirs, TODAY)
    assert first.errors == {
        "source": "Somebody else changed this to “The Other Post” meanwhile. "
        "Save again to put yours there."
    }
    again = edit_from({"values": first.values, "was": first.was}, theirs, TODAY)
    assert (again.errors, again.overrides()) == ({}, Overrides(source="Mine"))


def test_a_field_that_somebody_else_changed_and_i_did_not_stays_theirs():
    theirs = replace(GUESSED, source="The Other Post")
    edit = edit_from(sent(author="Ada"), theirs, TODAY)
    assert (edit.errors, edit.overrides()) == ({}, Overrides(author="Ada"))


@given(
    st.dictionaries(
        st.sampled_from(["values", "was", "confirmed", "other"]),
        st.one_of(
            st.none(),
            st.text(),
            st.lists(st.text()),
            st.dictionaries(st.sampled_from([*FIELDS, "x"]), st.one_of(st.text(), st.integers())),
        ),
    )
)
def test_whatever_a_browser_sends_is_refused_or_makes_an_order(junk: dict[str, object]):
    edit = edit_from(junk, GUESSED, TODAY)
    if not edit.errors:
        edit.overrides()


@given(st.text())
def test_tags_come_out_as_they_went_in(text: str):
    tags = tags_of(text)
    assert tags_of(", ".join(tags)) == tags
