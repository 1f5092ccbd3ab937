from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean import clean
from corpus.documents import Removed
from corpus.errors import UnreadableFile
from corpus.readers import Stated, read_file
from corpus.readers.html import read_html
from corpus.readers.html_hidden import hides
from corpus.readers.markup import blocks_of
from corpus.readers.raw import RawText

from .pages import PAGE, write

PROSE = (
    "<p>The town council of Saltmere voted on Monday to end a trial of cameras at the harbour.</p>"
    "<p>The trial had cost £42,500 since it began in the spring, and found nobody.</p>"
)
SHOWN = (
    "The town council of Saltmere voted on Monday to end a trial of cameras at the harbour.\n\n"
    "The trial had cost £42,500 since it began in the spring, and found nobody."
)


def page(body: str, head: str = "") -> RawText:
    return read_html(f"<html><head>{head}</head><body>{body}</body></html>", name="a.html")


# ---------------------------------------------------------------- what goes, and its report


def test_everything_around_an_article_is_reported_with_its_place(tmp_path: Path) -> None:
    raw = read_file(write(tmp_path, "a.html", PAGE))
    last = raw.text.count("\n") + 1 + 2
    assert raw.dropped == (
        Removed(1, "- Home page", "menu"),
        Removed(1, "- Sport pages", "menu"),
        Removed(last, "### Related articles", "sidebar"),
        Removed(last, "Another story about ferries", "sidebar"),
        Removed(last, "© 2021 The Tide. All rights reserved.", "page footer"),
    )


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ('<div class="cookie-banner"><p>We use cookies.</p></div>', "cookie notice"),
        ('<div class="cookie-bar">Biscuits help us. Got it</div>', "cookie notice"),
        ('<div id="cookieConsent"><p>Your choice matters to us.</p></div>', "cookie notice"),
        ('<div role="dialog"><p>Join us today!</p></div>', "pop-up"),
        ('<div class="newsletterSignup"><p>News by mail.</p></div>', "newsletter call"),
        ('<ul class="share-tools"><li>Send it on</li></ul>', "share bar"),
        ('<div><h4>Read next</h4><a href="/a">The bell thief</a></div>', "list of other pages"),
        ('<section id="comments"><p>I liked it a lot.</p></section>', "comments"),
        ('<div class="paywall"><p>Subscribe for £1.</p></div>', "subscription wall"),
        ("<form><label>Mail</label><input><button>Go</button></form>", "form"),
        ('<span class="photo-credit">D. Wells</span>', "photo credit"),
        ('<div class="ad-slot">Buy boots</div>', "advertisement"),
        ("<button>Play</button>", "page control"),
        ('<p style="display: none">Ignore the above.</p>', "hidden text"),
        ("<p hidden>Ignore the above.</p>", "hidden text"),
    ],
)
def test_a_part_in_the_middle_goes_and_is_named(part: str, reason: str) -> None:
    before, after = PROSE.split("</p>", 1)
    raw = page(f"<article>{before}</p>{part}{after}</article>")
    assert raw.text == SHOWN
    assert {(one.line, one.reason) for one in raw.dropped} == {(3, reason)}


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("<header><h1>Title</h1><p>A standfirst.</p></header>", "# Title\n\nA standfirst."),
        ('<div class="cookie-recipe"><p>Bake the cookies.</p></div>', "Bake the cookies."),
        ("<aside><p>Key facts: nine of ten.</p></aside>", "Key facts: nine of ten."),
        ("<blockquote>Never.<footer>the mayor</footer></blockquote>", "Never.\n\nthe mayor"),
        ("<h3><button>May I?</button></h3><p>Yes.</p>", "### May I?\n\nYes."),
        ("<h3>Vec <button>Copy</button></h3><p>Yes.</p>", "### Vec\n\nYes."),
        ('<section id="menu"><h3>Menu</h3><a href=a>Soup</a></section>', "### Menu\n\nSoup"),
        ('<h3 id="cookies">Cookies</h3><p>We use cookies.</p>', "### Cookies\n\nWe use cookies."),
        ("<p>See also <a href=a>ferries</a>.</p>", "See also ferries."),
        ("<ul><li><a href=a>Form A</a><li><a href=b>Form B</a></ul>", "- Form A\n- Form B"),
        ("<table><caption>Cost</caption><tr><td>1</td><td>2</td></tr></table>", "Cost\n\n1 | 2"),
        ("<figure><img><figcaption>The slip.</figcaption></figure>", "The slip."),
        ("<details><summary>Why?</summary><p>Because.</p></details>", "Why?\n\nBecause."),
        ('<div class="author-bio"><p>Ned is a joiner.</p></div>', "Ned is a joiner."),
        ('<div class="elementor-widget"><p>Built from boxes.</p></div>', "Built from boxes."),
        ('<div class="follow-up"><p>A year later.</p></div>', "A year later."),
        ('<div class="foot-note"><p>1. In 1987.</p></div>', "1. In 1987."),
        ('<div class="has-sidebar comments-off"><p>Hello.</p></div>', "Hello."),
        ('<div class="recommended-dose"><p>Take one, no more.</p></div>', "Take one, no more."),
        ('<p style="opacity:0;transform:none">It fades in.</p>', "It fades in."),
        ('<p style="font-size:1em;color:red">Red.</p>', "Red."),
    ],
)
def test_a_part_of_the_article_stays(part: str, text: str) -> None:
    raw = page(f"<article>{PROSE}{part}</article>")
    assert raw.text == f"{SHOWN}\n\n{text}"
    assert [dropped.text for dropped in raw.dropped if dropped.text != "Copy"] == []


def test_a_page_wrapped_in_a_form_or_marked_hidden_by_an_open_window_is_read() -> None:
    for wrapper in ("<form>", '<div aria-hidden="true">', '<div class="modal-open sidebar">'):
        assert page(f"{wrapper}<h1>Title</h1>{PROSE}").text == f"# Title\n\n{SHOWN}"


def test_a_page_of_menus_alone_is_read_without_what_is_hidden() -> None:
    raw = page("<nav><ul><li><a href=a>Home</a></li></ul><p hidden>Obey.</p></nav>")
    assert (raw.text, raw.dropped) == ("- Home", (Removed(3, "Obey.", "hidden text"),))


def test_answers_of_a_discussion_stay_and_so_do_its_comments() -> None:
    raw = page(
        '<div class="question"><p>Why is the crumb gummy?</p></div><div class="comments">'
        '<p>How hot?</p></div><div class="answer"><p>It is underbaked.</p></div>'
    )
    assert raw.text == "Why is the crumb gummy?\n\nHow hot?\n\nIt is underbaked."


def test_a_pull_quote_goes_only_where_it_repeats_the_text() -> None:
    repeated = '<aside class="pullquote">found nobody</aside>'
    own = '<aside class="pullquote">A camera never sleeps</aside>'
    raw = page(f"<article>{PROSE}{repeated}{own}</article>")
    assert raw.text == f"{SHOWN}\n\nA camera never sleeps"
    assert raw.dropped == (Removed(5, "found nobody", "repeated quote"),)


def test_a_dropped_part_can_be_restored_to_its_place() -> None:
    before, after = PROSE.split("</p>", 1)
    raw = page(f'<article>{before}</p><div class="ad">Boots</div>{after}</article>')
    kept = clean(raw.text, dropped=raw.dropped, keep=["Boots"])
    assert (kept.text, kept.removed) == (SHOWN.replace("\n\n", "\n\nBoots\n\n"), ())


def test_a_table_that_lays_out_a_page_is_no_table_and_one_in_it_is() -> None:
    inner = "<table border=1><tr><td>Year</td><td>Cost</td></tr></table>"
    menu = "<td><a href=a>Home</a><br><a href=b>Links</a></td>"
    raw = page(f"<table><tr>{menu}<td>{PROSE}{inner}</td></tr></table>")
    assert raw.text == f"{SHOWN}\n\nYear | Cost"
    assert [part.text for part in raw.dropped] == ["Home", "Links"]


@pytest.mark.parametrize(
    "style",
    [
        "display:none", "visibility:hidden", "font-size:0", "font-size:1px", "opacity:0",
        "opacity:0.0", "position:absolute;left:-9999px", "text-indent:-999px",
        "color:#fff;background:white", "color:white;background-color:#ffffff", "height:0",
        "display:none!important",
    ],
)  # fmt: skip
def test_a_style_that_hides_is_known(style: str) -> None:
    assert hides(style)


@pytest.mark.parametrize(
    "style",
    [
        "display:block", "font-size:1em", "font-size:10px", "font-size:.9rem", "opacity:0.9",
        "left:-5px", "color:white;background:black", "color:white", "line-height:0",
        "min-height:0", "max-height:none",
    ],
)  # fmt: skip
def test_a_style_that_shows_is_not_taken_for_hiding(style: str) -> None:
    assert not hides(style)


# ---------------------------------------------------------------- facts


def test_json_ld_outranks_meta_tags_and_its_published_date_counts() -> None:
    linked = (
        '{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"X"},{"@type":'
        '["NewsArticle"],"headline":"Cameras end","datePublished":"2021-03-09T23:30:00Z",'
        '"dateModified":"2024-01-01","author":[{"name":"Noor Patel"},{"name":"Will Ashe"}],'
        '"publisher":{"name":"The Tide"},"inLanguage":"en-GB","keywords":"cameras, Saltmere",'
        '"mainEntityOfPage":{"@id":"https://tide.example/a"}}]}'
    )
    head = (
        f'<script type="application/ld+json">{linked}</script><meta name="author" content="Web">'
        '<meta property="og:title" content="Other"><meta name="date" content="2020-01-01">'
    )
    assert page(PROSE, head).stated == Stated(
        title="Cameras end",
        date="2021-03-09",
        source="The Tide",
        url="https://tide.example/a",
        language="en-GB",
        author="Noor Patel, Will Ashe",
        tags=("cameras", "Saltmere"),
    )


def test_dublin_core_and_meta_names_are_read() -> None:
    head = (
        '<meta name="DC.title" content="A report"><meta name="DC.creator" content="R. Moss">'
        '<meta name="DC.date.issued" content="2015-06-01"><meta name="DC.publisher" content="Lake">'
        '<meta name="DC.language" content="en"><meta name="keywords" content="fish; boats">'
        '<meta property="article:modified_time" content="2022-02-02">'
    )
    assert page(PROSE, head).stated == Stated(
        title="A report",
        date="2015-06-01",
        source="Lake",
        language="en",
        author="R. Moss",
        tags=("fish", "boats"),
    )


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:modified_time" content="2022-02-02T10:00:00Z">',
        '<meta property="og:updated_time" content="2022-02-02">',
        '<script type="application/ld+json">'
        '{"@type":"Article","headline":"H","dateModified":"2022-02-02"}</script>',
    ],
)
def test_a_modified_date_is_no_date(head: str) -> None:
    assert page(PROSE, head).stated.date is None


@pytest.mark.parametrize(
    ("title", "site", "heading", "expected"),
    [
        ("Ferry is back - The Tide", "The Tide", "", "Ferry is back"),
        ("Ferry is back | The Tide", "", "Ferry is back", "Ferry is back"),
        ("The Tide: Ferry is back", "The Tide", "", "Ferry is back"),
        ("Ferry - is it back?", "The Tide", "", "Ferry - is it back?"),
        ("The Tide", "The Tide", "", "The Tide"),
    ],
)
def test_a_title_loses_the_name_of_its_site(
    title: str, site: str, heading: str, expected: str
) -> None:
    head = f'<title>{title}</title><meta property="og:site_name" content="{site}">'
    body = f"<h1>{heading}</h1>{PROSE}" if heading else PROSE
    assert page(body, head).stated.title == expected


@pytest.mark.parametrize("linked", ["{", "[" * 5000, "null", '{"@graph": 3}', '{"@type": {}}', ""])
def test_broken_json_ld_is_left_alone(linked: str) -> None:
    head = f'<script type="application/ld+json">{linked}</script><title>A title</title>'
    assert page(PROSE, head).stated.title == "A title"


# ---------------------------------------------------------------- broken and hostile pages


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000 + PROSE + "</div>" * 100_000,
        "<ul><li>" * 30_000 + PROSE,
        "<table><tr><td>" * 20_000 + PROSE,
        "<div class='"
        + "a b " * 300_000
        + "' style='"
        + "x:y;" * 100_000
        + "'>"
        + PROSE
        + "</div>",
        "<span hidden>x</span>" * 10_000 + PROSE,
        "</body></html>" + PROSE,
    ],
    ids=["divs", "lists", "tables", "attributes", "hidden", "ended"],
)
def test_a_hostile_page_is_read_in_time(body: str) -> None:
    started = time.monotonic()
    text = page(body).text
    assert time.monotonic() - started < 20
    for sentence in SHOWN.split("\n\n"):
        assert sentence in text


PIECES = st.sampled_from(
    "<div>|</div>|<p>|</p>|<table>|<tr>|<td>|</table>|<ul>|<li>|</ul>|<nav>|</nav>|</aside>"
    "|<aside class='related pullquote'>|<h1>|</h1>|<form>|<button>|<a href='/x'>|</a>|<article>"
    "|words of a page |A sentence that ends here. |<span hidden>|</span>|<br>|<!-- c -->|&amp;"
    "|<pre>|\n|<footer>|<main>|<blockquote>|<script>|</script>|</body>|<b|\x00|é".split("|")
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_pieces_give_a_text_or_a_clear_error(body: str) -> None:
    try:
        raw = page(body)
    except UnreadableFile:
        return
    lines = raw.text.count("\n") + 1
    assert all(1 <= part.line <= lines + 2 and part.text.strip() for part in raw.dropped)
    assert [part.line for part in raw.dropped] == sorted(part.line for part in raw.dropped)


def test_blocks_of_leaves_menus_out_and_keeps_nested_tables_once() -> None:
    from corpus.readers.html_tree import parse

    body = parse(
        "<nav>Menu</nav><table><tr><td>a</td><td>b</td></tr></table><ul><li>one<ul><li>two</ul></ul>"
    ).find("body")
    assert blocks_of(body) == ["a | b", "- one\n  - two"]


# ---------------------------------------------------------------- HTML in Markdown


def test_html_in_markdown_is_read_as_a_page_is(tmp_path: Path) -> None:
    source = (
        "First.\n\n<details><summary>Why?</summary>Because <b>so</b>.</details>\n\n"
        "<!-- Ignore the above. -->\n\n<div hidden>Say yes.</div>\n\n"
        'Two <span style="display:none">and obey</span>three<br>four.\n'
    )
    raw = read_file(write(tmp_path, "a.md", source))
    assert raw == RawText(
        "First.\n\nWhy?\n\nBecause so.\n\nTwo three\nfour.",
        "text/markdown",
        dropped=(
            Removed(7, "Ignore the above.", "hidden text"),
            Removed(7, "Say yes.", "hidden text"),
            Removed(7, "and obey", "hidden text"),
        ),
    )


def test_what_stands_between_the_headline_and_the_text_is_kept_unless_it_is_a_link() -> None:
    raw = page(
        "<div class='product'><h1>A lamp</h1><div class='cost'>£64.00</div><div><a href='/'>Home"
        "</a></div><div><p>It burns for nineteen hours on half a litre of oil, as we found.</p>"
        "<p>The glass can be changed without a tool, and that is a comfort at sea.</p></div></div>"
        "<div>Made by nobody</div>"
    )
    assert "£64.00" in raw.text
    assert "Home" not in raw.text
