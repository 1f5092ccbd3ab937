"""Names that somebody typed and no document has: what to say about them.

Such a name finds nothing, and nothing found looks like nothing there. So the names that come
nearest are told: those that begin alike or share most pairs of letters.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from itertools import pairwise

from index.catalogue import Catalogue
from index.passages import Filters

_SHOWN = 3
_LONGEST = 80
_MANY = 5_000
"""Names that are compared letter by letter; of more, only those that hold what was named are."""
_LIKE = 0.5
"""The share of pairs of letters that two spellings of a name have in common, at least: "Privcy
Breif" and "Privacy Brief" have .69, "ferries" and "ferry" .57, "ferries" and "fares" .43."""
_TELLING = 3
"""Letters of a name that say something where another name holds or begins with them."""


def remarks(catalogue: Catalogue, filters: Filters) -> tuple[str, ...]:
    """Return a sentence for each source and each tag of the filters that no document has."""
    if not filters.sources and not filters.tags:
        return ()
    sources, tags = catalogue.sources_and_tags()
    return (
        *_about("source", filters.sources, sources),
        *_about("tag", filters.tags, tags),
    )


def told_name(name: str) -> str:
    """Return a name that somebody typed as a line may show it: short, and nothing but letters."""
    shown = " ".join(name.split())
    shown = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Return " Did you mean ...?" with the names that come nearest; empty where none comes near."""
    near = listed_near(name, known)
    return f" Did you mean {near}?" if near else ""


def listed_near(name: str, known: Collection[str]) -> str:
    """Return the names that come nearest, as they are listed in a sentence; empty for none."""
    near = [f"“{one}”" for one in nearest_names(name, known)]
    return " or ".join([", ".join(near[:-1]), near[-1]] if len(near) > 1 else near)


def nearest_names(name: str, known: Collection[str]) -> list[str]:
    """Return up to three names that are spelled most alike, the most alike first."""
    if len(known) > _MANY:  # comparing letters takes some 10 µs a name, and a look inside a tenth
        folded = name.casefold().strip()
        known = [one for one in known if folded in one.casefold()][:_MANY]
    likeness = {one: _likeness(name.casefold(), one.casefold()) for one in known}
    best = heapq.nsmallest(_SHOWN, likeness, key=lambda one: (-likeness[one], one))
    return [one for one in best if likeness[one] >= _LIKE]


def _about(kind: str, wanted: Collection[str], known: Collection[str]) -> Iterator[str]:
    there = {name.casefold() for name in known}
    for name in wanted:
        if name.casefold() not in there:
            yield f"No document has the {kind} “{told_name(name)}”{_instead(kind, name, known)}"


def _instead(kind: str, name: str, known: Collection[str]) -> str:
    if near := did_you_mean(name, known):
        return f".{near}"
    if not known:
        return ", and none has any: leave that filter out."
    return f": 'assistant list --json' shows the {kind}s there are."


def _likeness(name: str, other: str) -> float:
    """Return the share of their pairs of letters that two names have in common, in 0..1; 1 where
    one holds the other."""
    shorter, longer = sorted((name.strip(), other.strip()), key=len)
    if len(shorter) >= _TELLING and shorter in longer:
        return 1.0
    pairs, others = ({*pairwise(f" {one} ")} for one in (name, other))
    return 2 * len(pairs & others) / (len(pairs) + len(others))
