"""``collect``: a page, or the pages of a feed or a sitemap, as files below a staging folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from corpus.errors import CorpusError, FetchRefused
from corpus.web.address import key, shorten
from corpus.web.feed import read_feed
from corpus.web.fetch import Caps, Page, Web
from corpus.web.links import Link, kind_of
from corpus.web.network import Network
from corpus.web.outcomes import Known, Listener, Outcome, Refused, Step
from corpus.web.sitemap import read_sitemap
from corpus.web.staging import Staging
from corpus.web.unpack import gunzip, is_gzip

LIMIT = 20
_MOST_SITEMAPS = 50


def collect(
    url: str,
    *,
    into: Path,
    limit: int = LIMIT,
    match: str | None = None,
    known: Mapping[str, str] | None = None,
    network: Network | None = None,
    caps: Caps | None = None,
    pause: float = 1.0,
    listener: Listener | None = None,
) -> Iterator[Outcome]:
    """Fetch a page, or up to ``limit`` pages that a feed or a sitemap lists, and save them.

    ``match`` keeps those of a list whose address contains it, or fits it where it holds ``*`` or
    ``?``. ``known`` gives each address of the corpus with its document's path in the documents
    folder: such an address of a list is skipped, and such a page asked for by its own address is
    saved under the same path, so that it replaces the older version. What ``url`` is, its content
    says. Nothing is raised: whatever went wrong with an address is its Refused.
    """
    web = Web(network or Network(), caps or Caps(), pause)
    staging = Staging(into, {key(one): path for one, path in (known or {}).items()})
    run = _Run(web, staging, listener)
    try:
        run.tell(url, 1, None)
        page = _unpacked(run.web.fetch(url), run.web.caps.bytes)
        if kind_of(page.body) == "other":
            yield staging.save(page, Link(url))
            return
        links = run.links(page)
    except CorpusError as error:
        yield Refused(url, error)
        return
    yield from run.follow(links, limit, match)


@dataclass(slots=True)
class _Run:
    web: Web
    staging: Staging
    listener: Listener | None

    def tell(self, url: str, number: int, total: int | None) -> None:
        if self.listener is not None:
            self.listener(Step(url, number, total))

    def links(self, page: Page) -> Iterator[Link | Refused]:
        """Return the links of a feed or sitemap. Raises FetchRefused where it cannot be read."""
        if kind_of(page.body) == "feed":
            found = read_feed(
                page.body, url=page.final_url, media_type=page.media_type, charset=page.charset
            )
            return iter(found)
        sitemap = read_sitemap(page.body, url=page.final_url)
        return self._of_index(sitemap.links) if sitemap.is_index else iter(sitemap.links)

    def _of_index(self, sitemaps: tuple[Link, ...]) -> Iterator[Link | Refused]:
        """Give the links of each sitemap when its turn comes, so that a limit saves requests."""
        for one in sitemaps[:_MOST_SITEMAPS]:
            try:
                page = _unpacked(self.web.fetch(one.url), self.web.caps.bytes)
                if kind_of(page.body) != "sitemap":
                    raise FetchRefused(f"{shorten(one.url)} is no sitemap. Check the index.")
                sitemap = read_sitemap(page.body, url=page.final_url)
                if sitemap.is_index:
                    raise FetchRefused(
                        f"{shorten(one.url)} is an index inside an index. Add it by its address."
                    )
            except CorpusError as error:
                yield Refused(one.url, error)
                continue
            yield from sitemap.links

    def follow(
        self, links: Iterator[Link | Refused], limit: int, match: str | None
    ) -> Iterator[Outcome]:
        seen: set[str] = set()
        asked = 0
        while asked < limit:
            link = next(links, None)
            if link is None:
                return
            if isinstance(link, Refused):
                yield link
                continue
            if not _matches(link.url, match):
                continue
            own = key(link.url)
            if own in seen:
                continue
            seen.add(own)
            if own in self.staging.known:
                yield Known(link.url)
                continue
            asked += 1
            self.tell(link.url, asked, limit)
            yield self._one(link)

    def _one(self, link: Link) -> Outcome:
        try:
            page = self.web.fetch(link.url)
            if kind_of(page.body) != "other":
                raise FetchRefused(
                    f"{shorten(link.url)} is a feed or sitemap in a list of pages. "
                    "Add it by its own address."
                )
            return self.staging.save(page, link, listed=True)
        except CorpusError as error:
            return Refused(link.url, error)


def _unpacked(page: Page, most: int) -> Page:
    """Unpack a sitemap that is stored packed (``sitemap.xml.gz``)."""
    if not is_gzip(page.body):
        return page
    try:
        body = gunzip(page.body, most=most)
    except ValueError as error:
        raise FetchRefused(f"{shorten(page.url)} is a damaged gzip file. Try again.") from error
    if body is None or kind_of(body) == "other":
        raise FetchRefused(
            f"{shorten(page.url)} is a gzip file and no sitemap. Unpack it and add the file."
        )
    return Page(page.url, page.final_url, page.status, "application/xml", page.charset, body)


def _matches(url: str, match: str | None) -> bool:
    if not match:
        return True
    if "*" in match or "?" in match:
        return fnmatchcase(url, match) or fnmatchcase(url, f"*{match}*")
    return match in url
