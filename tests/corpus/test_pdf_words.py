from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.pdf_furniture import _ROMAN, _roman
from corpus.readers.pdf_stated import stated_of
from corpus.readers.pdf_words import join_lines, plain, vocabulary
from corpus.readers.raw import Stated


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["an exam-", "ple of it"], "an example of it"),
        (["an exam\u00ad", "ple of it"], "an example of it"),
        (["an exam\u2010", "ple of it"], "an example of it"),
        (["it is well-", "known"], "it is well-known"),
        (["in 2020-", "2021"], "in 2020-2021"),
        (["in 2020–", "2021"], "in 2020–2021"),
        (["the COVID-", "19 rules"], "the COVID-19 rules"),
        (["an Anglo-", "Saxon king"], "an Anglo-Saxon king"),
        (["ANNOUNCE-", "MENT"], "ANNOUNCEMENT"),
        (["a state-of-", "the-art"], "a state-of-the-art"),
        (["a state-", "of-the-art"], "a state-of-the-art"),
        (["pre-", "and post-war"], "pre- and post-war"),
        (["he said -", "and went"], "he said - and went"),
        (["he went—", "and came"], "he went—and came"),
        (["see https://tide.example/", "page one"], "see https://tide.example/page one"),
        (["日本語の", "文章です"], "日本語の文章です"),
        (["한국어 문장은", "띄어 쓴다"], "한국어 문장은 띄어 쓴다"),
        (["  two ", "  lines\u00a0 "], "two lines"),
        (["the of\ufb01ce of \ufb02ags"], "the office of flags"),
        (["one. . . . . . . . . 12"], "one … 12"),
    ],
)
def test_lines_join_as_they_were_before_they_were_broken(parts: list[str], whole: str) -> None:
    assert join_lines(parts, Counter()) == whole


def test_the_documents_own_spelling_decides_about_a_hyphen() -> None:
    words = vocabulary(["our co-operation is here", "the reexamined case is here too"])
    assert join_lines(["their co-", "operation"], words) == "their co-operation"
    assert join_lines(["they re-", "examined it"], words) == "they reexamined it"
    assert join_lines(["they co-", "incided"], words) == "they coincided"


def test_halves_of_words_at_the_ends_of_lines_are_no_words() -> None:
    assert vocabulary(["ple one two exam-"]) == {"one": 1, "two": 1}


@given(st.lists(st.text("ab -\u00adfi\ufb01 1.", max_size=12), max_size=6))
def test_joining_loses_no_letter_and_leaves_no_double_space(parts: list[str]) -> None:
    joined = join_lines(parts, Counter())
    letters = [char for part in parts for char in plain(part) if char.isalnum()]
    assert [char for char in joined if char.isalnum()] == letters
    assert "  " not in joined


def test_roman_numbers_count() -> None:
    numbers = ["i", "iv", "ix", "xiv", "xl", "xcix", "cxxiii"]
    assert all(_ROMAN.fullmatch(number) for number in numbers)
    assert [_roman(number) for number in numbers] == [1, 4, 9, 14, 40, 99, 123]
    assert not any(_ROMAN.fullmatch(word) for word in ("", "iiii", "mix", "vx", "civil"))


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Cameras in Saltmere", "Cameras in Saltmere"),
        ("Microsoft Word - Report final.docx", "Report final"),
        ("PowerPoint Presentation", None),
        ("untitled", None),
        ("Document1", None),
        ("report_final-3.pdf", None),
        ("https://tide.example/x", None),
        ("  ", None),
        ("A\x00B\nC", "A B C"),
        ("2020", None),
        ("(anonymous)", None),
        ("(unspecified)", None),
    ],
)
def test_a_title_that_says_nothing_is_none(title: str, read: str | None) -> None:
    assert stated_of(title=title, author="", made="", language="") == Stated(title=read)


@pytest.mark.parametrize(
    ("date", "read"),
    [
        ("D:20210309101500+01'00'", "2021-03-09"),
        ("20210309", "2021-03-09"),
        ("D:2021", "2021-01-01"),
        ("D:20211399", None),
        ("D:00000000", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_date_of_making_is_read_or_left_out(date: str, read: str | None) -> None:
    assert stated_of(title="", author="", made=date, language="") == Stated(made=read)


@pytest.mark.parametrize(
    ("program", "read"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0.0.0 Skia/PDF m120", None),
        ("wkhtmltopdf 0.12.6 Qt 5.15.2", None),
        ("LaTeX with hyperref pdfTeX-1.40.25", "2021-03-09"),
        ("Microsoft Word for Microsoft 365", "2021-03-09"),
    ],
)
def test_the_day_on_which_a_browser_saved_a_page_is_not_used(
    program: str, read: str | None
) -> None:
    stated = stated_of(title="", author="", made="D:20210309", language="", made_by=program)
    assert stated == Stated(made=read)


def test_an_author_is_a_name_and_a_language_is_a_code() -> None:
    assert stated_of(title="", author="(anonymous)", made="", language="") == Stated()
    stated = stated_of(title="", author="admin", made="", language="en_GB")
    assert stated == Stated(language="en-GB")
    stated = stated_of(title="", author="Ada  Marsh", made="", language="(klingon!)")
    assert stated == Stated(author="Ada Marsh")
