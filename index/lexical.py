"""The lexical side: BM25 proposes passages, and scores them on a scale of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from index import postings
from index.among import Among
from index.database import Database
from index.kin import SHARE, Kin, times
from index.posting_sums import Scored

VERSION = 1
"""Part of the index recipe: raise it when the same stems would weigh something else, since what
they weigh is stored (``index/postings.py``)."""

K1 = 1.2
"""How fast repeats of a term stop counting (Robertson and Zaragoza, 2009)."""
B = 0.75
"""How much a long passage is held against it (same source)."""
AVERAGE_LENGTH = 80.0
"""Stems in a passage. A constant, so that a score does not change with unrelated documents."""
_WEIGHTS = (1.0, 0.5, 1.0, 1.0)
"""Of title, about (outlet, tags, date), heading and body."""


def rarities(
    database: Database, terms: Sequence[str], kin: Kin
) -> tuple[dict[str, float], frozenset[str]]:
    """Return how rare each term is among all passages, ``ln(1 + (N - n + .5) / (n + .5))``, and the
    terms that no passage has.

    That is BM25's inverse document frequency, kept above zero as Lucene does. A term that no
    passage has gets the largest, unless some have another name for it, from ``kin``: these are
    counted then.
    """
    forms = {term: [(term,), *kin.get(term, ())] for term in terms}
    words = {word for some in forms.values() for form in some for word in form}
    total, found = postings.counts(database, words)
    # A name of two words is at most as frequent as the rarer of them.
    counts = {
        term: found[term] or min(total, sum(min(found[word] for word in form) for form in some))
        for term, some in forms.items()
    }
    known = {
        term: math.log(1 + (total - count + 0.5) / (count + 0.5)) for term, count in counts.items()
    }
    return known, frozenset(term for term, count in counts.items() if not count)


def lexical_candidates(
    database: Database,
    rarity: Mapping[str, float],
    kin: Kin,
    *,
    k: int,
    among: Among | None = None,
) -> list[int]:
    """Return up to ``k`` numbers of active passages that have any of the terms, likeliest first.

    ``rarity`` holds the terms, and ``kin`` what counts nearly as much; ``among`` are the active
    passages that may be returned, if not all.
    """
    scored = Scored(database, rarity)
    for term, forms in kin.items():
        scored.count_in(term, rarity.get(term, 0.0), forms, SHARE)
    if among is not None:
        return scored.best(k, among)
    wanted = k
    while True:
        found = scored.best(wanted)
        active = _active(database, found)
        # What is being written, or deleted, is there as well.
        if len(active) >= k or len(found) < wanted:
            return active[:k]
        wanted *= 4


def _active(database: Database, numbers: Sequence[int]) -> list[int]:
    holes = ", ".join("?" * len(numbers))
    found = database.rows(
        "SELECT number FROM passages JOIN documents USING (generation) "
        f"WHERE state = 'active' AND number IN ({holes})",
        numbers,
    )
    active = {number for (number,) in found}
    return [number for number in numbers if number in active]


def lexical_share(rarity: Mapping[str, float], kin: Kin, columns: Sequence[str]) -> float:
    """Return the BM25 of a passage as a share of the most it could be.

    ``columns`` are its stems, of title, about, heading and body, joined by spaces; ``rarity`` holds
    the question's terms, and ``kin`` what counts nearly as much. The share lies in 0..1 and means
    the same for every question: 1 is a passage that has every term over and over, 0 is one that has
    none.
    """
    most = sum(rarity.values())
    if not most:
        return 0.0
    # A passage has few of the terms: most are ruled out before it is taken apart.
    joined = " ".join(columns)
    wanted = [stem for stem in rarity if stem in joined]
    others = [(stem, form) for stem in kin for form in kin[stem] if form[0] in joined]
    if not wanted and not others:
        return 0.0
    counts: dict[str, float] = {}
    length = 0
    for weight, column in zip(_WEIGHTS, columns, strict=True):
        stems = column.split()
        length += len(stems)
        for stem in wanted:
            if found := stems.count(stem):
                counts[stem] = counts.get(stem, 0.0) + weight * found
        for stem, form in others:
            if found := times(form, stems):
                counts[stem] = counts.get(stem, 0.0) + SHARE * weight * found
    norm = _norm(length)
    return sum(rarity[stem] * count / (count + norm) for stem, count in counts.items()) / most


def weighed(columns: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return what each stem of a passage weighs in it, in 0..1: BM25 without the rarity."""
    counts: dict[str, float] = {}
    for weight, stems in zip(_WEIGHTS, columns, strict=True):
        for stem in stems:
            counts[stem] = counts.get(stem, 0.0) + weight
    norm = _norm(sum(len(stems) for stems in columns))
    return {stem: count / (count + norm) for stem, count in counts.items()}


def _norm(length: int) -> float:
    return K1 * (1 - B + B * length / AVERAGE_LENGTH)
