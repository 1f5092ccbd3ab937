"""Text that is safe to show: escaping for Markdown and HTML, and the markers that cite.

Nothing that comes from a document, a file name, a person or a model reaches the page except
through ``markdown_text`` (the chat) or ``html_text`` (the evidence and the tables).
"""

from __future__ import annotations

import html
import re
import string
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.answers import Citation
from assistant.web.wording import say

# Every ASCII mark of punctuation becomes a character reference: Markdown can then find no markup,
# no link, no bare address and no HTML in the text, whatever the renderer's dialect.
_REFERENCES = {ord(char): f"&#{ord(char)};" for char in string.punctuation + "\t\r\v\f"}
_CHARACTER = re.compile(r"&#([0-9]{1,3});")
_LEADING_SPACES = re.compile(r"^ +", re.MULTILINE)
_MARKER_LINK = re.compile(r"\u00a0\[[0-9]{1,3}\]\(#cite-[0-9a-f.]+ \"[^\"]*\"\)")
# What a document says is escaped, so that only this program's own lines match.
_NOTE = re.compile(
    r"^- \*\*[^*]*\*\*[^\n]*\n+|<small>[^<]*</small>\n\n|^\*\*[^*]*\*\*\n\n", re.MULTILINE
)
_DOUBT = re.compile(r"<u>([^<]*)</u>\u00a0\[\?\]\(#unsupported \"[^\"]*\"\)")
_REFERENCE = re.compile(
    r"(?P<sha>[0-9a-f]{16})\.(?P<start>[0-9]{1,9})\.(?P<end>[0-9]{1,9})\.(?P<n>[0-9]{1,3})"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in one exact version of a document, small enough for a link.

    ``version`` is the first 16 hexadecimal digits of the SHA-256 of the document's text; ``start``
    and ``end`` are offsets in that text; ``marker`` is the number shown, 0 for a passage that is
    not cited. It needs no session, so it still works, or says that it no longer can, after a
    reload or a restart.
    """

    version: str
    start: int
    end: int
    marker: int = 0

    def __str__(self) -> str:
        """Return the form that ``parse_reference`` reads."""
        return f"{self.version}.{self.start}.{self.end}.{self.marker}"


def parse_reference(text: str) -> Reference | None:
    """Read ``<version>.<start>.<end>.<marker>``; None when the text is anything else."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    return Reference(found["sha"], int(found["start"]), int(found["end"]), int(found["n"]))


def references_in(markdown: str) -> tuple[Reference, ...]:
    """Return the references that a chat message's markers carry, each once, by their numbers."""
    links = _MARKER_LINK.findall(markdown)
    found = (
        ref
        for link in links
        if (place := _REFERENCE.search(link)) and (ref := parse_reference(place[0]))
    )
    return tuple(sorted(dict.fromkeys(found), key=lambda ref: ref.marker))


def citation_reference(citation: Citation) -> Reference:
    """Return where a citation's quote stands."""
    return Reference(citation.sha256[:16], citation.start, citation.end, citation.marker)


def html_text(text: str) -> str:
    """Escape text for HTML, inside an element or inside a quoted attribute."""
    return html.escape(text, quote=True)


def markdown_text(text: str) -> str:
    """Escape text for Markdown so that it is shown as it is; ``plain_text`` is the inverse."""
    safe = text.translate(_REFERENCES)
    return _LEADING_SPACES.sub(lambda spaces: "&#32;" * len(spaces[0]), safe)


def marker_link(citation: Citation) -> str:
    """Return a citation's marker as a link; the space before it keeps it on its word's line."""
    title = markdown_text(" ".join(citation.title.split()))
    number, place = citation.marker, citation_reference(citation)
    name = markdown_text(say("evidence.source", n=number))
    return f'\u00a0[{number}](#cite-{place} "{name}&#58; {title}")'


def note(text: str) -> str:
    """Return a small line to stand above a message; it is no part of the message's text."""
    return f"<small>{markdown_text(' '.join(text.split()))}</small>\n\n"


def in_bold(text: str) -> str:
    """Return a line in bold to stand in front of a message; it is no part of the message's text."""
    return f"**{markdown_text(' '.join(text.split()))}**\n\n"


def in_doubt(text: str, why: str) -> str:
    """Return a sentence that no document supports, underlined, with a mark that says why."""
    shown = markdown_text(f"{say('chat.unsupported')}: {why}")
    return f'<u>{markdown_text(text)}</u>\u00a0[?](#unsupported "{shown}")'


def plain_text(markdown: str) -> str:
    """Return what a chat message says, without its notes, what is in front, and its markers."""
    return characters(_DOUBT.sub(r"\1 [?]", _MARKER_LINK.sub("", _NOTE.sub("", markdown))))


def characters(markdown: str) -> str:
    """Return a text that ``markdown_text`` made as it was before."""
    return _CHARACTER.sub(lambda found: chr(int(found[1])), markdown)


def web_address(url: str | None) -> str | None:
    """Return the address when it is one of a web page (http or https), else None."""
    if not url or any(char.isspace() or not char.isprintable() for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
