"""Facts at the head of a text that has no front matter: "Source: The Tide", "URL: https://..."."""

from __future__ import annotations

import dataclasses
import re

from corpus.readers.front_matter import MAX_CHARACTERS, one_line
from corpus.readers.raw import Stated

# A title, a date and some facts stand before the first paragraph.
_HEAD_LINES = 8
_LONGEST_LINE = 300
_LONGEST_NAME = 80
_FACT = re.compile(r"(source|publisher|url|link)[ \t]*:[ \t]*(\S.*)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")
_FIELDS = re.compile(
    r"---[ \t]*\n(?:title|date|source|url|author|tags|language)[ \t]*:", re.IGNORECASE
)
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


def take_facts(stated: Stated, text: str) -> tuple[Stated, str]:
    """Return ``stated`` with what the first lines of ``text`` add to it, and the other lines.

    A line counts when it names a source or an address and nothing else; the text must go on
    after it.
    """
    lines = text.split("\n")
    found: dict[str, str] = {}
    kept: list[str] = []
    seen = 0
    for at, line in enumerate(lines):
        seen += bool(line.strip())
        if seen > _HEAD_LINES or len(line) > _LONGEST_LINE:
            kept += lines[at:]
            break
        fact = _fact(line)
        if fact is None or fact[0] in found:
            kept.append(line)
        else:
            found[fact[0]] = fact[1]
    if not any(line.strip() for line in kept):
        return stated, text
    source, url = stated.source or found.get("source"), stated.url or found.get("url")
    return dataclasses.replace(stated, source=source, url=url), "\n".join(kept)


def never_closed(text: str) -> str | None:
    """Return a remark where ``text`` opens with fields that no second rule ends, else None."""
    if _FIELDS.match(text) and not _CLOSING.search(text, len("---\n"), MAX_CHARACTERS):
        return "front matter is not closed with a line '---': its fields were not used"
    return None


def _fact(line: str) -> tuple[str, str] | None:
    found = _FACT.fullmatch(line.strip())
    if found is None:
        return None
    value = one_line(found.group(2))
    if _ADDRESS.fullmatch(value):
        return "url", value
    is_name = len(value) <= _LONGEST_NAME and not value.endswith((".", "!", "?", ",", ":"))
    if found.group(1).lower() in ("source", "publisher") and is_name:
        return "source", value
    return None
