"""What robots.txt allows is fetched, and nothing else, and no faster than it asks."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import pytest

from corpus.errors import FetchRefused
from corpus.web.address import parse
from corpus.web.fetch import Caps, Web
from corpus.web.robots import MOST_BYTES, read_rules
from tests.corpus.web.servers import Handler, Server, answer, drip, local, redirect, serving, stall

QUICK = Caps(seconds=1.0, connect_seconds=1.0, read_seconds=0.4)
PAGE = answer("<p>Open</p>")


def with_robots(robots: bytes | Handler) -> dict[str, bytes | Handler]:
    return {"/robots.txt": robots, "/a": PAGE, "/private/a": PAGE, "/b": redirect("/private/a")}


def text(body: str, **more: int) -> bytes:
    return answer(body, kind="text/plain", **more)  # type: ignore[arg-type]


def open_paths(server: Server) -> list[str]:
    web = Web(local(), QUICK, pause=0.0)
    found = []
    for path in ("/a", "/private/a", "/x/../private/a", "/b"):
        with suppress(FetchRefused):
            found.append(web.fetch(server.url(path)).url.removeprefix(server.url("")))
    return found


@pytest.mark.parametrize(
    ("rules", "open_ones"),
    [
        ("", ["/a", "/private/a", "/private/a", "/b"]),
        ("User-agent: *\nDisallow: /private/", ["/a"]),
        ("User-agent: *\nDisallow: /", []),
        ("User-agent: *\nDisallow:", ["/a", "/private/a", "/private/a", "/b"]),
        ("User-agent: *\nDisallow: /\nAllow: /a$", ["/a"]),
        ("User-agent: archive-assistant\nDisallow: /\n\nUser-agent: *\nAllow: /", []),
        ("User-agent: Archive-Assistant/0.1\nDisallow: /a\n", ["/private/a", "/private/a", "/b"]),
        ("User-agent: greedy\nDisallow: /\n\nUser-agent: *\nDisallow: /private", ["/a"]),
        ("User-agent: archive\nDisallow: /", ["/a", "/private/a", "/private/a", "/b"]),
        ("<html><body>This site has no such file</body></html>",
         ["/a", "/private/a", "/private/a", "/b"]),
    ],
)  # fmt: skip
def test_rules_decide_for_each_hop(rules: str, open_ones: list[str]) -> None:
    with serving(with_robots(text(rules))) as server:
        assert open_paths(server) == open_ones
    assert server.asked.count("/robots.txt") == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_rules_allows_everything(status: int) -> None:
    with serving(with_robots(text("User-agent: *\nDisallow: /", status=status))) as server:
        assert open_paths(server) == ["/a", "/private/a", "/private/a", "/b"]


@pytest.mark.parametrize(
    "robots",
    [
        text("", status=500),
        text("", status=503),
        text("", status=429),
        stall(b"", seconds=1),
        drip(text("User-agent: *"), every=0.2),
        redirect("/robots.txt"),
        redirect("http://10.0.0.1/robots.txt"),
        b"nonsense",
    ],
)
def test_rules_that_cannot_be_read_close_the_site(robots: bytes | Handler) -> None:
    web = Web(local(), QUICK, pause=0.0)
    with serving(with_robots(robots)) as server:
        for path in ("/a", "/private/a"):
            with pytest.raises(FetchRefused):
                web.fetch(server.url(path))
    assert set(server.asked) == {"/robots.txt"}


def test_the_beginning_of_huge_rules_counts() -> None:
    rules = b"User-agent: *\nDisallow: /private/\n" + b"Disallow: /zzz\n" * 400_000
    assert len(rules) > MOST_BYTES
    with serving(with_robots(answer(rules, kind="text/plain"))) as server:
        assert open_paths(server) == ["/a"]


def test_a_line_cut_in_half_is_no_rule() -> None:
    start = b"User-agent: *\n"
    padding = b"#" * (MOST_BYTES - len(start) - len(b"\nDisallow: /a"))
    rules = (start + padding + b"\nDisallow: /a-very-private-place\n")[:MOST_BYTES]
    assert rules.endswith(b"\nDisallow: /a")
    assert read_rules(rules).allow(parse("http://site.example/abc"))


def test_thousands_of_programs_and_rules_are_read_in_no_time() -> None:
    agents = "\n".join(f"User-agent: bot{n}" for n in range(15_000))
    paths = "\n".join(f"Disallow: /{n}" for n in range(8_000))
    # With rules kept for each name, these would be 120 million.
    rules = read_rules(f"{agents}\n{paths}\nUser-agent: *\nDisallow: /no".encode())
    assert [rules.allow(parse(f"http://a.example/{path}")) for path in ("7", "no")] == [True, False]


@pytest.mark.parametrize(
    ("asked", "given"),
    [("2", 2.0), ("0.5", 0.5), ("86400", 10.0), ("-3", 0.0), ("soon", 0.0), ("nan", 0.0)],
)
def test_the_delay_that_a_site_asks_for_is_kept_within_ten_seconds(
    asked: str, given: float
) -> None:
    rules = read_rules(f"User-agent: *\nCrawl-delay: {asked}\nDisallow: /x".encode())
    assert rules.delay() == given


@pytest.mark.parametrize(("pause", "delay", "least"), [(0.2, "0", 0.2), (0.0, "0.3", 0.3)])
def test_a_host_is_left_in_peace_between_two_pages(pause: float, delay: str, least: float) -> None:
    web = Web(local(), QUICK, pause=pause)
    robots = text(f"User-agent: *\nCrawl-delay: {delay}\nDisallow: /x")
    with serving(with_robots(robots)) as server:
        for _ in range(3):
            web.fetch(server.url("/a"))
    pages = [when for when, path in zip(server.times, server.asked, strict=True) if path == "/a"]
    assert [b - a >= least - 0.02 for a, b in pairwise(pages)] == [True, True]
