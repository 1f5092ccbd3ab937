"""Fetching one address politely: robots.txt, a pause, checked redirects, caps on time and size."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from corpus.errors import FetchRefused
from corpus.web.address import Address, join, parse, shorten
from corpus.web.media import ACCEPT, is_wanted, split_content_type
from corpus.web.network import Network
from corpus.web.robots import ANYTHING, MOST_BYTES, MOST_SECONDS, Rules, read_rules
from corpus.web.wire import Answer, Limits, get

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEPT_HEADERS = ("last-modified", "etag", "content-language", "retry-after")
_BUSY = frozenset({429, 503})
_LOCKED = frozenset({401, 402, 403, 407, 451})
_GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Caps:
    """What one address may take, its redirects included: seconds, bytes (packed and unpacked)."""

    seconds: float = 60.0
    connect_seconds: float = 10.0
    read_seconds: float = 15.0
    bytes: int = 25_000_000
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave: ``url`` as asked for, ``final_url`` after redirects.

    ``charset`` is the one that the header names, if any; ``headers`` keeps a few, in lower case.
    """

    url: str
    final_url: str
    status: int
    media_type: str
    charset: str | None
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def fetch(url: str, *, caps: Caps = Caps(), network: Network | None = None) -> Page:
    """Fetch one address; see ``Web.fetch``."""
    return Web(network or Network(), caps).fetch(url)


@dataclass(slots=True)
class Web:
    """One run's way to the web: it keeps each site's rules, and when each was last asked.

    ``pause`` is the least time between two requests to one host, in seconds; a site's own
    Crawl-delay may lengthen it.
    """

    network: Network = field(default_factory=Network)
    caps: Caps = field(default_factory=Caps)
    pause: float = 1.0
    _rules: dict[str, Rules | FetchRefused] = field(default_factory=dict)
    _asked: dict[str, float] = field(default_factory=dict)

    def fetch(self, url: str) -> Page:
        """Fetch what is at ``url``, following redirects to public addresses only.

        Raises FetchRefused, saying why and what to do, where the address is none, is not public,
        is closed to programs, cannot be reached, or gives nothing that could be a document.
        """
        address = parse(url)
        self._wait(address)
        final, answer = self._follow(address, self._limits())
        _check_status(answer, shorten(address.url))
        media_type, charset = split_content_type(answer.headers.get("content-type", ""))
        if not is_wanted(media_type):
            raise FetchRefused(
                f"{shorten(address.url)} is {media_type[:60]!r}, which is no document. "
                "Give the address of a page, a document, a feed or a sitemap."
            )
        kept = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
        return Page(address.url, final.url, answer.status, media_type, charset, answer.body, kept)

    def _limits(self) -> Limits:
        caps = self.caps
        return Limits(caps.seconds, caps.connect_seconds, caps.read_seconds, caps.bytes)

    def _follow(
        self, start: Address, limits: Limits, *, robots: bool = False
    ) -> tuple[Address, Answer]:
        """Ask for ``start`` and for what it redirects to; each hop is checked like the first."""
        address, left = start, limits.seconds
        for _ in range(self.caps.redirects + 1):
            if not robots:
                self._check_rules(address)
            began = time.monotonic()
            answer = self._get(address, limits, left)
            self._asked[address.host] = time.monotonic()
            left -= self._asked[address.host] - began
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not location:
                return address, answer
            address = _next(address, location)
        raise FetchRefused(
            f"{shorten(start.url)} redirects more than {self.caps.redirects} times. "
            "Open it in a browser and give the address where that ends."
        )

    def _get(self, address: Address, limits: Limits, left: float) -> Answer:
        if left <= 0:
            raise FetchRefused(
                f"{shorten(address.url)} took over {limits.seconds:g} s. Try again later."
            )
        rest = Limits(left, limits.connect_seconds, limits.read_seconds, limits.bytes, limits.cut)
        target = self.network.target(address)
        return get(target, self.network, accept=ACCEPT, limits=rest, wanted=_is_wanted)

    def _check_rules(self, address: Address) -> None:
        rules = self._rules.get(address.origin)
        if rules is None:
            rules = self._rules[address.origin] = self._read_rules(address)
        if isinstance(rules, FetchRefused):
            raise rules
        if not rules.allow(address):
            raise FetchRefused(
                f"{shorten(address.url)} is closed to programs by its site's robots.txt. "
                "Save the page by hand and add the file."
            )

    def _read_rules(self, address: Address) -> Rules | FetchRefused:
        limits = Limits(
            min(MOST_SECONDS, self.caps.seconds),
            self.caps.connect_seconds,
            self.caps.read_seconds,
            MOST_BYTES,
            cut=True,
        )
        robots = Address(address.scheme, address.host, address.port, "/robots.txt")
        try:
            _, answer = self._follow(robots, limits, robots=True)
        except FetchRefused as error:
            return error
        if answer.status == 200:
            return read_rules(answer.body)
        if answer.status >= 500 or answer.status == 429:
            return FetchRefused(
                f"{robots.url} answered {answer.status}, so it is not known what {address.host} "
                "allows. Try again later."
            )
        return ANYTHING

    def _wait(self, address: Address) -> None:
        before = self._asked.get(address.host)
        if before is None:
            return
        rules = self._rules.get(address.origin)
        asked_for = rules.delay() if isinstance(rules, Rules) else 0.0
        time.sleep(max(0.0, before + max(self.pause, asked_for) - time.monotonic()))


def _is_wanted(status: int, headers: Mapping[str, str]) -> bool:
    return status == 200 and is_wanted(split_content_type(headers.get("content-type", ""))[0])


def _next(address: Address, location: str) -> Address:
    # http.client reads headers as Latin-1; what is in them is UTF-8 where it is not ASCII.
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    following = join(address, location)
    if address.scheme == "https" and following.scheme == "http":
        raise FetchRefused(
            f"{shorten(address.url)} redirects from https to plain http. "
            f"Give {shorten(following.url)} itself, if you trust that."
        )
    return following


def _check_status(answer: Answer, shown: str) -> None:
    status = answer.status
    if status == 200:
        return
    if status in _GONE:
        raise FetchRefused(f"There is no page at {shown} ({status}). Check the address.")
    if status in _LOCKED:
        raise FetchRefused(
            f"{shown} wants a login or refuses programs ({status}). "
            "Save the page in a browser and add the file."
        )
    if status in _BUSY:
        wait = answer.headers.get("retry-after", "")
        after = f"in {wait} s" if wait.isdigit() and len(wait) < 7 else "later"
        raise FetchRefused(f"{shown} asks to wait ({status}). Try again {after}.")
    if status >= 500:
        raise FetchRefused(f"{shown} has a fault of its own ({status}). Try again later.")
    raise FetchRefused(f"{shown} answered {status} instead of a page. Check the address.")
