"""Other versions of an open document that say the same: copies of one story, listed by title."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.web.evidence import byline
from assistant.web.markup import Reference, html_text, parse_reference
from assistant.web.wording import number, say
from assistant.web.work import attempted
from index.entries import Entry

if TYPE_CHECKING:
    from assistant.archive import Archive

# More copies than this make the panel a list of copies; the others are counted.
SHOWN = 5


def copies_html(archive: Archive, reference: str) -> str:
    """Return links to the same quote in other versions of its document; empty where none are.

    The reference comes from the browser: what is no quote of a document has no copies.
    """
    return attempted(lambda: _found(archive, reference), lambda _: "")


def _found(archive: Archive, reference: str) -> str:
    place = parse_reference(reference)
    document = archive.version(place.version) if place else None
    if place is None or document is None or not place.start < place.end <= len(document.text):
        return ""
    quote = document.text[place.start : place.end]
    links = list(_links(archive, document.id, quote))
    if not links:
        return ""
    more = (
        f"<li>{say('evidence.more_copies', n=number(len(links) - SHOWN))}</li>"
        if len(links) > SHOWN
        else ""
    )
    return f"<span>{say('evidence.same_in')}</span><ul>{''.join(links[:SHOWN])}{more}</ul>"


def _links(archive: Archive, document_id: str, quote: str) -> Iterator[str]:
    for entry in other_versions(archive.entry(document_id), archive.entries()):
        document = archive.document(entry.id)
        start = document.text.find(quote)
        if start < 0:
            continue
        place = Reference(document.sha256[:16], start, start + len(quote))
        line = html_text(byline(entry.source, entry.date))
        yield (
            f'<li><a href="#cite-{place}">{html_text(entry.title)}</a>'
            f"{f' <small>{line}</small>' if line else ''}</li>"
        )


def other_versions(entry: Entry, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the other versions of the same text: those that share a first one."""
    first = entry.version_of or entry.id
    return tuple(one for one in entries if one.id != entry.id and first in (one.id, one.version_of))
