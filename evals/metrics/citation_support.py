"""Citation precision and recall by whether the citations support what is said (ALCE).

An answer is a list of statements, each with its citations. *Recall* is the share of the statements
that their citations, taken together, support; a statement without citations is not supported. A
citation is *irrelevant* if it does not support its statement alone, and the statement's others do
without it. *Precision* is the share of the citations that stand behind a supported statement and
are not irrelevant. An answer without statements, or without citations, scores 0 in both.

Source: Gao et al., Enabling Large Language Models to Generate Text with Citations (2023), sections
3.2 and 3.3, and its evaluation script. There a language model for entailment judges (TRUE); here
whoever calls says what supports what, so the result is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

Supported = Callable[[int, frozenset[int]], bool]
"""Tells whether some citations, by number, support a statement, by its place."""


def citation_support(
    statements: Sequence[Collection[int]], supported: Supported
) -> tuple[float, float]:
    """Return precision and recall; ``statements`` holds each one's citations by number."""
    whole = [bool(cited) and supported(n, frozenset(cited)) for n, cited in enumerate(statements)]
    precise = sum(
        whole[n] and not _is_irrelevant(one, n, frozenset(cited), supported)
        for n, cited in enumerate(statements)
        for one in cited
    )
    citations = sum(map(len, statements))
    precision = precise / citations if citations else 0.0
    return precision, sum(whole) / len(whole) if whole else 0.0


def _is_irrelevant(one: int, statement: int, cited: frozenset[int], supported: Supported) -> bool:
    rest = cited - {one}
    return bool(rest) and not supported(statement, frozenset({one})) and supported(statement, rest)
