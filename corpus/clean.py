"""Cleaning: characters repaired, the furniture of saved web pages out, and a list of what went."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.documents import Removed
from corpus.furniture import find_furniture
from corpus.repair import repair

VERSION = 1
"""Part of the index recipe: raise it when the same file would give another text."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text and the lines that are not part of it, in the order they stood."""

    text: str
    removed: tuple[Removed, ...] = ()


def clean(text: str) -> Cleaned:
    """Repair ``text`` and take out page furniture; cleaning twice changes nothing more.

    Only whole lines go, each named in ``removed`` with its number in ``text``. A sentence that
    merely mentions a newsletter, a tweet or a cookie stays.
    """
    lines = [(number, line) for number, line in enumerate(repair(text).split("\n"), start=1)]
    removed: list[Removed] = []
    # What goes may bring two lines together that are furniture only side by side.
    while reasons := find_furniture([line for _, line in lines]):
        removed += [Removed(*lines[at], reason) for at, reason in reasons.items()]
        lines = [pair for at, pair in enumerate(lines) if at not in reasons]
    kept = _single_blanks([line for _, line in lines])
    return Cleaned("\n".join(kept), tuple(sorted(removed, key=lambda part: part.line)))


def _single_blanks(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return kept[:-1] if kept and not kept[-1] else kept
