"""Text that a document holds but does not show: kept out, and remembered with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.documents import Removed

# Unicode keeps these two for use inside a program; no text has them.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARKS = re.compile(f"(?:{_OPEN}\\d{{1,7}}{_CLOSE})+")
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


HEADER, FOOTER = "page header", "page footer"
EDGES = (HEADER, FOOTER)
"""The reasons of what each page of a printed document repeats."""


def with_edges(
    text: str, dropped: tuple[Removed, ...], edges: Iterable[tuple[str, str]]
) -> tuple[Removed, ...]:
    """Add page headers and footers, each once, to what was left out around and in ``text``.

    ``edges`` are pairs of one of EDGES and a line. Headers stand before the text, footers after.
    """
    last = text.count("\n") + 2
    lines = {(edge, " ".join(line.split())): None for edge, line in edges if line.strip()}
    heads = [Removed(1, line, edge) for edge, line in lines if edge == HEADER]
    feet = [Removed(last, line, edge) for edge, line in lines if edge == FOOTER]
    return (*heads, *dropped, *feet)


@dataclass(slots=True)
class Hidden:
    """Parts taken out while a document is read.

    ``mark`` gives a stand-in to leave in the text, so that ``lift`` can tell, once the text is
    laid out, which line each part stood before.
    """

    _parts: list[tuple[str, str]] = field(default_factory=list)

    def mark(self, text: str, reason: str) -> str:
        """Remember ``text`` as left out for ``reason`` and return its stand-in."""
        self._parts.append((text, reason))
        return f"{_OPEN}{len(self._parts) - 1}{_CLOSE}"

    def lift(self, blocks: Iterable[str]) -> tuple[str, tuple[Removed, ...]]:
        """Return blocks as one text without stand-ins, and the parts with their lines."""
        lines: list[str] = []
        removed: list[Removed] = []
        for block in blocks:
            before = len(lines)
            for line in block.split("\n"):
                removed += self._removed(line, len(lines) + 1)
                shown = re.sub(r"(?<=\S) {2,}", " ", _MARKS.sub("", line)).rstrip()
                if shown.strip(" -#|0123456789.") or shown == line:
                    lines.append(shown)
            if len(lines) > before:
                lines.append("")
        return "\n".join(lines[:-1]), tuple(removed)

    def _removed(self, line: str, number: int) -> list[Removed]:
        found = []
        for run in _MARKS.finditer(line):
            parts = [self._parts[int(at)] for at in _MARK.findall(run.group()) if self._has(at)]
            if text := " ".join("".join(text for text, _ in parts).split()):
                found.append(Removed(number, text, parts[0][1]))
        return found

    def _has(self, at: str) -> bool:
        return int(at) < len(self._parts)
