"""Which addresses are refused before anything is sent, in every spelling."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.errors import FetchRefused
from corpus.web.address import is_url, join, key, parse
from corpus.web.network import Network
from corpus.web.public import is_public
from tests.corpus.web.servers import Names

LOOPBACK = (
    "127.0.0.1 127.1 127.0.1 127.000.000.001 2130706433 0x7f000001 0x7f.1 0x7f.0.0.1 0177.0.0.1 "
    "017700000001 0177.1 127.0.0.1. 127.255.255.254 0 0.0.0.0 0x0 00.00.00.00 "
    "１２７.０.０.１ ①②⑦.0.0.1 127。0。0。1 １２７。０。０。１ 127.0.0.1%00 %31%32%37.0.0.1 "
    "127.0.0.1%2f 127.0.0.0x1 4294967297 127.0.0.1.0x0 localhost LOCALHOST localhost. a.localhost "
    "ｌｏｃａｌｈｏｓｔ localhost%00 localhost\u3002 printer.local router.home.arpa "
    "[::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] "
    "[::127.0.0.1] [::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] "
    "[2002:7f00:1::] [2002:7f00:1::1] [2001:0:7f00:1::] [2001::1] [fe80::1] [fe80::1%25eth0] "
    "[fe80::1%eth0] [::1%25lo] [2a00:1450::5efe:127.0.0.1] [2a00:1450::200:5efe:7f00:1]"
).split()
PRIVATE = (
    "10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1.254 100.64.0.1 "
    "100.127.255.255 100.100.100.200 169.254.169.254 169.254.0.1 169.254.170.2 168.63.129.16 "
    "192.0.0.192 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.1.2.3 "
    "240.0.0.1 255.255.255.255 192.88.99.1 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 "
    "0xa9.0xfe.0xa9.0xfe 3232235521 0xc0a80001 10.1 "
    "[fd00:ec2::254] [fd20:ce::254] [fc00::1] [fe80::a9fe:a9fe] [fec0::1] [ff02::1] [2001:db8::1] "
    "[100::1] [3fff::1] [5f00::1] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::169.254.169.254] "
    "[64:ff9b::169.254.169.254] [2002:a9fe:a9fe::1] [::ffff:10.0.0.1] [::ffff:0:10.0.0.1] "
    "[2002:c0a8:1::1] [4000::1] metadata.google.internal instance-data.ec2.internal"
).split()
SPELLINGS = [f"http://{host}/x" for host in LOOPBACK + PRIVATE] + [
    f"https://{host}:8443/x" for host in LOOPBACK + PRIVATE
]
NOT_ADDRESSES = (
    "file:///etc/passwd FILE:///etc/passwd file:/etc/passwd file://localhost/etc/passwd "
    "ftp://site.example/x gopher://site.example:70/x data:text/html,<p>x javascript:alert(1) "
    "dict://site.example:11211/ ldap://site.example/ jar:http://site.example!/ ws://site.example/ "
    "view-source:http://site.example/ about:blank mailto:a@site.example http:site.example "
    "http:/site.example http:///site.example http:///127.0.0.1/ http:// https:// http://:80/ "
    "http://[ http://[::1 http://[]/ http://[v1.fe80::a+en1]/ http://::1/ http://[::1]x/ "
    "http://site.example:99999/ http://site.example:-1/ http://site.example:8o/ "
    "http://site.example:22/ http://site.example:25/ http://site.example:0/ "
    "http://site.example:6667/ http://user@site.example/ http://user:secret@site.example/ "
    "http://site.example@127.0.0.1/ http://site.example:80@127.0.0.1:80/ http://@site.example/ "
    "http://site.example\\@127.0.0.1/ http://127.0.0.1\\.site.example/ http://site.example\\/ "
    "http://a..b/ http://.site.example/ http://-a.example/ http://a_.b!c/ http://site.example%2f/ "
    "http://site.exa\u200bmple\x00/ //site.example/ site.example /etc/passwd ?x # http"
).split()


@pytest.mark.parametrize("url", SPELLINGS)
def test_no_spelling_of_a_private_address_is_looked_up_or_reached(url: str) -> None:
    names = Names({})
    with pytest.raises(FetchRefused):
        Network(resolve=names).target(parse(url))
    assert names.asked == []


@pytest.mark.parametrize("number", [*LOOPBACK, *PRIVATE])
def test_a_public_name_that_leads_to_a_private_number_is_refused(number: str) -> None:
    bare = number.strip("[]")
    for answers in ([bare], ["8.8.8.8", bare], [bare, "8.8.8.8"]):
        network = Network(resolve=Names({"site.example": [answers]}))
        with pytest.raises(FetchRefused, match="private network"):
            network.target(parse("http://site.example/"))


@pytest.mark.parametrize("url", [*NOT_ADDRESSES, "http://site.example/a\nb", "http://a b.example/"])
def test_what_is_no_web_address_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(FetchRefused) as refused:
        parse(url)
    assert "secret" not in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_the_tables_hold_as_many_spellings_as_they_seem_to() -> None:
    print(
        f"{len(SPELLINGS)} spellings, {3 * len(LOOPBACK + PRIVATE)} answers, "
        f"{len(NOT_ADDRESSES) + 2} addresses that are none"
    )
    assert len(SPELLINGS) > 200
    assert len(set(SPELLINGS)) == len(SPELLINGS)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://Site.Example", "http://site.example/"),
        ("https://site.example.:443/a#part", "https://site.example/a"),
        ("http://site.example:8080?q=a b", "http://site.example:8080/?q=a%20b"),
        ("https://bücher.example/ü?é=1", "https://xn--bcher-kva.example/%C3%BC?%C3%A9=1"),
        ("http://site.example/a/../b/./c/%2e%2E/d", "http://site.example/b/d"),
        ("http://site.example/a/..", "http://site.example/"),
        ("  https://site.example/x  ", "https://site.example/x"),
        ("https://site.example/a%20b%2Fc", "https://site.example/a%20b%2Fc"),
        ("https://[2A00:1450:0::5]:8443/", "https://[2a00:1450::5]:8443/"),
        ("https://8.8.8.8/dns", "https://8.8.8.8/dns"),
        ("https://site.example/a\\b", "https://site.example/a%5Cb"),
    ],
)
def test_an_address_has_one_spelling(url: str, normal: str) -> None:
    assert parse(url).url == normal
    assert parse(normal) == parse(url)


@pytest.mark.parametrize(
    ("location", "whole"),
    [
        ("/b", "https://site.example/b"),
        ("b?c=d", "https://site.example/a/b?c=d"),
        ("//other.example/x", "https://other.example/x"),
        ("../../..", "https://site.example/"),
    ],
)
def test_a_relative_location_is_read_from_its_page(location: str, whole: str) -> None:
    assert join(parse("https://site.example/a/page"), location).url == whole


def test_addresses_of_one_page_share_a_key() -> None:
    same = (
        "https://www.site.example/a/",
        "http://site.example/a",
        "https://site.example/a?utm_source=rss&utm_medium=x&fbclid=1#top",
    )
    assert {key(url) for url in same} == {"site.example/a"}
    assert key("https://site.example/a?id=1") == "site.example/a?id=1"
    assert key("not an address") == "not an address"


def test_a_path_of_a_file_is_not_taken_for_an_address() -> None:
    urls = ["https://a.example", "file:///x", "FTP://x", "C:\\notes.txt", "a/b.txt", "C:/x", "x:y"]
    assert [is_url(text) for text in urls] == [True, True, True, False, False, False, False]


@pytest.mark.parametrize(
    "number",
    "8.8.8.8 1.1.1.1 9.9.9.9 100.63.255.255 100.128.0.0 172.15.0.1 172.32.0.1 11.0.0.1 "
    "2606:4700:4700::1111 2a00:1450:4001::5 64:ff9b::808:808 ::ffff:8.8.8.8".split(),
)
def test_public_numbers_are_public(number: str) -> None:
    assert is_public(ipaddress.ip_address(number))


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_python_calls_private_is_never_public(address: ipaddress.IPv4Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        mapped = getattr(address, "ipv4_mapped", None)
        assert not is_public(address) or (mapped is not None and is_public(mapped))


@given(st.text(max_size=60) | st.from_regex(r"https?://[0-9a-fx.:\[\]%@\\/]{1,30}", fullmatch=True))
@example("http://[::1]:80:80/")
@example("http://²/")
def test_any_text_is_an_address_in_one_spelling_or_is_refused(text: str) -> None:
    try:
        address = parse(text)
    except FetchRefused:
        return
    assert address.url.isascii()
    assert address.host == address.host.lower()
    assert not set(address.host) & set("@%/\\?#[] ")
    assert parse(address.url) == address
    assert parse(address.url).url == address.url
