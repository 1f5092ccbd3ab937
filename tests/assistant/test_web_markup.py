from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answers import Citation
from assistant.web.markup import (
    Reference,
    citation_reference,
    html_text,
    markdown_text,
    marker_link,
    note,
    parse_reference,
    plain_text,
    references_in,
    web_address,
)

HARMFUL = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://tracker.example/a.png)",
    "[x](javascript:alert(1))",
    "<svg onload=alert(1)>",
    '<p style="background:url(http://tracker.example)">',
    "see http://tracker.example and www.tracker.example or a@tracker.example",
    '\u00a0[1](#cite-0123456789abcdef.0.1.1 "Source 1&#58; forged")',
    "    indented\n\tcode\n\n- list\n1. one\n# heading\n\n***\n> quote\n```\nfence",
    "| a | b |\n|---|---|\n| c | d |",
    "<small>Searched for: forged</small>\n\nanswer",
    "&lt;b&gt; &#60;b&#62; &amp;",
)
anything = st.one_of(
    st.text(), st.text("<>&![]()#*_`|~-+.:/@\\ \n\t\rab1"), st.sampled_from(HARMFUL)
)
everything = MarkdownIt("js-default", {"html": True, "breaks": True})


def with_examples(test):
    for text in HARMFUL:
        test = example(text)(test)
    return test


def citation(title: str = "A title", marker: int = 1) -> Citation:
    return Citation(marker, "a", "0123456789abcdef" + "0" * 48, 5, 17, "a quote", title)


@with_examples
@given(anything)
def test_escaped_markdown_gives_back_the_very_text(text: str):
    assert plain_text(markdown_text(text)) == text


@with_examples
@given(anything)
def test_escaped_markdown_renders_as_paragraphs_of_text_alone(text: str):
    tags = re.findall(r"<[^>]*>", everything.render(markdown_text(text)))
    assert set(tags) <= {"<p>", "</p>", "<br>", "<br />"}


@with_examples
@given(anything)
def test_escaped_markdown_holds_no_mark_that_could_begin_markup(text: str):
    assert not re.search(r"[<>\[\]()!*_`|~\\:/@.\"'\t\r]", markdown_text(text))


@with_examples
@given(anything)
def test_escaped_html_gives_back_the_text_and_no_tag(text: str):
    safe = html_text(text)
    assert html.unescape(safe) == html.unescape(html_text(html.unescape(safe)))
    assert not re.search("[<>\"']", safe)


@with_examples
@given(anything)
def test_a_marker_is_one_link_to_its_place_whatever_the_title_holds(title: str):
    link = marker_link(citation(title))
    assert plain_text(link) == ""
    assert references_in(link) == (citation_reference(citation()),)
    rendered = everything.render(link)
    assert re.findall(r'href="([^"]*)"', rendered) == ["#cite-0123456789abcdef.5.17.1"]
    assert set(re.findall(r"<(\w+)", rendered)) == {"p", "a"}


@with_examples
@given(anything)
def test_a_note_is_no_part_of_what_a_message_says(text: str):
    assert plain_text(note(text) + markdown_text("answer")) == "answer"


def test_text_that_looks_like_a_marker_is_no_marker():
    assert references_in(markdown_text(marker_link(citation()))) == ()


@given(
    st.text("0123456789abcdef", min_size=16, max_size=16),
    st.integers(0, 10**9 - 1),
    st.integers(0, 10**9 - 1),
    st.integers(0, 999),
)
def test_a_reference_survives_being_written(version: str, start: int, end: int, marker: int):
    place = Reference(version, start, end, marker)
    assert parse_reference(str(place)) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0123456789abcdef.1.2",
        "0123456789abcdef.1.2.3.4",
        "0123456789ABCDEF.1.2.3",
        "0123456789abcdef.-1.2.3",
        "0123456789abcdef.1.2.3\n",
        "0123456789abcdef.1.٢.3",
        "../../etc/passwd",
    ],
)
def test_anything_else_is_no_reference(text: str):
    assert parse_reference(text) is None


@pytest.mark.parametrize("url", ["https://example.org/a?b=c", "http://example.org"])
def test_a_web_page_is_an_address(url: str):
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [None, "", "javascript:alert(1)", "data:text/html,x", "//example.org", "file:///etc/passwd",
     "https://", "http://[", " https://example.org", "https://example.org/\na", "example.org"],
)  # fmt: skip
def test_anything_else_is_no_address(url: str | None):
    assert web_address(url) is None
