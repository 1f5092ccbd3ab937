"""The page of a PDF that a citation quotes, as a picture with the quote boxed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.web.markup import html_text, parse_reference
from assistant.web.wording import number, say
from assistant.web.work import attempted
from corpus import sandbox

if TYPE_CHECKING:
    from assistant.archive import Archive
    from corpus.documents import Document
    from corpus.places import Place

MEDIA_TYPE = "application/pdf"
# Twice as wide as the column on most screens, so that small print stays sharp.
WIDTH_PX = 1200


def page_picture_html(archive: Archive, reference: str) -> str:
    """Return the page, or the two pages, on which a reference's quote stands, or why not.

    The reference comes from the browser: only documents of the corpus are opened by it.
    """

    def draw() -> str:
        place = parse_reference(reference)
        document = archive.version(place.version) if place else None
        if place is None or document is None or not place.start < place.end <= len(document.text):
            return _said(say("picture.gone"))
        page = document.page_at(place.start)
        if page is None or document.media_type != MEDIA_TYPE:
            return _said(say("picture.none"))
        path = archive.home.documents / document.path
        return "".join(_figures(path, document, document.text[place.start : place.end], page))

    return attempted(draw, _said)


def _figures(path: Path, document: Document, quote: str, page: int) -> Iterator[str]:
    readers = sandbox.shared()
    places = readers.find_place(path, quote, page=page)
    for place in places:
        yield _figure(
            document, place.page, readers.page_image(path, place.page, width_px=WIDTH_PX), place
        )
    if not places:
        yield _figure(document, page, readers.page_image(path, page, width_px=WIDTH_PX), None)


def _figure(document: Document, page: int, png: bytes, place: Place | None) -> str:
    boxes = "".join(_boxes(place)) if place else ""
    name = say("picture.page", n=number(page))
    caption = name if boxes else f"{name}; {say('picture.no_place')}"
    picture = b64encode(png).decode("ascii")
    return (
        '<figure class="page-picture"><div class="sheet">'
        f'<img alt="{name}: {html_text(document.title)}" '
        f'src="data:image/png;base64,{picture}">{boxes}</div>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _boxes(place: Place) -> Iterator[str]:
    if place.width <= 0 or place.height <= 0:
        return
    for x0, y0, x1, y1 in place.boxes:
        left, top = 100 * x0 / place.width, 100 * y0 / place.height
        width, height = 100 * (x1 - x0) / place.width, 100 * (y1 - y0) / place.height
        yield (
            f'<div class="box" style="left:{left:.3f}%;top:{top:.3f}%;'
            f'width:{width:.3f}%;height:{height:.3f}%"></div>'
        )


def _said(why: str) -> str:
    return f'<p class="page-picture cut" role="alert">{html_text(why)}</p>'
