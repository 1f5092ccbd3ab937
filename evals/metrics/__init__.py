"""One measure a file: what it means, its edge cases, where the definition comes from.

Retrieval measures take a *coverage*: for each hit, best first, the numbers of the evidence quotes
that the hit's passage overlaps (an empty set for a hit that is beside the point). So relevance is
judged by what a passage says, and a case survives a new way of cutting passages.
"""

from __future__ import annotations

from collections.abc import Sequence

Coverage = Sequence[frozenset[int]]
"""For each hit, best first: which evidence quotes, counted from 0, its passage overlaps."""

Span = tuple[int, int]
"""Half-open character offsets in a document's text."""


def overlaps(one: Span, other: Span) -> bool:
    """Tell whether two spans share at least one character."""
    return max(one[0], other[0]) < min(one[1], other[1])


def overlap(one: Span, others: Sequence[Span]) -> int:
    """Return how many characters a span shares with others that do not overlap."""
    return sum(max(0, min(one[1], end) - max(one[0], start)) for start, end in others)
