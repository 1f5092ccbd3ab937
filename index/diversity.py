"""Which hits are shown where one document would take most places: a broad question's others get in.

Four passages of a document, in the order of their score, are taken as they come. A further one
gives way to a passage of another document that is nearly as good; where there is none, as with a
narrow question or a single long document, nothing changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from index.passages import Hit

MOST = 4
"""Passages that a document may have before others come first. With 2 or 3, evidence was lost."""
NEARLY = 0.8
"""The share of a passage's score that another document's must have to take its place."""


def varied(hits: Sequence[Hit], k: int) -> tuple[Hit, ...]:
    """Return ``k`` of ``hits``, which are sorted, in their order."""
    taken: Counter[str] = Counter()
    chosen: set[int] = set()
    for place, hit in enumerate(hits):
        if len(chosen) >= k:
            break
        if place in chosen:
            continue
        taking = place
        if taken[hit.passage.document_id] >= MOST:
            taking = _other(hits, place, chosen, taken)
        # Whatever gives way is looked at again only when places are left over.
        chosen.add(taking)
        taken[hits[taking].passage.document_id] += 1
    for place in range(len(hits)):
        if len(chosen) >= k:
            break
        chosen.add(place)
    return tuple(hits[place] for place in sorted(chosen))


def _other(hits: Sequence[Hit], place: int, chosen: set[int], taken: Counter[str]) -> int:
    """Return the place of the next hit that may take the place of this one, or this very one."""
    enough = NEARLY * hits[place].score
    for other in range(place + 1, len(hits)):
        if hits[other].score < enough:
            break
        if other not in chosen and taken[hits[other].passage.document_id] < MOST:
            return other
    return place
