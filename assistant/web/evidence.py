"""The evidence column's list: what an answer cites, or what came closest to one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers import Citation
from assistant.cite import still_stands
from assistant.spoken_values import sources
from assistant.web.markup import Reference, citation_reference, html_text
from corpus.documents import Document
from corpus.errors import UnknownDocument
from index.passages import Hit

if TYPE_CHECKING:
    from assistant.archive import Archive

# A closest passage is a pointer, not a citation: three lines of it are enough to judge it by.
PASSAGE_CHARACTERS = 280
# A longer answer than this is told in numbers alone.
_DOTS = 12

EMPTY = (
    '<div class="ev-empty">'
    '<svg width="30" height="30" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="1.5" stroke-linejoin="round" aria-hidden="true">'
    '<path d="M6 3h8l5 5v13H6z"/><path d="M14 3v5h5M9 13h7M9 17h4"/></svg>'
    "<h2>Evidence</h2>"
    "<p>Every sentence of an answer ends in a number. Choose one, and the sentence it quotes "
    "opens here, marked in its document.</p></div>"
)
CLOSE = (
    '<button class="close" type="button" data-act="close" aria-label="Close">'
    '<svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="2" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18"/></svg></button>'
)


_WHY_NOT = (
    '<details class="why-not"><summary>Why not another document?</summary><label>Document'
    '<select><option value="">Choose a document</option></select></label>'
    '<div class="why-slot" aria-live="polite"></div></details>'
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
            sources(len(one.also) + 1, one.independent),
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
            gone = "It was removed or changed after this answer was written."
            cards.append(Card(None, place.marker, "Document not available", None, None, gone))
        else:
            cards.append(_card(document, place, document.text[place.start : place.end]))
    return tuple(cards)


def sources_html(cards: Sequence[Card], asked: str = "", sentences: Sequence[bool] = ()) -> str:
    """Return the list of an answer's sources, or the empty column's words when there are none.

    ``asked`` is what was searched for, as the page sends it back (see ``why.asked_json``);
    ``sentences`` tells of each sentence of the answer whether it is supported.
    """
    if not cards:
        return EMPTY
    documents = len({card.reference.version for card in cards if card.reference})
    foot = f"{_count(len(cards), 'quote')} from {_count(documents, 'document')}"
    return _list_html("Sources", cards, foot, asked, _meter_html(sentences))


def nearest_html(cards: Sequence[Card], asked: str = "") -> str:
    """Return the list of what came closest to a question that was declined."""
    if not cards:
        return EMPTY
    foot = "These passages are near the question. None of them is offered as an answer."
    return _list_html("Closest passages", cards, foot, asked)


def byline(source: str | None, date: dt.date | None, page: int | None = None) -> str:
    """Return outlet, date and page on one line, as plain text: ``BuzzFeed News · 27 February 2020
    · page 3``."""
    day = f"{date.day} {date:%B %Y}" if date else ""
    where = f"page {page:,}" if page else ""
    return " · ".join(part for part in (source or "", day, where) if part)


def _meter_html(sentences: Sequence[bool]) -> str:
    """Return how much of the answer is supported; nothing where that is not known."""
    if not sentences:
        return ""
    supported, every = sum(sentences), len(sentences)
    dots = "".join(f'<i class="{"yes" if one else "no"}"></i>' for one in sentences[:_DOTS])
    verb = "is" if every == 1 else "are"
    return (
        f'<p class="meter"><span aria-hidden="true">{dots}</span>{supported:,} of '
        f"{_count(every, 'sentence')} {verb} supported</p>"
    )


def _list_html(heading: str, cards: Sequence[Card], foot: str, asked: str, meter: str = "") -> str:
    items = "".join(f"<li>{_card_html(card)}{_why_html(card)}</li>" for card in cards)
    return (
        f'<div class="ev-list" data-asked="{html_text(asked)}">'
        f'<div class="head"><h2 tabindex="-1">{heading}</h2>{CLOSE}</div>{meter}'
        f"<ol>{items}</ol>"
        f'<p class="foot">{foot}</p>{_WHY_NOT}</div>'
    )


def _why_html(card: Card) -> str:
    """Return the button that explains a card's passage; ``why.js`` fills the place behind it."""
    if card.reference is None:
        return ""
    of = f"<span class='vh'> Source {card.number}</span>" if card.number else ""
    report = report_html(card.reference) if card.number else ""
    return (
        f'<button class="why" type="button" aria-expanded="false" data-ref="{card.reference}">'
        f'Why this passage?{of}</button><div class="why-slot" aria-live="polite" hidden></div>'
        f"{report}"
    )


def report_html(place: Reference) -> str:
    """Return the button that reports a citation; ``feedback.js`` shows it where that is kept."""
    return (
        f'<button class="report" type="button" aria-pressed="false" data-ref="{place}" hidden>'
        f"Report<span class='vh'> Source {place.marker}</span></button>"
        '<div class="report-slot"></div>'
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
    name = f"Source {card.number}" if card.number else "Passage"
    inside = f'<span class="vh">{name}: </span>{inside}'
    return f'<a class="card" href="#cite-{card.reference}">{inside}</a>'


def _card(document: Document, place: Reference, text: str) -> Card:
    page = document.page_at(place.start)
    return Card(place, place.marker, document.title, document.source, document.date, text, page)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= PASSAGE_CHARACTERS:
        return line
    return line[:PASSAGE_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
