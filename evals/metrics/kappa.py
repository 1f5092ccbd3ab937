"""Cohen's kappa: how far two who judge the same agree beyond what chance alone would give.

``(agreement - chance) / (1 - chance)``, where chance is how often two would agree who say yes as
often as these do, each without looking. 1 is full agreement, 0 no better than chance, below 0
worse. Undefined (None) without judgements, and where both say the same of everything, since then
chance agrees in full. Source: Cohen, A coefficient of agreement for nominal scales (1960).
"""

from __future__ import annotations

from collections.abc import Sequence


def agreement(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """Return the share of the judgements that are the same."""
    if not one:
        return None
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def cohens_kappa(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """Return the kappa of two judges who judged the same things, in their order."""
    same = agreement(one, other)
    if same is None:
        return None
    yes, also = sum(one) / len(one), sum(other) / len(other)
    chance = yes * also + (1 - yes) * (1 - also)
    return None if chance == 1 else (same - chance) / (1 - chance)
