"""Quotations and code in a text, which say what somebody else said, found in linear time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

_OPENING = re.compile(r"[“„«‹\"]|‘(?=\w)|(?<!\w)'(?=\w)|```|`")
_CLOSING = {
    "“": re.compile(r"”"),
    "„": re.compile(r"[“”]"),
    "«": re.compile(r"»"),
    "‹": re.compile(r"›"),
    '"': re.compile(r'"'),
    "‘": re.compile(r"’(?!\w)"),
    "'": re.compile(r"(?<=\w\w\w\w[\w.!?,])'(?!\w)"),
    "`": re.compile(r"`"),
    "```": re.compile(r"```"),
}
_PARAGRAPH_END = re.compile(r"\n[ \t]{0,8}\n|\Z")
_LONGEST = 2_000


def without_quotations(text: str) -> str:
    """Return ``text`` of the same length, with NUL characters for what is quoted or is code.

    A quotation ends with its paragraph. A curly mark that is never closed quotes up to there, as in
    print, where a quotation goes on in the next paragraph; other marks then quote nothing.
    """
    parts: list[str] = []
    done = 0
    for start, end in _quotations(text):
        parts += [text[done:start], "\0" * (end - start)]
        done = end
    return "".join([*parts, text[done:]])


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    places: dict[str, list[int]] = {}
    ends = [match.start() for match in _PARAGRAPH_END.finditer(text)]
    at = 0
    while opening := _OPENING.search(text, at):
        mark, at = opening.group(), opening.end()
        if mark not in places:
            places[mark] = [match.start() for match in _CLOSING[mark].finditer(text)]
        closing = _next(places[mark], at)
        paragraph = len(text) if mark == "```" else (_next(ends, at - 1) or len(text))
        if closing is not None and closing <= paragraph and closing - at <= _longest(mark):
            at = closing + len(mark)
            yield opening.start(), at
        elif mark == "“" or mark == "```":
            at = paragraph
            yield opening.start(), at


def _longest(mark: str) -> int:
    return 1_000_000_000 if mark == "```" else _LONGEST


def _next(places: list[int], after: int) -> int | None:
    """Return the first of the sorted ``places`` from ``after`` on."""
    found = bisect_right(places, after - 1)
    return places[found] if found < len(places) else None
