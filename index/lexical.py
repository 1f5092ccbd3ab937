"""The lexical side: FTS5 proposes passages, BM25 scores them on a scale of its own.

FTS5's own BM25 serves to choose candidates only: it gives a term that more than half of the
passages have no weight at all, which in a small corpus is most of the terms that matter.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from index.database import Database

K1 = 1.2
"""How fast repeats of a term stop counting (Robertson and Zaragoza, 2009)."""
B = 0.75
"""How much a long passage is held against it (same source)."""
AVERAGE_LENGTH = 80.0
"""Stems in a passage. A constant, so that a score does not change with unrelated documents."""
_WEIGHTS = (1.0, 0.5, 1.0, 1.0)
"""Of title, about (outlet, tags, date), heading and body."""


def rarities(database: Database, terms: Sequence[str]) -> tuple[dict[str, float], frozenset[str]]:
    """Return how rare each term is among all passages, ``ln(1 + (N - n + .5) / (n + .5))``, and the
    terms that no passage has.

    That is BM25's inverse document frequency, kept above zero as Lucene does. A term that no
    passage has gets the largest.
    """
    total = int(database.rows("SELECT count(*) FROM lexicon")[0][0])
    known: dict[str, float] = {}
    unseen: set[str] = set()
    for term in dict.fromkeys(terms):
        found = database.rows("SELECT doc FROM lexicon_terms WHERE term = ?", (term,))
        count = int(found[0][0]) if found else 0
        if not count:
            unseen.add(term)
        known[term] = math.log(1 + (total - count + 0.5) / (count + 0.5))
    return known, frozenset(unseen)


def lexical_candidates(
    database: Database,
    terms: Collection[str],
    *,
    k: int,
    condition: str = "",
    parameters: Sequence[object] = (),
) -> list[int]:
    """Return up to ``k`` numbers of active passages that have any of the terms, likeliest first.

    ``condition`` narrows them, as SQL over ``documents`` that begins with ``AND``.
    """
    if not terms:
        return []
    weights = ", ".join(str(weight) for weight in _WEIGHTS)
    found = database.rows(
        f"SELECT lexicon.rowid FROM lexicon JOIN passages ON number = lexicon.rowid "
        "JOIN documents USING (generation) WHERE lexicon MATCH ? AND state = 'active' "
        f"{condition} ORDER BY bm25(lexicon, {weights}), lexicon.rowid LIMIT ?",
        (" OR ".join(f'"{term}"' for term in terms), *parameters, k),
    )
    return [number for (number,) in found]


def stored_stems(database: Database, numbers: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the stems of each passage's title, about, heading and body, joined by spaces.

    A passage that is gone is left out.
    """
    holes = ", ".join("?" * len(numbers))
    found = database.rows(
        f"SELECT rowid, title, about, heading, body FROM lexicon WHERE rowid IN ({holes})",
        list(numbers),
    )
    return {number: tuple(columns) for number, *columns in found}


def lexical_score(rarity: Mapping[str, float], columns: Sequence[str]) -> float:
    """Return the BM25 of a passage's ``stored_stems`` as a share of the most it could be.

    ``rarity`` holds the question's terms. The share lies in 0..1 and means the same for every
    question: 1 is a passage that has every term over and over, 0 is one that has none.
    """
    return bm25_share(rarity, [column.split() for column in columns])


def bm25_share(rarity: Mapping[str, float], columns: Sequence[Sequence[str]]) -> float:
    """Return BM25 over weighted columns of stems, divided by its upper bound."""
    most = sum(rarity.values())
    if not most:
        return 0.0
    counts: Counter[str] = Counter()
    for weight, stems in zip(_WEIGHTS, columns, strict=True):
        for stem in stems:
            if stem in rarity:
                counts[stem] += weight  # type: ignore[assignment]  # weighted counts are floats
    length = sum(len(stems) for stems in columns)
    norm = K1 * (1 - B + B * length / AVERAGE_LENGTH)
    return sum(rarity[stem] * count / (count + norm) for stem, count in counts.items()) / most
