"""Sources and tags that a filter names and no document has: what to say about them.

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


def nearest_names(name: str, known: Collection[str]) -> list[str]:
    """Return up to three names that are spelled most alike, the most alike first."""
    likeness = {one: _likeness(name.casefold(), one.casefold()) for one in known}
    best = heapq.nsmallest(_SHOWN, likeness, key=lambda one: (-likeness[one], one))
    return [one for one in best if likeness[one] >= _LIKE]


def _about(kind: str, wanted: Collection[str], known: Collection[str]) -> Iterator[str]:
    there = {name.casefold() for name in known}
    for name in wanted:
        if name.casefold() not in there:
            yield f"No document has the {kind} “{name}”{_instead(kind, name, known)}"


def _instead(kind: str, name: str, known: Collection[str]) -> str:
    near = [f"“{one}”" for one in nearest_names(name, known)]
    if near:
        listed = " or ".join([", ".join(near[:-1]), near[-1]] if len(near) > 1 else near)
        return f". Did you mean {listed}?"
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
