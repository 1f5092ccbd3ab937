"""A document's whole text in its panel, a part at a time: exactly what is searched and quoted."""

from __future__ import annotations

from assistant.web.evidence import close_html
from assistant.web.markup import html_text
from assistant.web.reader import BACK_ICON, part_html
from assistant.web.wording import number, say
from corpus.documents import Document

# A browser lays out this many characters at once without a pause.
PART = 100_000


def reading_html(document: Document, begin: int = 0) -> str:
    """Return the part of the text that begins at an offset, with ways to the others."""
    text = document.text
    begin = begin if 0 < begin < len(text) else 0
    end = _end(text, begin)
    before = _turn(0, say("reader.from_beginning")) if begin else ""
    after = _turn(end, say("reader.go_on")) if end < len(text) else ""
    first, last, every = (number(one) for one in (begin + 1, end, len(text)))
    place = say("reader.characters", first=first, last=last, every=every)
    return (
        f'<section class="details reading" data-document="{html_text(document.id)}" '
        'aria-labelledby="details-heading"><header><button type="button" data-act="details" '
        f'class="back" aria-label="{say("reader.back_to_details")}">{BACK_ICON}</button>'
        '<div class="about">'
        f'<h2 id="details-heading" tabindex="-1">{html_text(document.title)}</h2>'
        f"<small>{place}</small></div>{close_html()}</header>"
        f'<div class="body" tabindex="0" role="region" aria-label="{say("reader.text")}">{before}'
        f'<article class="doc">{part_html(text, begin, end, document.pages)}</article>{after}'
        "</div></section>"
    )


def _end(text: str, begin: int) -> int:
    if len(text) - begin <= PART:
        return len(text)
    blank = text.rfind("\n\n", begin + PART // 2, begin + PART)
    return blank + 2 if blank > 0 else begin + PART


def _turn(begin: int, label: str) -> str:
    return (
        f'<p class="turn"><button type="button" data-act="read" data-from="{begin}">{label}'
        "</button></p>"
    )
