from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile, UnsupportedFormat
from corpus.readers import RawText, Stated, read_file
from corpus.readers.front_matter import split_front_matter
from corpus.readers.markdown import plain_text
from corpus.readers.plain import lay_out

from .pages import ARTICLE, ARTICLE_BODY, MARKDOWN, MARKDOWN_TEXT, PAGE, png, wrapped, zipped


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


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
        "---\ntitle: 'A: B'\ndate: 2021-03-09\nlang: no\ntags: [x, y, x]\nextra: {a: 1}\n---\n\nText."
    )
    assert stated == Stated(title="A: B", date="2021-03-09", language="no", tags=("x", "y"))
    assert body == "Text."


def test_broken_front_matter_is_a_problem_and_no_text() -> None:
    stated, body = split_front_matter("---\ntitle: [open\nmore: x\n---\nText.")
    assert stated.problems == ("front matter is not valid YAML (line 2): its fields were not used",)
    assert body == "Text."


@pytest.mark.parametrize(
    "text",
    ["---\n\nNot fields, a rule.\n\n---\nMore.", "---\ntitle: never closed\n\nText.", "Plain."],
    ids=["two rules", "never closed", "none"],
)
def test_a_rule_is_not_front_matter(text: str) -> None:
    assert split_front_matter(text) == (Stated(), text)


def test_deep_or_hostile_front_matter_is_refused_at_once() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(50))
    for fields in ("x: " + "[" * 5000, bomb):
        started = time.monotonic()
        stated, _ = split_front_matter(f"---\n{fields}\n---\nText.")
        assert stated.title is None
        assert time.monotonic() - started < 2


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


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "is empty. Write its text into it"),
        ("white.txt", b" \n\t\n", "holds only white space"),
        ("image.txt", png(), "is not text: it looks like a PNG image. Save its text as"),
        ("jpeg.md", b"\xff\xd8\xff\xe0" + bytes(50), "it looks like a JPEG image"),
        ("paper.txt", b"%PDF-1.7\n%plain letters only\n", "it looks like a PDF"),
        ("book.txt", zipped(), "it looks like a ZIP archive"),
        ("log.txt", b"\x1f\x8b\x08" + bytes(20), "it looks like gzip data"),
        ("tool.html", b"\x7fELF\x02\x01\x01" + bytes(60), "it looks like an ELF program"),
        ("noise.txt", b"abc\0def", "it looks like binary data"),
        ("noise.md", b"\x01\x02\x03ab" * 50, "it looks like binary data"),
        ("latin.txt", b"Caf\xe9", "is not valid UTF-8: byte 3 is 0xe9. Save it as UTF-8"),
        ("half.txt", b"\xff\xfea\0b", "is not valid UTF-16-LE: byte 4 is 0x62"),
        ("big.txt", b"a" * 3001, "has 0.0 MB, and 0.0 MB is the most"),
    ],
)
def test_a_bad_file_gets_one_line_with_the_next_step(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = write(tmp_path, name, content)
    with pytest.raises(UnreadableFile) as caught:
        read_file(path, max_bytes=3000)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for name, message in (
        ("none.txt", "There is no file"),
        ("none.pdf", "There is no file"),
        ("none.txt/a.txt", "There is no file"),
        ("x" * 300 + ".txt", "could not be read"),
        (".", "is a folder, not a file"),
        ("pipe.txt", "is not a regular file"),
    ):
        with pytest.raises(UnreadableFile, match=message):
            read_file(tmp_path / name)


def test_a_file_of_200_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    started = time.monotonic()
    with pytest.raises(UnreadableFile, match=r"has 200\.0 MB, and 25\.0 MB is the most"):
        read_file(path)
    assert time.monotonic() - started < 0.5


def test_a_suffix_without_a_reader_lists_the_ones_with(tmp_path: Path) -> None:
    for name in ("a.pdf", "README"):
        with pytest.raises(UnsupportedFormat, match=r"Save it as one of: \.txt, .*\.md, .*\.html"):
            read_file(write(tmp_path, name, "text"))


def test_a_file_without_read_rights_says_so(without_rights, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = write(tmp_path, "a.txt", "text")
    path.chmod(0)
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    assert without_rights(lambda: read_file(path)) == (
        f"UnreadableFile: No rights to read {path}. Change its rights (chmod +r)."
    )


def test_a_hostile_file_name_cannot_reach_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_file(tmp_path / "a\x1b[31m\nb.txt")
    assert "a�[31m b.txt" in str(caught.value)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@given(content=st.binary(min_size=1, max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_text_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any", numbered=True) / f"a{suffix}"
    path.write_bytes(content)
    try:
        raw = read_file(path)
    except UnreadableFile as error:
        assert str(path) in str(error)
    else:
        raw.text.encode("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "*a " * 20_000,
        ">" * 20_000,
        "- " * 5_000,
        "| a " * 20_000 + "\n" + "|-" * 20_000,
    ],
    ids=["brackets", "stars", "quotes", "lists", "table"],
)
def test_hostile_markdown_takes_no_longer_than_its_length(text: str) -> None:
    started = time.monotonic()
    plain_text(text)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("page", ["<html><script>x</script></html>", "<div>" * 5000 + "deep</div>"])
def test_a_page_that_shows_nothing_is_refused(tmp_path: Path, page: str) -> None:
    with pytest.raises(UnreadableFile, match="holds no text, only markup"):
        read_file(write(tmp_path, "a.html", page))
