"""A page becomes Markdown that reads back as it was, with the facts that it states."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import FetchRefused, UnreadableFile
from corpus.readers.markdown import plain_text, read_markdown
from corpus.readers.raw import Stated
from corpus.web.as_markdown import as_markdown
from corpus.web.fetch import Page
from corpus.web.links import Link
from corpus.web.page import document_of, front_matter, page_text

TODAY = dt.date(2026, 3, 4)
URL = "https://www.site.example/2024/council"
BODY = (
    "<p>The council of the town of Lower Wexford voted on Monday to keep its library open for "
    "another year, after 1,400 people had signed a letter that asked it to.</p>"
    "<h2>What it costs</h2><p>The library costs 212,000 a year, which is less than the town "
    "spends on its car parks, the librarian Ann Marsh told the meeting.</p>"
    "<ul><li>Open six days</li><li>Closed on Sunday</li></ul>"
)


def html(body: str = BODY, head: str = "") -> str:
    opening = f"<!DOCTYPE html><html lang=en><head>{head}</head><body>"
    return f"{opening}<article>{body}</article></body></html>"


def page(
    body: str | bytes, *, url: str = URL, media_type: str = "text/html", charset: str | None = None
) -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(url, url, 200, media_type, charset, data)


def test_a_page_is_saved_with_its_facts_and_its_original() -> None:
    head = (
        "<title>Library stays</title><meta name=author content='Jo Bell'>"
        "<meta property='og:site_name' content='Wexford Post'>"
        "<meta property='article:published_time' content='2024-05-06T07:08:09Z'>"
        "<link rel=canonical href='https://site.example/2024/council-vote'>"
    )
    source = page(html(head=head))
    document = document_of(source, today=TODAY)
    raw = read_markdown(document.body.decode())
    assert document.suffix == ".md"
    assert document.original == source.body
    assert document.problems == ()
    assert raw.stated == document.stated
    assert raw.stated == Stated(
        title="Library stays",
        author="Jo Bell",
        date="2024-05-06",
        source="Wexford Post",
        url="https://site.example/2024/council-vote",
        language="en",
        fetched="2026-03-04",
    )
    assert raw.text.startswith("The council of the town of Lower Wexford voted on Monday")
    assert "## What it costs\n\nThe library costs 212,000 a year" in raw.text
    assert raw.text.endswith("- Open six days\n- Closed on Sunday")


def test_what_a_page_does_not_state_comes_from_its_feed_and_its_address() -> None:
    link = Link(URL, "From the feed", "Mon, 06 Sep 2021 16:45:00 GMT")
    stated = document_of(page(html(BODY.replace("h2>", "p>"))), link=link, today=TODAY).stated
    assert (stated.title, stated.date) == ("From the feed", "2021-09-06")
    assert (stated.source, stated.url) == (None, URL)


def test_what_a_page_only_seems_to_say_is_marked_and_counts_less_than_its_feed() -> None:
    body = f'<h1>A</h1><div class="byline">By <span class="author">Ann Marsh</span></div>{BODY}'
    body += '<time datetime="2021-09-07" class="published">7 September 2021</time>'
    alone = document_of(page(html(body)), today=TODAY)
    assert (alone.stated.author, alone.stated.date) == ("Ann Marsh", "2021-09-07")
    assert alone.stated.inferred == ("author", "date")
    assert read_markdown(alone.body.decode()).stated == alone.stated
    fed = document_of(page(html(body)), link=Link(URL, "A", "2021-09-06"), today=TODAY).stated
    assert (fed.date, fed.inferred) == ("2021-09-06", ("author",))


@pytest.mark.parametrize(
    ("canonical", "kept"),
    [
        ("https://site.example/x", "https://site.example/x"),
        ("https://www.site.example:443/a/../x?id=2#top", "https://www.site.example/x?id=2"),
        ("https://elsewhere.example/x", URL),
        ("https://site.example/", URL),
        ("javascript:alert(1)", URL),
        ("file:///etc/passwd", URL),
        ("https://site.example:8443/x", URL),
    ],
)
def test_a_page_may_name_its_own_address_on_its_own_site_only(canonical: str, kept: str) -> None:
    head = f"<link rel=canonical href='{canonical}'>"
    assert document_of(page(html(head=head)), today=TODAY).stated.url == kept


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<p>Café – “naïve”</p>".encode(), None),
        ("<p>Café – “naïve”</p>".encode(), "utf-8"),
        ("<p>Café – “naïve”</p>".encode("cp1252"), "iso-8859-1"),
        ("<p>Café – “naïve”</p>".encode("cp1252"), None),
        ("<meta charset=windows-1252><p>Café – “naïve”</p>".encode("cp1252"), None),
        ("<meta charset=windows-1252><p>Café – “naïve”</p>".encode("cp1252"), "utf-8"),
        ("<meta charset=windows-1252><p>Café – “naïve”</p>".encode(), "utf-8"),
        ("\ufeff<p>Café – “naïve”</p>".encode(), "iso-8859-1"),
        ("<p>Café – “naïve”</p>".encode("utf-16"), "utf-8"),
        ("<p>Café – “naïve”</p>".encode(), "unicode_escape"),
        ("<p>Café – “naïve”</p>".encode(), "no-such-thing"),
    ],
)
def test_a_page_is_read_in_its_encoding(data: bytes, charset: str | None) -> None:
    assert page_text(page(data, charset=charset)).endswith("<p>Café – “naïve”</p>")


def test_a_page_that_lies_about_its_encoding_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="not valid UTF-8"):
        page_text(page(b"<meta charset=utf-8><p>Caf\xe9</p>", charset="utf-8"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<div id=root></div><script src=app.js></script>", "run its JavaScript"),
        ("<noscript>Please enable JavaScript to view this site.</noscript>", "JavaScript"),
        ("<h1>404</h1><p>Page not found</p><p>Try the front page instead, please.</p>", "no such"),
        ("<h1>Sign in</h1><p>Log in to continue reading this article, or join.</p>", "a login"),
        ("<p>We value your privacy. We and our partners use cookies to serve ads.</p>", "consent"),
        ("<p>Checking your browser before accessing the site.</p>", "a human is reading"),
        ("", "holds no text"),
        ("<p>  </p>", "holds no text"),
    ],
)
def test_a_wall_is_not_taken_for_a_document(body: str, reason: str) -> None:
    with pytest.raises(FetchRefused, match=reason) as error:
        document_of(page(html(body)), today=TODAY)
    assert "Save the page in a browser" in str(error.value)


def test_a_long_article_about_logins_and_a_short_notice_are_documents() -> None:
    long = BODY + "<p>He could not sign in to continue. The page was not found: error 404.</p>" * 9
    short = "<p>The library is closed on Monday, 6 May, for repairs to its roof.</p>"
    assert document_of(page(html(long)), today=TODAY).problems == ()
    assert document_of(page(html(short)), today=TODAY).problems == ("the page holds only 13 words",)


def test_what_a_curator_should_look_at_is_said() -> None:
    moved = Page(URL, "https://www.site.example/", 200, "text/html", None, html().encode())
    assert document_of(moved, today=TODAY).problems == (
        "the address led to the site's front page: the article may be gone",
    )
    head = '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>'
    assert document_of(page(html(head=head)), today=TODAY).problems == (
        "the page is not free: the text may be an excerpt",
    )


@pytest.mark.parametrize(
    ("media_type", "path", "body", "suffix"),
    [
        ("application/pdf", "/a", b"%PDF-1.7 x", ".pdf"),
        ("application/octet-stream", "/a.pdf?x=1", b"%PDF-1.7 x", ".pdf"),
        ("", "/a", b"%PDF-1.7 x", ".pdf"),
        ("text/plain", "/a", b"Words", ".txt"),
        ("text/plain", "/README.md", b"# Words", ".md"),
        ("text/plain", "/a.html", b"<html><body>Words</body></html>", ".html"),
        ("text/csv", "/a", b"a,b", ".csv"),
        ("application/json", "/a", b"{}", ".json"),
    ],
)
def test_another_document_is_saved_as_it_is(
    media_type: str, path: str, body: bytes, suffix: str
) -> None:
    url = f"https://site.example{path}"
    document = document_of(page(body, url=url, media_type=media_type), today=TODAY)
    assert (document.suffix, document.body, document.original) == (suffix, body, None)
    assert document.stated == Stated(url=url, fetched="2026-03-04")


def test_a_file_that_no_reader_takes_is_refused() -> None:
    for media_type in ("application/octet-stream", "application/xml", "application/gzip"):
        with pytest.raises(FetchRefused, match="no reader takes"):
            document_of(page(b"\x7fELF", media_type=media_type), today=TODAY)


def test_a_plain_text_keeps_the_encoding_that_only_its_header_names() -> None:
    source = page("Café".encode("cp1252"), media_type="text/plain", charset="windows-1252")
    assert document_of(source, today=TODAY).body == "Café".encode()


def test_front_matter_reads_back_whatever_a_page_states() -> None:
    stated = Stated(
        title='A: "b" # c \\ --- é 😀',
        author="- [x]",
        source="{y}",
        url="https://site.example/a#b",
        tags=("a, b", "'c'"),
        fetched="2026-03-04",
    )
    assert read_markdown(front_matter(stated) + "\nText").stated == stated


LINES = st.text(
    st.sampled_from("ab Z9.-*_`#<>[]()!|~&;:=+\\\"'é"), min_size=1, max_size=25
) | st.sampled_from(
    ["- item", "1. first", "## Head", "a | b", "--- | ---", "[a]: /b", "<div>", "***", "    code"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(LINES, min_size=1, max_size=3).map("\n".join), max_size=5))
def test_canonical_blocks_survive_as_markdown(blocks: list[str]) -> None:
    kept = [block.rstrip() for block in blocks if block.strip()]
    text = "\n\n".join(kept)
    assert plain_text(as_markdown(text)) == text


def test_ordinary_text_stays_as_readable_as_it_was() -> None:
    text = (
        "## Costs, 2024\n\nThe town's (own) library costs 212,000; snake_case stays.\n\n"
        "- Open\n- Closed\n\n- Another list\n\n1. One\n2. Two"
    )
    assert as_markdown(text) == text.replace("\n\n- Another", "\n\n<!-- -->\n\n- Another").replace(
        "\n\n1. One", "\n\n<!-- -->\n\n1. One"
    )
    assert as_markdown("2 * 3 * 4 <b>") == "2 \\* 3 \\* 4 \\<b\\>"
    assert as_markdown("A | B\nc | d_") == "| A | B |\n| --- | --- |\n| c | d\\_ |"
    assert as_markdown("One line\nand the next") == "One line\\\nand the next"
