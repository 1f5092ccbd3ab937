"""Hits made by hand or by hypothesis, whose offsets are as true as a search's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import strategies as st

from index.passages import Hit, Passage, Sentence
from index.search import Query
from index.terms import terms


def query_of(text: str, rarity: Mapping[str, float] | None = None) -> Query:
    """Return a query whose terms are equally rare unless told otherwise."""
    weights = dict.fromkeys(terms(text), 1.0) if rarity is None else dict(rarity)
    return Query(text, np.zeros(4, dtype=np.float32), weights)


def hit_of(
    document_id: str,
    sentences: Sequence[tuple[str, float]],
    *,
    start: int = 0,
    score: float = 0.5,
    heading: str = "",
    **parts: float,
) -> Hit:
    """Return a hit whose passage begins at ``start``; each sentence comes with its similarity."""
    spans = []
    position = start
    for text, _ in sentences:
        spans.append(Sentence(position, position + len(text)))
        position += len(text) + 1
    end = position - 1
    passage = Passage(
        f"{document_id}:{start}-{end}", document_id, start, end, heading, tuple(spans)
    )
    return Hit(
        passage,
        " ".join(text for text, _ in sentences),
        score,
        {"dense": 0.0, "sentence": 0.0, "lexical": 0.0} | parts,
        tuple(similarity for _, similarity in sentences),
    )


_shares = st.floats(0, 1)
_words = st.lists(
    st.sampled_from("ferry cost euros 18 2024 Ada Berg boat ice city".split()),
    min_size=1,
    max_size=6,
)
_sentences = st.lists(st.tuples(_words.map(" ".join), st.floats(-1, 1)), min_size=1, max_size=4)


@st.composite
def hits(draw: st.DrawFn) -> list[Hit]:
    """Hits in the order of their score, each passage of a document behind the one before."""
    found = []
    ends: dict[str, int] = {}
    for _ in range(draw(st.integers(1, 10))):
        document_id = draw(st.sampled_from(["a", "b", "c"]))
        hit = hit_of(
            document_id,
            draw(_sentences),
            start=ends.get(document_id, 0),
            score=draw(_shares),
            lexical=draw(_shares),
        )
        ends[document_id] = hit.passage.end + 2
        found.append(hit)
    return sorted(found, key=lambda hit: -hit.score)
