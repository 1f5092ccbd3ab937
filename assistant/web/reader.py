"""The evidence column's reader: a document with the quoted place marked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.web.evidence import byline, close_html, report_html
from assistant.web.markup import Reference, html_text, parse_reference, web_address
from assistant.web.page_picture import MEDIA_TYPE
from assistant.web.wording import number, say
from corpus.documents import Document

if TYPE_CHECKING:
    from assistant.archive import Archive

# A browser lays out this much text at once; of a longer document the part around the quote is
# shown. Chosen so that a page-sized answer still travels in well under 0.2 MB.
AROUND = 60_000

_HEADING = re.compile(r"(#{1,6}) +")
_ITEM = re.compile(r"( *)(?:[-*+]|(\d{1,9})[.)]) +")
BACK_ICON = (
    '<svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="2" aria-hidden="true"><path d="M15 5l-7 7 7 7"/></svg>'
)
OUT_ICON = (
    '<svg width="14" height="14" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
    '<path d="M8 16 18 6M9 6h9v9"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a list item or a paragraph; ``start`` and ``end`` leave its prefix out."""

    tag: str
    start: int
    end: int
    value: str = ""


def reader_html(archive: Archive, reference: str) -> str:
    """Return the document that a reference names, with its quote marked, or say that it is gone.

    The reference comes from the browser, so it is not trusted: one that does not lie within the
    text of that exact version opens nothing.
    """
    place = parse_reference(reference)
    document = archive.version(place.version) if place else None
    if place is None or document is None or not place.start < place.end <= len(document.text):
        return _gone_html()
    picture = _picture(document)
    slot = '<div class="picture-slot" tabindex="-1"></div>' if picture else ""
    return (
        f'<div class="ev-read" data-ref="{html_text(str(place))}">{_header(document, place)}'
        f'{picture}<div class="copies"></div><article class="doc" tabindex="0" '
        f'aria-label="{say("reader.text")}">'
        f"{slot}{text_html(document.text, place.start, place.end, document.pages)}</article>"
        f"{_foot(place)}</div>"
    )


def _back_html() -> str:
    return (
        '<button class="back" type="button" data-act="back" '
        f'aria-label="{say("reader.back")}">{BACK_ICON}</button>'
    )


def _gone_html() -> str:
    return (
        f'<div class="ev-read gone" role="alert"><header>{_back_html()}<div class="about">'
        f'<h2 tabindex="-1">{say("evidence.gone")}</h2></div>{close_html()}</header>'
        f'<div class="ev-empty"><p>{say("reader.gone_about")}</p></div></div>'
    )


def text_html(text: str, start: int, end: int, pages: Sequence[int] = ()) -> str:
    """Return a canonical text as HTML with ``text[start:end]`` in ``<mark>``.

    The first mark has the id ``hit``. A quote within one block gives one mark whose text is the
    quote; one that runs over several blocks gives a mark in each. ``pages`` are the offsets at
    which pages begin: a line says so before the first block of each.
    """
    first, last = _window(text, start, end)
    parts = list(_blocks_html(text, _between(text, first, last), (start, end), pages))
    if first > 0:
        parts.insert(0, f'<p class="cut">{say("reader.no_beginning")}</p>')
    if last < len(text):
        parts.append(f'<p class="cut">{say("reader.no_rest")}</p>')
    return "".join(parts)


def part_html(text: str, first: int, last: int, pages: Sequence[int] = ()) -> str:
    """Return the blocks of ``text[first:last]`` as HTML, with the pages that begin there."""
    return "".join(_blocks_html(text, _between(text, first, last), (0, 0), pages))


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a canonical text in reading order.

    Neighbouring plain lines form one paragraph. A heading or a list item is one line.
    """
    paragraph: Block | None = None
    offset = 0
    for line in text.splitlines(keepends=True):
        start, stop = offset, offset + len(line.rstrip())
        offset += len(line)
        block = _special(line, start, stop)
        if stop == start or block:
            if paragraph:
                yield paragraph
            paragraph = None
            if block:
                yield block
        else:
            paragraph = Block("p", paragraph.start if paragraph else start, stop)
    if paragraph:
        yield paragraph


def _between(text: str, first: int, last: int) -> list[Block]:
    return [
        replace(block, start=max(block.start, first), end=min(block.end, last))
        for block in blocks(text)
        if block.end > first and block.start < last
    ]


def _special(line: str, start: int, stop: int) -> Block | None:
    if found := _HEADING.match(line):
        # The page's own headings are h1 and h2, so a document's begin at h3.
        return Block(f"h{min(len(found[1]) + 2, 6)}", start + found.end(), stop)
    if found := _ITEM.match(line):
        return Block("ol" if found[2] else "ul", start + found.end(), stop, found[2] or "")
    return None


def _blocks_html(
    text: str, shown: list[Block], quote: tuple[int, int], pages: Sequence[int]
) -> Iterator[str]:
    open_list = ""
    marked = False
    page = 0
    for block in shown:
        wanted = block.tag if block.tag in ("ul", "ol") else ""
        turned = bisect_right(pages, block.start) > page
        if open_list and (turned or wanted != open_list):
            yield f"</{open_list}>"
            open_list = ""
        if turned:
            page = bisect_right(pages, block.start)
            yield f'<p class="page-mark">{say("picture.page", n=number(page))}</p>'
        if wanted != open_list:
            yield f"<{wanted}>"
            open_list = wanted
        inside = _marked(text, block, *quote, first=not marked)
        quoted = block.start < quote[1] and quote[0] < block.end
        marked = marked or quoted
        yield _element(block, inside, quoted=quoted)
    if open_list:
        yield f"</{open_list}>"


def _element(block: Block, inside: str, *, quoted: bool) -> str:
    tag = "li" if block.tag in ("ul", "ol") else block.tag
    value = f' value="{block.value}"' if block.value else ""
    style = ' class="passage"' if quoted else ""
    return f"<{tag}{value}{style}>{inside}</{tag}>"


def _marked(text: str, block: Block, start: int, end: int, *, first: bool) -> str:
    low, high = max(start, block.start), min(end, block.end)
    if low >= high:
        return html_text(text[block.start : block.end])
    name = ' id="hit" tabindex="-1"' if first else ""
    before, quote, after = text[block.start : low], text[low:high], text[high : block.end]
    return f"{html_text(before)}<mark{name}>{html_text(quote)}</mark>{html_text(after)}"


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    if len(text) <= 2 * AROUND:
        return 0, len(text)
    return max(0, start - AROUND), min(len(text), end + AROUND)


def _picture(document: Document) -> str:
    """Return the button for the page's picture, which is drawn when somebody asks for it."""
    if document.media_type != MEDIA_TYPE or not document.pages:
        return ""
    return (
        '<div class="picture"><button type="button" data-picture aria-expanded="false">'
        f'<span class="show">{say("picture.show")}</span>'
        f'<span class="hide">{say("picture.hide")}</span></button>'
        '<button type="button" data-zoom aria-pressed="false">'
        f"{say('picture.enlarge')}</button></div>"
    )


def _foot(place: Reference) -> str:
    """Return the bar below a document: the other quotes of its answer, a link, and a report."""
    steps = "".join(
        f'<button type="button" data-step="{by}" aria-label="{name}">{icon}</button>{between}'
        for by, name, icon, between in (
            (-1, say("reader.previous"), BACK_ICON, '<span class="at" role="status"></span>'),
            (1, say("reader.next"), BACK_ICON, ""),
        )
    )
    return (
        f'<div class="ev-foot" role="group" aria-label="{say("reader.this_quote")}">'
        f'<span class="steps" hidden>{steps}</span>'
        f'<button type="button" class="plain" data-link>{say("reader.copy_link")}</button>'
        f"{report_html(place) if place.marker else ''}<div class='report-slot'></div></div>"
    )


def _header(document: Document, place: Reference) -> str:
    pill = f'<span class="num" aria-hidden="true">{place.marker}</span>' if place.marker else ""
    line = html_text(byline(document.source, document.date, document.page_at(place.start)))
    address = web_address(document.url)
    original = ""
    if address:
        original = (
            f'<a class="original" href="{html_text(address)}" target="_blank" '
            f'rel="noopener noreferrer"><span class="word">{say("reader.original")}</span>'
            f'<span class="vh"> {say("reader.original_about")}</span>{OUT_ICON}</a>'
        )
    return (
        f'<header>{_back_html()}{pill}<div class="about">'
        f'<h2 tabindex="-1">{html_text(document.title)}</h2>'
        f"<small>{line}</small></div>{original}{close_html()}</header>"
    )
