"""What an exported file says, and that its quotes are read back to the letter."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.contract_chats import ConversationJson
from assistant.export import FORMATS, SUFFIXES, exported_text, file_name
from assistant.export_markdown import escaped, plain
from assistant.export_read import read_quotes
from corpus.errors import UnreadableFile

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
HOSTILE = (
    "<script>alert(1)</script> ![x](http://evil.example/p.png) [a](javascript:b) www.evil.example"
)
# Whatever stands in a canonical text: no carriage return, no half character.
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\x00"), max_size=60)
TRICKY = st.text("ab .:/\\`*_[]()<>#&|~$!+-=1)>\n\t\u00a0\u2028\"'@", max_size=40)


def citation(quote: str, **more: Any) -> dict[str, Any]:
    return {
        "marker": 1,
        "document_id": "ferry",
        "sha256": "ab" * 32,
        "title": "Harbour ferry",
        "source": "The Harbour Post",
        "date": "2024-03-12",
        "url": "https://harbour-post.example/ferry",
        "quote": quote,
        "start": 10,
        "end": 10 + len(quote),
        "author": None,
        "page": 3,
    } | more


def conversation(*quotes: str, title: str = "The ferry", question: str = "How much?") -> Any:
    said = {
        "question": question,
        "searched": question,
        "answer": " ".join(f"{quote} [{n}]" for n, quote in enumerate(quotes, start=1)),
        "abstained": not quotes,
        "model": "extractive",
        "note": "",
        "citations": [citation(quote, marker=n) for n, quote in enumerate(quotes, start=1)],
    }
    turn = {
        "id": 7,
        "asked": "2026-11-26T11:59:00.000+00:00",
        "question": question,
        "filters": {"sources": ["The Harbour Post"]},
        "answer": said,
        "recipe": "0123456789ab",
        "made_with": {"model": "all-MiniLM-L6-v2 (fp32)", "splitter": "3 of 200"},
        "feedback": [],
        "sound": True,
    }
    found: ConversationJson = {
        "id": "1" * 32,
        "title": title,
        "created": "",
        "changed": "",
        "questions": 1,
        "turns": [turn],  # type: ignore[list-item]
    }
    return found


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=60, deadline=None)
@given(quotes=st.lists(TEXT | TRICKY, max_size=3), question=TEXT | TRICKY, title=TEXT | TRICKY)
def test_quotes_are_read_back_to_the_letter(
    tmp_path_factory: pytest.TempPathFactory,
    form: str,
    quotes: list[str],
    question: str,
    title: str,
) -> None:
    file = tmp_path_factory.getbasetemp() / f"export-{form}"
    text = exported_text(conversation(*quotes, question=question, title=title), form, NOON)
    file.write_bytes(text.encode())
    read = read_quotes(file)
    assert (read.form, read.missing, read.exported) == (form, 0, "2026-11-26T12:00:00+00:00")
    found = [(one.turn, one.marker, one.quote, one.document_id, one.sha256) for one in read.quotes]
    wanted = [(1, n, quote, "ferry", "ab" * 32) for n, quote in enumerate(quotes, start=1)]
    assert found == wanted
    assert [(one.start, one.end) for one in read.quotes] == [(10, 10 + len(q)) for q in quotes]
    file.write_bytes(text.replace("\n", "\r\n").encode())  # as a mail or another system has it
    assert [one.quote for one in read_quotes(file).quotes] == quotes


@settings(max_examples=200, deadline=None)
@given(TEXT | TRICKY)
def test_escaping_for_markdown_can_be_undone(text: str) -> None:
    assert plain(escaped(text)) == text


@settings(deadline=None)
@given(TRICKY)
@example("1\n\xa0")
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    """CommonMark finds no markup in it: one paragraph for each block, and its words."""
    blocks = [one for one in re.split(r"\n[ \t\n]*\n", text.strip(" \t\n")) if one.strip()]
    tokens = MarkdownIt().parse(escaped(text.strip(" \t\n")))
    assert {one.type for one in tokens} <= {"paragraph_open", "paragraph_close", "inline"}
    for token in tokens:
        kinds = {one.type for one in token.children or []}
        assert kinds <= {"text", "hardbreak", "softbreak", "text_special"}
    if len(blocks) == 1:
        shown = MarkdownIt().render(escaped(blocks[0])).removeprefix("<p>").removesuffix("</p>\n")
        said = html.unescape(shown.replace("<br />\n", "\n"))
        assert said.split() == blocks[0].split()


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_of_a_document_becomes_markup(form: str, tmp_path: Path) -> None:
    found = conversation(HOSTILE, question=HOSTILE, title=HOSTILE)
    found["turns"][0]["answer"]["citations"][0] |= {"title": HOSTILE, "url": "javascript:alert(1)"}
    text = exported_text(found, form, NOON)
    shown = MarkdownIt().render(text) if form == "markdown" else text
    assert "<script" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown
    assert "href=" not in shown
    if form == "html":
        assert "http" not in re.sub(r"<meta[^>]*>|http://evil", "", shown)


def test_the_html_needs_nothing_but_itself() -> None:
    text = exported_text(conversation("One quote."), "html", NOON)
    assert "default-src 'none'" in text
    assert re.findall(r"<(?:script|link|img|iframe|form)\b|url\(|@import", text) == []
    assert re.findall(r'(?:src|href)="([^"]*)"', text) == ["https://harbour-post.example/ferry"]
    for said in ("3 of 200", "0123456789ab", "ab" * 32, "page 3", "26 November 2026"):
        assert said in text


def test_a_web_address_is_a_link_in_markdown_and_nothing_else_is() -> None:
    found = conversation("One quote.")
    shown = MarkdownIt().render(exported_text(found, "markdown", NOON))
    address = "https://harbour-post.example/ferry"
    assert re.findall("<a [^>]*>", shown) == [f'<a href="{address}">']
    for url in ("https://x.example/> [a](b)", "https://x.example/\n# Title", "file:///etc/passwd"):
        found["turns"][0]["answer"]["citations"][0]["url"] = url
        shown = MarkdownIt().render(exported_text(found, "markdown", NOON))
        assert "<a " not in shown


def test_a_declined_question_and_a_damaged_answer_say_so() -> None:
    found = conversation()
    assert "was declined" in exported_text(found, "markdown", NOON)
    found["turns"][0] |= {"sound": False, "answer": {}}
    assert "damaged on the disk" in exported_text(found, "html", NOON)


@pytest.mark.parametrize("form", FORMATS)
def test_a_quote_that_was_cut_out_or_broken_is_missed(form: str, tmp_path: Path) -> None:
    file = tmp_path / "export"
    text = exported_text(conversation("One quote.", "Another quote."), form, NOON)
    file.write_text(text.replace("ab" * 32, "ab" * 31, 1), encoding="utf-8")
    assert read_quotes(file).missing == 1
    cut = re.sub(r"(?s)(<figure>.*?</figure>|\n> One.*?`\n)", "", text, count=1)
    file.write_text(cut, encoding="utf-8")
    assert (read_quotes(file).missing, [one.quote for one in read_quotes(file).quotes]) == (
        1,
        ["Another quote."],
    )


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (b"", "no conversation"),
        (b"# Notes\n\n> A quote.\n", "no conversation"),
        (b"<html><blockquote data-sha256='x'>A quote.</blockquote>", "no conversation"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"{not json", "JSON of something else"),
        (b'{"citations": [{"quote": 1}]}', "JSON of something else"),
        (b"[1, 2]", "JSON of something else"),
        (b"<!-- archive-assistant: conversation 9, quotes 1, exported x -->\n", "newer release"),
        (
            b'<meta name="archive-assistant" content="conversation 9; quotes 1; exported x">',
            "newer",
        ),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, held: bytes, reason: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(held)
    with pytest.raises(UnreadableFile, match=reason):
        read_quotes(file)


def test_the_json_of_an_answer_has_quotes_too(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    found = conversation("One quote.", "Another.")
    file.write_text(json.dumps(found["turns"][0]["answer"]), encoding="utf-8")
    assert [one.quote for one in read_quotes(file).quotes] == ["One quote.", "Another."]
    file.write_text(json.dumps(found), encoding="utf-8")
    assert read_quotes(file).title == "The ferry"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What did the ruling say?", "what-did-the-ruling-say"),
        ("../../etc/passwd", "etc-passwd"),
        ("Überraschung: CON", "uberraschung-con"),
        ("日本語", "conversation"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_file_is_named_so_that_any_system_takes_it(title: str, name: str) -> None:
    for form in FORMATS:
        assert file_name(title, form) == name + SUFFIXES[form]
