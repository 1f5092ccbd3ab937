"""A fetched page as a readable Markdown file with front matter, or as the file that it is."""

from __future__ import annotations

import codecs
import datetime as dt
import json
import re
from dataclasses import dataclass, replace

from corpus.dates import parse_date
from corpus.errors import FetchRefused, UnreadableFile
from corpus.readers.decode import decode
from corpus.readers.front_matter import GUESSED, REMARKS, one_line
from corpus.readers.html import read_html
from corpus.readers.kinds import CONTAINER_SUFFIXES, SUFFIXES
from corpus.readers.raw import RawText, Stated
from corpus.readers.sniff import looks_like_html
from corpus.web.address import join, parse, shorten
from corpus.web.as_markdown import as_markdown
from corpus.web.fetch import Page
from corpus.web.links import Link
from corpus.web.media import HTML, suffix_of
from corpus.web.walls import remarks, wall

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"})
# Python also knows codecs, such as "hex", that are no encodings of pages.
_ENCODING = re.compile(r"(utf|windows|cp|iso|latin|ascii|us-|koi8|gb|big5|euc|shift|sjis|mac)")


@dataclass(frozen=True, slots=True)
class WebDocument:
    """What will be saved of a page: the file, and for a web page the bytes it was made from.

    ``stated`` are its facts: they stand in the front matter of a web page, and belong into the
    sidecar of any other file. ``problems`` are one-line remarks for a curator; they stand there
    too, so that they are not forgotten.
    """

    suffix: str
    body: bytes
    stated: Stated
    original: bytes | None = None
    problems: tuple[str, ...] = ()


def document_of(page: Page, *, link: Link | None = None, today: dt.date) -> WebDocument:
    """Turn a fetched page into what is saved; ``link`` is what a feed said about it.

    Raises FetchRefused where it is a wall in front of a document or nothing that a reader takes,
    and UnreadableFile where a web page cannot be decoded or parsed.
    """
    if _is_html(page):
        return _web_page(page, link, today)
    suffix = suffix_of(page.media_type, parse(page.final_url).path, page.body)
    if suffix is None or suffix not in SUFFIXES + CONTAINER_SUFFIXES:
        raise FetchRefused(
            f"{shorten(page.url)} is {page.media_type or 'a file of no stated type'!r}, which no "
            "reader takes. Save its text as .txt or .md and add that."
        )
    if not page.body.strip():
        raise FetchRefused(f"{shorten(page.url)} is empty. Check the address.")
    stated = _completed(Stated(), page, link, today)
    body = page.body
    if suffix in (".txt", ".md", ".csv") and page.charset:
        # Only the header says how it is encoded, and the header is not saved.
        body = page_text(page).encode("utf-8")
    return WebDocument(suffix, body, stated)


def page_text(page: Page) -> str:
    """Decode a page: its byte order mark counts first, then the header, then what it declares.

    A page that declares nothing and is not UTF-8 is read as Windows-1252, as browsers do. Raises
    UnreadableFile where the bytes are not what they are said to be.
    """
    name = shorten(page.url)
    if page.charset and not page.body.startswith(_MARKS):
        label = "windows-1252" if page.charset in _LATIN else page.charset
        try:
            if _ENCODING.match(label):
                return page.body.decode(label)
        except (LookupError, UnicodeError):
            # A header that is wrong is common; what the page itself declares may be right.
            pass
    try:
        return decode(page.body, name=name)
    except UnreadableFile:
        if page.charset or re.search(rb"charset|encoding=", page.body[:4096], re.IGNORECASE):
            raise
        return page.body.decode("windows-1252", "replace")


def _is_html(page: Page) -> bool:
    if page.media_type in HTML:
        return True
    if page.media_type in ("text/plain", "text/markdown"):
        return False
    opening = page.body[:4096]
    return b"\0" not in opening and looks_like_html(opening.decode("utf-8", "replace"))


def _web_page(page: Page, link: Link | None, today: dt.date) -> WebDocument:
    html = page_text(page)
    if not html.strip():
        raise FetchRefused(f"{shorten(page.url)} is empty. Check the address.")
    raw = read_html(html, name=shorten(page.url))
    why = wall(title=raw.stated.title or "", text=raw.text, shown=_shown(raw), html=html)
    if why:
        raise FetchRefused(
            f"{shorten(page.url)} {why}. Save the page in a browser and add the file."
        )
    to_check = remarks(url=page.url, final_url=page.final_url, text=raw.text, html=html)
    stated = replace(_completed(raw.stated, page, link, today), problems=to_check)
    markdown = f"{front_matter(stated)}\n{as_markdown(raw.text)}\n"
    return WebDocument(".md", markdown.encode("utf-8", "replace"), stated, page.body, to_check)


def _shown(raw: RawText) -> str:
    return "\n".join([raw.text, *(part.text for part in raw.dropped)])


def _completed(stated: Stated, page: Page, link: Link | None, today: dt.date) -> Stated:
    """Fill in what the page does not state from the feed and from the address."""
    of_page, of_feed = stated.date, link.date if link else None
    # What a page only seems to say counts less than what its feed states.
    is_inferred = "date" in stated.inferred
    written = [of_feed, of_page] if is_inferred else [of_page, of_feed]
    dates = [(date, one) for one in written if one and (date := parse_date(one))]
    date, said = dates[0] if dates else (None, next(filter(None, written), None))
    inferred = [one for one in stated.inferred if one != "date" or said == of_page != of_feed]
    return replace(
        stated,
        title=stated.title or (link.title if link else None),
        date=date.isoformat() if date else said,
        inferred=tuple(inferred),
        url=_canonical(stated.url, page),
        fetched=today.isoformat(),
    )


def _canonical(stated: str | None, page: Page) -> str:
    """Return the address that a page gives as its own, where that is on the same site."""
    final = parse(page.final_url)
    if stated:
        try:
            own = join(final, stated)
        except FetchRefused:
            return final.url
        # A front page given as every page's address would make one document of them all.
        if own.site == final.site and own.port == final.port and own.path != "/":
            return own.url
    return final.url


def front_matter(stated: Stated) -> str:
    """Write facts as front matter: every value as a quoted line, which YAML reads as it stands."""
    names = ("title", "author", "date", "source", "url", "language")
    fields = [(name, getattr(stated, name)) for name in names]
    lines = [f"{name}: {_quoted(value)}" for name, value in fields if value]
    if stated.tags:
        lines.append(f"tags: {_list(stated.tags)}")
    if stated.inferred:
        lines.append(f"{GUESSED}: {_list(stated.inferred)}")
    if stated.problems:
        lines.append(f"{REMARKS}: {_list(stated.problems)}")
    if stated.fetched:
        lines.append(f"fetched: {_quoted(stated.fetched)}")
    return "\n".join(["---", *lines, "---", ""])


def _list(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(value: str) -> str:
    # JSON's strings are YAML's double-quoted ones.
    return json.dumps(one_line(value), ensure_ascii=False)
