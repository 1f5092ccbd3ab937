"""Which lines of a saved page are furniture: calls, bars, notices, lists of other pages.

Precision first. A rule matches a whole short line. Some lines are furniture wherever they stand;
most rules hold only at the edges of a text, before its first and after its last line of prose.
A box about the author stays (somebody may ask who wrote this), and so do captions; a bare photo
credit goes at the edges only.
"""

from __future__ import annotations

import re

from corpus.furniture_rules import (
    ANYWHERE,
    AT_EDGES,
    AT_END,
    LIST_HEADING,
    SHARE_SURE,
    SHARE_WORD,
    Rule,
    reason,
)

_PROSE_WORDS = 8
_PROSE_LENGTH = 200
_SENTENCE_END = re.compile(r"[.!…][\"'”’)\]]{0,2}$")
_MARKS = re.compile(r"^(?:#{1,6}|[-*•>|]|\d{1,2}\.)\s+")
_BETWEEN = re.compile(r" ?[|·•] ?| – ")
_MOST_PARTS = 8


def find_furniture(lines: list[str]) -> dict[int, str]:
    """Return the places of furniture in ``lines``, counted from 0, each with the reason."""
    bare = [_MARKS.sub("", line.strip()) for line in lines]
    found = {at: why for at, line in enumerate(bare) if (why := reason(line, ANYWHERE))}
    before, after = _edges(bare)
    for at in (*before, *after):
        rules = AT_EDGES if at in before else AT_EDGES + AT_END
        if at not in found and (why := _edge_reason(bare[at], rules)):
            found[at] = why
    for at in _share_bars(bare, before) + _share_bars(bare, after):
        found.setdefault(at, "share bar")
    for at in _lists_at_the_end(bare, after):
        found.setdefault(at, "list of other pages")
    return found


def _edge_reason(line: str, rules: tuple[Rule, ...]) -> str | None:
    """Return why a line is furniture; a bar of several ("Imprint | Terms") when each part is."""
    if (why := reason(line, rules)) or not _BETWEEN.search(line):
        return why
    parts = [part.strip() for part in _BETWEEN.split(line) if part.strip()]
    reasons = [reason(part, rules + ANYWHERE) for part in parts]
    return reasons[0] if 1 < len(parts) <= _MOST_PARTS and all(reasons) else None


def _edges(lines: list[str]) -> tuple[range, range]:
    """Return the places before the first and after the last line of prose."""
    prose = [at for at, line in enumerate(lines) if _is_prose(line)]
    # With no prose at all nothing tells the text from its furniture: then only the sure rules hold.
    if not prose:
        return range(0), range(0)
    return range(prose[0]), range(prose[-1] + 1, len(lines))


def _is_prose(line: str) -> bool:
    if reason(line, ANYWHERE + AT_EDGES + AT_END):
        return False
    if len(line) > _PROSE_LENGTH:
        return True
    return len(line.split()) >= _PROSE_WORDS and bool(_SENTENCE_END.search(line))


def _share_bars(lines: list[str], edge: range) -> list[int]:
    """Return runs of share words; "Facebook" alone may be the article's own list."""
    found: list[int] = []
    run: list[int] = []
    for at in (at for at in edge if lines[at]):
        if not (SHARE_WORD.fullmatch(lines[at]) or SHARE_SURE.fullmatch(lines[at])):
            found += _if_sure(run, lines)
            run = []
        else:
            run.append(at)
    return found + _if_sure(run, lines)


def _if_sure(run: list[int], lines: list[str]) -> list[int]:
    return run if any(SHARE_SURE.fullmatch(lines[at]) for at in run) else []


def _lists_at_the_end(lines: list[str], after: range) -> list[int]:
    """Return the first heading such as "Related articles" after the text, and all below it."""
    below = [at for at in after if lines[at]]
    start = next((at for at in below if LIST_HEADING.fullmatch(lines[at])), None)
    return [] if start is None else [at for at in below if at >= start]
