"""The evidence column's list: what an answer cites, or what came closest to one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import bidirectional

from assistant.answers import Citation
from assistant.cite import still_stands
from assistant.web.markup import Reference, citation_reference, html_text
from assistant.web.wording import counted, day, number, say
from corpus.documents import Document
from corpus.errors import UnknownDocument
from index.passages import Hit

if TYPE_CHECKING:
    from assistant.archive import Archive

# A closest passage is a pointer, not a citation: three lines of it are enough to judge it by.
PASSAGE_CHARACTERS = 280
_LINE_MARK = re.compile(r"^ *(?:[-*+]|#{1,6}) +", re.MULTILINE)
# A longer answer than this is told in numbers alone.
_DOTS = 12

_SHEET = (
    '<svg width="30" height="30" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="1.5" stroke-linejoin="round" aria-hidden="true">'
    '<path d="M6 3h8l5 5v13H6z"/><path d="M14 3v5h5M9 13h7M9 17h4"/></svg>'
)
_CROSS = (
    '<svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="2" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Card:
    """One entry of the list; ``reference`` is None when its document is gone. ``told`` says how
    many documents say the same."""

    reference: Reference | None
    number: int
    title: str
    source: str | None
    date: dt.date | None
    text: str
    page: int | None = None
    told: str = ""


def empty_html() -> str:
    """Return what the column says while there is nothing to show."""
    heading, about = say("evidence.heading"), say("evidence.about")
    return f'<div class="ev-empty">{_SHEET}<h2>{heading}</h2><p>{about}</p></div>'


def close_html() -> str:
    """Return the button that closes what stands below it."""
    return (
        '<button class="close" type="button" data-act="close" '
        f'aria-label="{say("evidence.close")}">{_CROSS}</button>'
    )


def cited_cards(citations: Iterable[Citation]) -> tuple[Card, ...]:
    """Return a card for each citation."""
    return tuple(
        Card(
            citation_reference(one),
            one.marker,
            one.title,
            one.source,
            one.date,
            one.quote,
            one.page,
            told(len(one.also) + 1, one.independent),
        )
        for one in citations
    )


def nearest_cards(archive: Archive, hits: Iterable[Hit]) -> tuple[Card, ...]:
    """Return a card for each passage that came close; one changed or removed meanwhile is not
    there."""
    cards = []
    for hit in hits:
        try:
            document = archive.document(hit.passage.document_id)
        except UnknownDocument:
            continue
        if still_stands(hit, document):
            cards.append(passage_card(document, hit.passage.start, hit.passage.end))
    return tuple(cards)


def passage_card(document: Document, start: int, end: int) -> Card:
    """Return a card that points to a passage without citing it."""
    place = Reference(document.sha256[:16], start, end)
    return _card(document, place, _shortened(document.text[start:end]))


def referenced_cards(archive: Archive, references: Iterable[Reference]) -> tuple[Card, ...]:
    """Return a card for each reference of an earlier answer, also where its document is gone."""
    cards = []
    for place in references:
        document = archive.version(place.version)
        if document is None or not place.start < place.end <= len(document.text):
            title, why = say("evidence.gone"), say("evidence.changed_since")
            cards.append(Card(None, place.marker, title, None, None, why))
        else:
            cards.append(_card(document, place, document.text[place.start : place.end]))
    return tuple(cards)


def sources_html(cards: Sequence[Card], asked: str = "", sentences: Sequence[bool] = ()) -> str:
    """Return the list of an answer's sources, or the empty column's words when there are none.

    ``asked`` is what was searched for, as the page sends it back (see ``why.asked_json``);
    ``sentences`` tells of each sentence of the answer whether it is supported.
    """
    if not cards:
        return empty_html()
    documents = len({card.reference.version for card in cards if card.reference})
    quotes, where = counted("evidence.quotes", len(cards)), counted("evidence.from", documents)
    foot = f"{quotes} {where}"
    return _list_html(say("evidence.sources"), cards, foot, asked, _meter_html(sentences))


def nearest_html(cards: Sequence[Card], asked: str = "") -> str:
    """Return the list of what came closest to a question that was declined."""
    if not cards:
        return empty_html()
    return _list_html(say("evidence.closest"), cards, say("evidence.no_answer"), asked)


def byline(source: str | None, date: dt.date | None, page: int | None = None) -> str:
    """Return outlet, date and page on one line, as plain text: ``BuzzFeed News · 27 February 2020
    · page 3``."""
    when = day(date) if date else ""
    where = say("evidence.on_page", n=number(page)) if page else ""
    return " · ".join(part for part in (_isolated(source or ""), when, where) if part)


def _isolated(name: str) -> str:
    """Return a name that is written from right to left so that it leaves its neighbours alone."""
    backwards = any(bidirectional(char) in ("R", "AL") for char in name)
    return f"\u2068{name}\u2069" if backwards else name


def told(documents: int, independent: int) -> str:
    """Return how many documents say the same, and how many sources of their own they are."""
    if documents == 1:
        return ""
    many = counted("evidence.documents", documents)
    return f"{many}, {counted('evidence.independent', independent)}"


def _meter_html(sentences: Sequence[bool]) -> str:
    """Return how much of the answer is supported; nothing where that is not known."""
    if not sentences:
        return ""
    supported, every = sum(sentences), len(sentences)
    dots = "".join(f'<i class="{"yes" if one else "no"}"></i>' for one in sentences[:_DOTS])
    said = counted("evidence.supported", every, supported=number(supported))
    short = say("evidence.supported_short", n=number(every), supported=number(supported))
    return f'<p class="meter" data-short="{short}"><span aria-hidden="true">{dots}</span>{said}</p>'


def _list_html(heading: str, cards: Sequence[Card], foot: str, asked: str, meter: str = "") -> str:
    items = "".join(f"<li>{_card_html(card)}{_why_html(card)}</li>" for card in cards)
    return (
        f'<div class="ev-list" data-asked="{html_text(asked)}">'
        f'<div class="head"><h2 tabindex="-1">{heading}</h2>{close_html()}</div>{meter}'
        f"<ol>{items}</ol>"
        f'<p class="foot">{foot}</p>{_why_not_html()}</div>'
    )


def _why_not_html() -> str:
    return (
        f'<details class="why-not"><summary>{say("why.not")}</summary>'
        f"<label>{say('evidence.document')}"
        f'<select><option value="">{say("why.choose")}</option></select></label>'
        '<div class="why-slot" aria-live="polite"></div></details>'
    )


def _why_html(card: Card) -> str:
    """Return the button that explains a card's passage; ``why.js`` fills the place behind it."""
    if card.reference is None:
        return ""
    of = f"<span class='vh'> {source_name(card.number)}</span>" if card.number else ""
    report = report_html(card.reference) if card.number else ""
    return (
        f'<div class="card-acts"><button class="why" type="button" aria-expanded="false" '
        f'data-ref="{card.reference}">{say("why.this")}{of}</button>{report}</div>'
        '<div class="why-slot" aria-live="polite" hidden></div><div class="report-slot"></div>'
    )


def report_html(place: Reference) -> str:
    """Return the button that reports a citation; ``feedback.js`` shows it where that is kept."""
    return (
        f'<button class="report" type="button" aria-pressed="false" data-ref="{place}" hidden>'
        f"{say('evidence.report')}<span class='vh'> {source_name(place.marker)}</span></button>"
    )


def _card_html(card: Card) -> str:
    number = f'<span class="num" aria-hidden="true">{card.number}</span>' if card.number else ""
    line = html_text(byline(card.source, card.date, card.page))
    told = f'<small class="told">{html_text(card.told)}</small>' if card.told else ""
    inside = (
        f'{number}<span class="meta"><b>{html_text(card.title)}</b><i>{line}</i></span>'
        f"<q>{html_text(card.text)}</q>{told}"
    )
    if card.reference is None:
        return f'<div class="card gone">{inside}</div>'
    name = source_name(card.number) if card.number else say("evidence.passage")
    inside = f'<span class="vh">{name}: </span>{inside}'
    return f'<a class="card" href="#cite-{card.reference}">{inside}</a>'


def source_name(marker: int) -> str:
    """Return what a citation is called to those who don't see its number."""
    return say("evidence.source", n=marker)


def _card(document: Document, place: Reference, text: str) -> Card:
    page = document.page_at(place.start)
    return Card(place, place.marker, document.title, document.source, document.date, text, page)


def _shortened(text: str) -> str:
    line = " ".join(_LINE_MARK.sub("", text).split())
    if len(line) <= PASSAGE_CHARACTERS:
        return line
    return line[:PASSAGE_CHARACTERS].rsplit(" ", 1)[0] + " …"
