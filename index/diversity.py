"""Which hits are shown where one document would take most places: a broad question's others get in.

Four passages of a document, in the order of their score, are taken as they come. A further one
gives way to a passage of another document that is nearly as good; where there is none, as with a
narrow question or a single long document, nothing changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

MOST = 4
"""Passages that a document may have before others come first. With 2 or 3, evidence was lost."""
NEARLY = 0.8
"""The share of a passage's score that another document's must have to take its place."""


def varied(ranking: Sequence[tuple[str, float]], k: int) -> list[int]:
    """Return the places of ``k`` of a ranking's passages, in their order; each is given by its
    document and its score, the best first."""
    taken: Counter[str] = Counter()
    chosen: set[int] = set()
    for place, (document, _) in enumerate(ranking):
        if len(chosen) >= k:
            break
        if place in chosen:
            continue
        taking = place
        if taken[document] >= MOST:
            taking = _other(ranking, place, chosen, taken)
        # Whatever gives way is looked at again only when places are left over.
        chosen.add(taking)
        taken[ranking[taking][0]] += 1
    for place in range(len(ranking)):
        if len(chosen) >= k:
            break
        chosen.add(place)
    return sorted(chosen)


def _other(
    ranking: Sequence[tuple[str, float]], place: int, chosen: set[int], taken: Counter[str]
) -> int:
    """Return the place of the next passage that may take this one's, or this very one."""
    enough = NEARLY * ranking[place][1]
    for other in range(place + 1, len(ranking)):
        document, score = ranking[other]
        if score < enough:
            break
        if other not in chosen and taken[document] < MOST:
            return other
    return place
