"""Where each page is saved below the staging folder, and the files that it is saved as."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from corpus.atomic import shelf_errors, write_all
from corpus.documents import slug
from corpus.sidecar import ORIGINAL_MARK, write_sidecar
from corpus.web.address import key, parse
from corpus.web.fetch import Page
from corpus.web.links import Link
from corpus.web.outcomes import Fetched, Known
from corpus.web.page import WebDocument, document_of

FOLDER = "web"
"""Where pages lie in the documents folder, each site in a folder of its own."""

_LONGEST_STEM = 80


@dataclass(slots=True)
class Staging:
    """The folder ``into`` which pages are saved; ``known`` is the corpus, by the keys of addresses.

    No two pages get one path, be they in the corpus or saved here before.
    """

    into: Path
    known: Mapping[str, str]
    taken: set[str] = field(default_factory=set)

    def save(self, page: Page, link: Link, *, listed: bool = False) -> Fetched | Known:
        """Save a page; one of a list is Known where the address that it gives itself is known.

        Raises FetchRefused or UnreadableFile where it makes no document, and ShelfError.
        """
        document = document_of(page, link=link, today=dt.datetime.now(dt.UTC).date())
        url = document.stated.url or page.final_url
        if listed and key(url) in self.known:
            return Known(url)
        relative = self._place(document, url, page)
        path = self.into / relative
        with shelf_errors("created"):
            path.parent.mkdir(parents=True, exist_ok=True)
        original = path.with_name(f"{path.name}{ORIGINAL_MARK}html")
        contents = {path: document.body}
        if document.original is not None:
            contents[original] = document.original
        else:
            names = ("title", "date", "source", "url", "fetched")
            write_sidecar(path, **{name: getattr(document.stated, name) for name in names})
        write_all(contents)
        return Fetched(
            path,
            relative,
            url,
            document.stated.title,
            original if document.original is not None else None,
            document.problems,
        )

    def _place(self, document: WebDocument, url: str, page: Page) -> str:
        """Return the file's path: a known page's own, else one that no other page has."""
        for address in (url, page.url, page.final_url):
            older = self.known.get(key(address))
            if older and older.startswith(f"{FOLDER}/") and older.endswith(document.suffix):
                self.taken.add(older)
                return older
        others = {*self.known.values(), *self.taken}
        stem, number = _stem(document, url), 2
        relative = f"{stem}{document.suffix}"
        while relative in others:
            relative, number = f"{stem}-{number}{document.suffix}", number + 1
        self.taken.add(relative)
        return relative


def _stem(document: WebDocument, url: str) -> str:
    address = parse(url)
    host = re.sub(r"[^a-z0-9.-]+", "-", address.authority.lower()).strip("-.")
    last = unquote(address.path.partition("?")[0]).rstrip("/").rpartition("/")[2]
    name = document.stated.title or last.partition(".")[0] or "index"
    words = slug(re.sub(r"[/.]", " ", name))
    date = document.stated.date or ""
    day = f"{date}-" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", date) else ""
    return f"{FOLDER}/{host}/{day}{words[:_LONGEST_STEM].strip('-')}"
