"""The links of feeds and sitemaps, from their bytes alone."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import FetchRefused
from corpus.web.feed import MOST_BYTES, read_feed
from corpus.web.links import Link, kind_of
from corpus.web.sitemap import read_sitemap
from corpus.web.unpack import gunzip

BASE = "https://site.example/news/feed"
RSS = """<?xml version="1.0"?><!-- made by hand -->
<rss version="2.0"><channel><title>News</title><link>https://site.example/</link>
<item><title>One &amp; &lt;b&gt;only&lt;/b&gt;</title><link>/one?a=1&amp;b=2</link>
<pubDate>Mon, 06 Sep 2021 16:45:00 GMT</pubDate></item>
<item><title><script>alert(1)</script>Two</title><link>https://other.example/two</link></item>
<item><title>No link</title></item>
<item><title>Bad</title><link>javascript:alert(1)</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><title type="html">&lt;em&gt;Un&lt;/em&gt;é</title>
<link rel="alternate" href="https://site.example/un"/><link rel="edit" href="/edit"/>
<published>2022-03-04T05:06:07Z</published></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/"><item rdf:about="x"><title>R</title>
<link>https://site.example/r</link></item></rdf:RDF>"""
MAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><!-- c -->
<url><loc> https://site.example/a </loc><lastmod>2024-01-01</lastmod></url>
<url><loc>/b</loc></url><url><priority>1</priority></url>
<url><loc>file:///etc/passwd</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://site.example/1.xml</loc></sitemap></sitemapindex>"""
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "'
    + "&a;" * 20
    + '">]><{root}><x>&b;</x></{root}>'
)


def feed(text: str | bytes, **more: str) -> list[Link]:
    body = text.encode() if isinstance(text, str) else text
    return read_feed(body, url=BASE, media_type=more.pop("media_type", "application/xml"), **more)


def test_an_rss_feed_gives_its_links_with_plain_titles_and_dates() -> None:
    assert feed(RSS) == [
        Link("https://site.example/one?a=1&b=2", "One & only", "Mon, 06 Sep 2021 16:45:00 GMT"),
        Link("https://other.example/two", "Two", None),
        Link("javascript:alert(1)", "Bad", None),
    ]


def test_an_atom_feed_and_an_rdf_feed_give_their_links() -> None:
    assert feed(ATOM) == [Link("https://site.example/un", "Uné", "2022-03-04T05:06:07Z")]
    assert feed(RDF) == [Link("https://site.example/r", "R", None)]


def test_a_broken_feed_gives_what_can_be_read() -> None:
    cut = RSS[: RSS.index("<item><title>No link")]
    assert [link.title for link in feed(cut)] == ["One & only", "Two"]


def test_a_feed_is_read_in_its_own_encoding() -> None:
    latin = '<?xml version="1.0" encoding="iso-8859-1"?>' + ATOM
    assert feed(latin.encode("latin-1"))[0].title == "Uné"
    sixteen = '<?xml version="1.0" encoding="utf-16"?>' + ATOM
    assert feed(sixteen.encode("utf-16"))[0].title == "Uné"
    assert feed(ATOM.encode("latin-1"), charset="iso-8859-1")[0].title == "Uné"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (LAUGHS.replace("{root}", "rss"), "defines XML entities"),
        ("<rss/>", "without links"),
        ("<rss>" + " " * MOST_BYTES, "over 3 MB"),
    ],
)
def test_a_feed_that_cannot_be_used_says_so(body: str, reason: str) -> None:
    with pytest.raises(FetchRefused, match=reason):
        feed(body)


def test_a_feeds_bytes_are_never_taken_for_an_address_or_a_path() -> None:
    for body in ("/etc/hostname", "http://127.0.0.1:9/feed", "file:///etc/hostname"):
        with pytest.raises(FetchRefused, match="without links"):
            feed(body)


def test_a_sitemap_gives_its_links_and_an_index_its_sitemaps() -> None:
    sitemap = read_sitemap(MAP.encode(), url=BASE)
    assert not sitemap.is_index
    assert sitemap.links == (
        Link("https://site.example/a"),
        Link("https://site.example/b"),
        Link("file:///etc/passwd"),
    )
    index = read_sitemap(INDEX.encode(), url=BASE)
    assert index.is_index
    assert index.links == (Link("https://site.example/1.xml"),)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (LAUGHS.replace("{root}", "urlset"), "defines XML entities"),
        (LAUGHS.replace("{root}", "urlset").encode("utf-16").decode("utf-16"), "entities"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset>&a;</urlset>', "entities"),
        ("<urlset><url><loc>https://site.example/a</loc>", "broken"),
        ("<urlset>" + "<a>" * 100_000, "broken"),
        ("<urlset/>", "without links"),
    ],
)
def test_a_sitemap_that_cannot_be_used_says_so(body: str, reason: str) -> None:
    with pytest.raises(FetchRefused, match=reason):
        read_sitemap(body.encode(), url=BASE)


def test_entities_are_seen_in_wide_letters_too() -> None:
    body = LAUGHS.replace("{root}", "urlset").replace('"1.0"', '"1.0" encoding="utf-16"')
    with pytest.raises(FetchRefused, match="entities"):
        read_sitemap(body.encode("utf-16"), url=BASE)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (RSS, "feed"),
        (ATOM, "feed"),
        (RDF, "feed"),
        (MAP, "sitemap"),
        (INDEX, "sitemap"),
        ("\ufeff \n" + MAP, "sitemap"),
        ('<?xml version="1.0"?><?xml-stylesheet href="x"?>\n<!DOCTYPE rss>' + RSS[21:], "feed"),
        ("<!DOCTYPE html><html><head><link rel=alternate type=application/rss+xml "
         "href=/feed></head></html>", "other"),
        ("<html><body><pre>&lt;rss&gt;</pre><rss></rss></body></html>", "other"),
        ("An article about <rss> and <urlset>", "other"),
        ("", "other"),
        ("<", "other"),
    ],
)  # fmt: skip
def test_content_tells_a_feed_from_a_sitemap_from_a_page(body: str, kind: str) -> None:
    assert kind_of(body.encode()) == kind
    assert kind_of(body.encode("utf-16")) == kind


@pytest.mark.parametrize(
    "piece", [" ", "<!--", "<?x", "<?x?>", "<!DOCTYPE [a]b", "[a]b", "<!DOCTYPE a>", "<a:", "a."]
)
def test_a_hostile_opening_is_judged_in_no_time(piece: str) -> None:
    for start in ("", "<!DOCTYPE x ", "<"):
        kind_of((start + piece * 60_000).encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    kind_of(body)
    for read in (
        lambda: read_feed(b"<rss>" + body, url=BASE, media_type=""),
        lambda: read_sitemap(b"<urlset>" + body, url=BASE),
    ):
        try:
            read()
        except FetchRefused:
            continue


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4), st.integers(1, 400))
def test_gzip_is_unpacked_whole_or_not_at_all(parts: list[bytes], most: int) -> None:
    whole = b"".join(parts)
    packed = b"".join(map(gzip.compress, parts)) + b"\0\0"
    assert gunzip(packed, most=most) == (whole if len(whole) <= most else None)
    assert gunzip(packed, most=most, cut=True) == whole[:most]
