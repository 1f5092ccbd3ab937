"""Facts at the head of a text that has no front matter: "Source: The Tide", "URL: https://..."."""

from __future__ import annotations

import dataclasses
import re

from corpus.readers.front_matter import one_line
from corpus.readers.raw import Stated

# A title, a date and some facts stand before the first paragraph.
_HEAD_LINES = 8
_LONGEST_LINE = 300
_LONGEST_NAME = 80
_FACT = re.compile(r"(source|publisher|url|link)[ \t]*:[ \t]*(\S.*)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")


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
