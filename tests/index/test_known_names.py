from __future__ import annotations

import pytest

from index import known_names
from index.index import Index
from index.known_names import did_you_mean, nearest_names, remarks, told_name
from index.passages import Filters

from .homes import Home

ARTICLE = "---\ntitle: {title}\nsource: {source}\ntags: [{tags}]\n---\n\nThe ferry left at noon.\n"


def with_names(home: Home) -> Index:
    texts = {
        "a.md": ARTICLE.format(title="A", source="Privacy Brief", tags="bridges, Été"),
        "b.md": ARTICLE.format(title="B", source="Court Notebook", tags="facial recognition"),
    }
    for name, text in texts.items():
        home.write(name, text.replace("noon", f"noon in {name}"))
    opened = home.open()
    opened.sync()
    return opened


def test_only_names_that_no_document_has_are_remarked(home: Home) -> None:
    with with_names(home).view() as store:
        about = store.catalogue
        assert remarks(about, Filters(documents=("nowhere",))) == ()
        known = Filters(sources=("PRIVACY brief",), tags=("été", "bridges"))
        assert remarks(about, known) == ()
        wrong = Filters(sources=("Privcy Breif", "Court Notebook"), tags=("bridge", "quark"))
        assert remarks(about, wrong) == (
            "No document has the source “Privcy Breif”. Did you mean “Privacy Brief”?",
            "No document has the tag “bridge”. Did you mean “bridges”?",
            "No document has the tag “quark”: 'assistant list --json' shows the tags there are.",
        )


def test_where_there_are_no_names_at_all_that_is_said(home: Home) -> None:
    home.write("plain.txt", "The ferry left at noon.")
    opened = home.open()
    opened.sync()
    assert remarks(opened.catalogue, Filters(tags=("ferry",))) == (
        "No document has the tag “ferry”, and none has any: leave that filter out.",
    )


def test_the_nearest_names_are_spelled_alike_or_hold_what_was_named() -> None:
    known = [*"Privacy Brief|Privacy Notes|Court Notebook|Gazette|Gazette 2|Gazette 9".split("|")]
    assert nearest_names("privacy", known) == ["Privacy Brief", "Privacy Notes"]
    assert nearest_names("Notebok Court", known) == ["Court Notebook"]
    assert nearest_names("gazete", known) == ["Gazette", "Gazette 2", "Gazette 9"]
    assert nearest_names("xy", known) == []
    assert nearest_names("", known) == []


def test_of_very_many_names_those_that_hold_what_was_named_are_the_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(known_names, "_MANY", 3)
    known = ["Gazette 1", "Gazete", "The Gazette", "Notes"]
    assert nearest_names("GAZETTE", known) == ["Gazette 1", "The Gazette"]
    assert nearest_names("gazetta", known) == []


def test_what_somebody_typed_is_told_in_one_short_line(home: Home) -> None:
    assert told_name("a\n b\x1b[0m") == "a b\N{REPLACEMENT CHARACTER}[0m"
    assert told_name("x" * 81) == "x" * 79 + "…"
    assert told_name("x" * 80) == "x" * 80
    assert did_you_mean("Notebok", ["Notebook", "Notebooks"]) == (
        " Did you mean “Notebook” or “Notebooks”?"
    )
    with with_names(home).view() as store:
        (said,) = remarks(store.catalogue, Filters(tags=("q\n" * 900,)))
        assert said.count("\n") == 0
        assert len(said) < 200
