"""Citation precision and recall, against the evidence that the case's author quoted.

A citation is right when it overlaps an evidence quote in the same document. *Precision* is the
share of an answer's citations that are right; an answer without citations scores 0. *Recall* is
the share of the evidence quotes that a citation overlaps; a declined answer cites nothing and
scores 0.

The names follow Gao et al., Enabling Large Language Models to Generate Text with Citations (2023).
There a language model judges whether a citation supports a sentence; here the judge is the gold
quote, so the result is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence


def citation_precision(cited: Sequence[frozenset[int]]) -> float:
    """Return the share of citations that are right: ``cited`` holds, for each, its quotes."""
    return sum(bool(quotes) for quotes in cited) / len(cited) if cited else 0.0


def citation_recall(cited: Sequence[frozenset[int]], quotes: int) -> float:
    """Return the share of the ``quotes`` (at least 1) that the citations overlap."""
    found: frozenset[int] = frozenset().union(*cited)
    return len(found) / quotes
