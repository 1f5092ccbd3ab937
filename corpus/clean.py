"""Cleaning: characters repaired, the furniture of saved pages out, and a list of what went."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from corpus.documents import Removed
from corpus.furniture import find_furniture
from corpus.repair import repair

VERSION = 2
"""Part of the index recipe: raise it when the same file would give another text."""

_INSERTED = 0


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text and the lines that are not part of it, in the order they stood.

    ``line_numbers`` is for each line of ``text`` the number, from 1, of the line it was before
    cleaning; 0 for a line that was put in.
    """

    text: str
    removed: tuple[Removed, ...] = ()
    line_numbers: tuple[int, ...] = ()


def clean(text: str, *, dropped: tuple[Removed, ...] = (), keep: Collection[str] = ()) -> Cleaned:
    """Repair ``text`` and take out page furniture; cleaning twice changes nothing more.

    Only whole lines go, each named in ``removed`` with its number in ``text``. A sentence that
    merely mentions a newsletter, a tweet or a cookie stays. ``dropped`` is what the reader left
    out already. Whatever is in ``keep``, compared without regard to white space, stays, or comes
    back to its place as a block of its own.
    """
    wanted = frozenset(_flat(part) for part in keep)
    lines = list(enumerate(repair(text).split("\n"), start=1))
    back = [part for part in dropped if _flat(part.text) in wanted]
    removed = [part for part in dropped if _flat(part.text) not in wanted]
    lines = list(_with_restored(lines, back))
    # What goes may bring two lines together that are furniture only side by side.
    while reasons := _reasons([line for _, line in lines], wanted):
        removed += [Removed(*lines[at], reason) for at, reason in reasons.items()]
        lines = [pair for at, pair in enumerate(lines) if at not in reasons]
    kept = _single_blanks(lines)
    return Cleaned(
        "\n".join(line for _, line in kept),
        tuple(sorted(removed, key=lambda part: part.line)),
        tuple(number for number, _ in kept),
    )


def missing_parts(text: str, keep: Collection[str]) -> list[str]:
    """Return the parts to ``keep`` that a cleaned text does not have, so that nothing kept them."""
    whole = _flat(text)
    return [part for part in keep if _flat(part) not in whole]


def _flat(text: str) -> str:
    return " ".join(repair(text).split())


def _reasons(lines: list[str], wanted: frozenset[str]) -> dict[int, str]:
    found = find_furniture(lines)
    if not wanted:
        return found
    return {at: why for at, why in found.items() if _flat(lines[at]) not in wanted}


def _with_restored(lines: list[tuple[int, str]], parts: list[Removed]) -> Iterator[tuple[int, str]]:
    """Yield the lines with each part before its line, as a block; items stay together."""
    waiting = sorted(parts, key=lambda part: part.line)
    at = 0
    for number, line in lines:
        start = at
        while at < len(waiting) and waiting[at].line <= number:
            at += 1
        if block := waiting[start:at]:
            yield from _block(block)
        yield number, line
    if block := waiting[at:]:
        yield _INSERTED, ""
        yield from _block(block)


def _block(parts: list[Removed]) -> Iterator[tuple[int, str]]:
    before = ""
    for line in (one for part in parts for one in repair(part.text).strip("\n").split("\n")):
        if before and not (_is_item(before) and _is_item(line)):
            yield _INSERTED, ""
        yield _INSERTED, line
        before = line
    yield _INSERTED, ""


def _is_item(line: str) -> bool:
    return line.startswith(("- ", "  ")) or " | " in line


def _single_blanks(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    kept: list[tuple[int, str]] = []
    for pair in lines:
        if pair[1] or (kept and kept[-1][1]):
            kept.append(pair)
    return kept[:-1] if kept and not kept[-1][1] else kept
