from __future__ import annotations

import socket
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.readers import RawText, Stated, read_file
from corpus.readers.front_matter import split_front_matter
from corpus.readers.markdown import plain_text
from corpus.readers.plain import lay_out, read_plain

from .pages import ARTICLE, ARTICLE_BODY, MARKDOWN, MARKDOWN_TEXT, PAGE, wrapped, write

# ---------------------------------------------------------------- plain text


def test_each_line_of_an_article_is_a_block(tmp_path: Path) -> None:
    raw = read_file(write(tmp_path, "a.txt", ARTICLE))
    assert raw == RawText("\n\n".join(ARTICLE.split("\n")), "text/plain")


def test_wrapped_lines_become_the_paragraphs_they_were() -> None:
    assert lay_out(wrapped(ARTICLE_BODY)) == "\n\n".join(ARTICLE_BODY)


def test_a_title_and_a_date_before_wrapped_text_stay_on_their_own() -> None:
    text = (
        f"A title of some length that is no part of the text\n2021-03-09\n{wrapped(ARTICLE_BODY)}"
    )
    assert lay_out(text).split("\n\n")[:3] == [
        "A title of some length that is no part of the text",
        "2021-03-09",
        ARTICLE_BODY[0],
    ]


def test_verse_and_lists_keep_their_lines() -> None:
    assert lay_out("Roses are red\nviolets are blue") == "Roses are red\n\nviolets are blue"
    assert lay_out("Bought:\n* one\n• two\n- three") == "Bought:\n\n- one\n- two\n- three"


def test_an_item_that_goes_on_stays_one_item_of_its_list() -> None:
    assert lay_out(
        "Bought:\n- one that is long\n  and goes on\n- two\n\n1. first\n   still first\n2. second"
    ) == ("Bought:\n\n- one that is long and goes on\n- two\n\n1. first still first\n2. second")
    points = tuple(f"- {part}" for part in ARTICLE_BODY)
    flowing = "\n".join(textwrap.fill(point, 72) for point in points)
    assert lay_out(flowing) == "\n".join(points)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("Title\n=====\nText.\n\nPart\n----\n\nMore.", "# Title\n\nText.\n\n## Part\n\nMore."),
        ("=======\n Title\n=======\n\nText.", "# Title\n\nText."),
        ("A long enough line\n---\nText.", "A long enough line\n\n---\n\nText."),
        ("One.\nTwo.\n====", "One.\n\nTwo.\n\n===="),
        ("- item\n======", "- item\n\n======"),
    ],
    ids=["underlined", "overlined", "a rule", "in a paragraph", "an item"],
)
def test_a_line_with_a_rule_below_is_a_heading(text: str, blocks: str) -> None:
    assert lay_out(text) == blocks


@pytest.mark.parametrize(
    ("text", "stated", "body"),
    [
        (
            "Title\nSource: The Tide\nURL: https://tide.example/a\n2021-03-09\nIt ended.",
            Stated(source="The Tide", url="https://tide.example/a"),
            "Title\n\n2021-03-09\n\nIt ended.",
        ),
        ("Source: https://a.example\n\nText.", Stated(url="https://a.example"), "Text."),
        ("Source: he said so.\nText.", Stated(), "Source: he said so.\n\nText."),
        ("URL: none\nText.", Stated(), "URL: none\n\nText."),
        ("Source: The Tide", Stated(), "Source: The Tide"),
        ("x\n" * 9 + "Source: late", Stated(), "\n\n".join("x" * 9) + "\n\nSource: late"),
    ],
    ids=["both", "an address", "a sentence", "no address", "nothing else", "far down"],
)
def test_a_source_and_an_address_at_the_head_are_stated_facts(
    text: str, stated: Stated, body: str
) -> None:
    assert read_plain(text) == RawText(body, "text/plain", stated)


@pytest.mark.parametrize(
    ("text", "laid_out"),
    [
        ("- pay the fee in\nMay of this year\n- go", "- pay the fee in May of this year\n- go"),
        ("1. a long item that\ngoes on here\n2. go", "1. a long item that goes on here\n2. go"),
        ("- One.\nand another line", "- One.\n\nand another line"),
        ("- One\nTwo is a line of its own", "- One\n\nTwo is a line of its own"),
    ],
    ids=["breaks off", "lower case", "a sentence ended", "a capital"],
)
def test_an_item_of_a_list_goes_on_in_a_line_without_an_indent(text: str, laid_out: str) -> None:
    wide = "A line as captured articles have them, which is far wider than a text that is wrapped: "
    wide += "it goes on and on."
    assert lay_out(f"{wide}\n\n{text}") == f"{wide}\n\n{laid_out}"


NOT_CLOSED = "front matter is not closed with a line '---'"


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize(
    ("fields", "stated", "text"),
    [
        (
            "title: x\ntags:\n- a\n\n",
            Stated(
                title="x",
                tags=("a",),
                problems=(f"{NOT_CLOSED}: it was taken to end at the first blank line",),
            ),
            "Text.",
        ),
        (
            "layout: post\nauthor: Ada Marsh\n\n",
            Stated(
                author="Ada Marsh",
                problems=(f"{NOT_CLOSED}: it was taken to end at the first blank line",),
            ),
            "Text.",
        ),
        ("title: x\n", Stated(problems=(f"{NOT_CLOSED}: its fields were not used",)), None),
        (
            "title: x\nHe said: no.\n\n",
            Stated(problems=(f"{NOT_CLOSED}: its fields were not used",)),
            None,
        ),
    ],
    ids=["fields alone", "a site's", "text at once", "a line of text"],
)
def test_front_matter_that_is_never_closed_is_a_problem(
    tmp_path: Path, name: str, fields: str, stated: Stated, text: str | None
) -> None:
    raw = read_file(write(tmp_path, name, f"---\n{fields}Text."))
    assert raw.stated == stated
    assert raw.text == text if text else "x" in raw.text
    assert raw.text.endswith("Text.")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)))
def test_laying_out_loses_no_word_and_is_done_once(words: list[str]) -> None:
    text = lay_out("\n".join(" ".join(words[i : i + 9]) for i in range(0, len(words), 9)))
    assert len(text.split()) == len(" ".join(words).split())
    assert "\n\n\n" not in text


# ---------------------------------------------------------------- Markdown


def test_markdown_keeps_structure_and_drops_markup(tmp_path: Path) -> None:
    assert read_file(write(tmp_path, "a.md", MARKDOWN)) == RawText(MARKDOWN_TEXT, "text/markdown")


def test_reading_markdown_twice_changes_nothing_more_in_prose() -> None:
    once = plain_text("Some *text* here.\n\n## Part\n\n- one\n- two\n\nEnd.")
    assert plain_text(once) == once


def test_front_matter_states_what_it_says() -> None:
    stated, body = split_front_matter(
        "---\ntitle: 'A: B'\ndate: 2021-03-09\nlang: no\ntags: [x, y, x]\nz: {a: 1}\n---\n\nText."
    )
    assert stated == Stated(title="A: B", date="2021-03-09", language="no", tags=("x", "y"))
    assert body == "Text."


def test_people_and_outlets_with_fields_of_their_own_give_their_names() -> None:
    fields = "author:\n- name: Ada Marsh\n- Ben Tide\npublisher:\n  name: The Tide\n  url: x"
    stated, _ = split_front_matter(f"---\n{fields}\n---\nText.")
    assert stated == Stated(author="Ada Marsh, Ben Tide", source="The Tide")


def test_front_matter_may_be_toml() -> None:
    fields = 'title = "A title"\ndate = 2021-03-09T10:00:00Z\ntags = ["x", "y"]\ndraft = true'
    assert split_front_matter(f"+++\n{fields}\n+++\n\nText.") == (
        Stated(title="A title", date="2021-03-09 10:00:00+00:00", tags=("x", "y")),
        "Text.",
    )
    assert split_front_matter("+++\ntitle = \n+++\nText.") == (
        Stated(problems=("front matter is not valid TOML: its fields were not used",)),
        "Text.",
    )
    assert split_front_matter("+++\nA rule of plus signs.\n") == (
        Stated(),
        "+++\nA rule of plus signs.\n",
    )


def test_broken_front_matter_is_a_problem_and_no_text() -> None:
    stated, body = split_front_matter("---\ntitle: [open\nmore: x\n---\nText.")
    assert stated.problems == ("front matter is not valid YAML (line 2): its fields were not used",)
    assert body == "Text."


@pytest.mark.parametrize(
    "text",
    ["---\n\nNot fields, a rule.\n\n---\nMore.", "---\nAda: never closed\n\nText.", "Plain."],
    ids=["two rules", "never closed", "none"],
)
def test_a_rule_is_not_front_matter(text: str) -> None:
    assert split_front_matter(text) == (Stated(), text)


def test_deep_or_hostile_front_matter_is_refused_at_once() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(50))
    for fields in ("x: " + "[" * 5000, bomb):
        started = time.process_time()
        stated, _ = split_front_matter(f"---\n{fields}\n---\nText.")
        assert stated.title is None
        assert time.process_time() - started < 2


# ---------------------------------------------------------------- HTML


def test_a_page_gives_its_article_and_its_facts(tmp_path: Path) -> None:
    raw = read_file(write(tmp_path, "a.html", PAGE))
    assert raw.stated == Stated(
        title="Saltmere ends its trial",
        date="2021-03-09",
        source="The Tide",
        url="https://tide.example/saltmere-trial",
        language="en-GB",
    )
    for part in (
        "trial of cameras that compare faces with a list of wanted people, after",
        "5 * 3 * 2 snake_case_names.",
        "\n\n## What was decided\n\n",
        "- The cameras go back to the maker\n- The pictures are deleted",
        "1. First the harbour\n2. Then the station",
        "We are glad that it is over, said the mayor of the town.",
        "Year | Cost\n2019 | £10,000",
        "The contract ends in May.",
    ):
        assert part in raw.text
    for part in ("Home page", "Sport", "tracker", "color", "ferries", "All rights", "<", "**"):
        assert part not in raw.text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<title>Small</title><p>Only one paragraph.</p>", "Only one paragraph."),
        ("<html><h1>Small</h1><p>One &amp; only.<br>Two</p>", "# Small\n\nOne & only.\nTwo"),
        ("<!-- saved --><!doctype html><body>Bare text</body>", "Bare text"),
        ("<div><ul><li>a<ul><li>b</li></ul></li></ul></div>", "- a\n  - b"),
    ],
    ids=["title and paragraph", "heading and break", "bare", "nested list"],
)
def test_a_tiny_page_still_gives_its_text(tmp_path: Path, page: str, text: str) -> None:
    assert read_file(write(tmp_path, "a.html", page)).text == text


def test_content_beats_the_suffix(tmp_path: Path) -> None:
    as_page = read_file(write(tmp_path, "a.html", PAGE))
    assert read_file(write(tmp_path, "a.txt", PAGE)) == as_page
    assert read_file(write(tmp_path, "a.md", PAGE)) == as_page
    assert read_file(write(tmp_path, "b.html", "No tag at all.")).media_type == "text/plain"


def test_a_page_is_read_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuse(*arguments: object, **options: object) -> None:
        asked.append(arguments)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    remote = '<!DOCTYPE html SYSTEM "http://tide.example/x.dtd">' + PAGE.replace(
        "<nav>",
        '<link rel=stylesheet href="http://tide.example/a.css"><img src="http://t.example/">',
    )
    assert "The contract ends in May." in read_file(write(tmp_path, "a.html", remote)).text
    assert asked == []


# ---------------------------------------------------------------- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_with_or_without_a_mark_is_read(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "a.txt", "Café déjà vu – 3 €.".encode(encoding))
    assert read_file(path).text == "Café déjà vu – 3 €."


def test_a_page_is_read_in_the_encoding_it_declares(tmp_path: Path) -> None:
    page = '<html><head><meta charset="iso-8859-1"><title>x</title></head><p>“Café”, 3 €</p></html>'
    path = write(tmp_path, "a.html", page.encode("windows-1252"))
    assert read_file(path).text == "“Café”, 3 €"


@pytest.mark.parametrize("label", ["hex", "unicode_escape", "utf-7", "nonsense"])
def test_no_other_codec_can_be_declared(tmp_path: Path, label: str) -> None:
    path = write(tmp_path, "a.html", f'<html><meta charset="{label}"><p>Plain \\u0041 +AGE-</p>')
    assert read_file(path).text == "Plain \\u0041 +AGE-"
