from __future__ import annotations

from typing import Any

import pytest

from corpus.documents import text_sha256
from evals.metrics.citation_match import citation_precision, citation_recall
from evals.metrics.quote_exact import quote_exact

TEXT = "It opened in 1911. It closed."


def citation(**changes: Any) -> Any:
    """An exact citation of TEXT, changed."""
    exact = {"document_id": "d", "sha256": text_sha256(TEXT), "quote": "It closed."}
    return exact | {"start": 19, "end": 29} | changes


def test_citations_are_right_when_they_overlap_a_quote() -> None:
    cited = [frozenset({0}), frozenset[int](), frozenset({0, 2})]
    assert citation_precision(cited) == 2 / 3
    assert citation_recall(cited, 4) == 2 / 4


def test_an_answer_without_citations_has_neither_precision_nor_recall() -> None:
    assert (citation_precision([]), citation_recall([], 2)) == (0.0, 0.0)


def test_word_for_word_quotes_are_exact() -> None:
    both = [citation(), citation(quote="It opened in 1911.", start=0, end=18)]
    assert quote_exact(both, {"d": TEXT}) == 1.0


@pytest.mark.parametrize(
    "changes",
    [
        {"start": 18, "end": 28},
        {"start": 20, "end": 30},
        {"quote": "It closed"},
        {"quote": "it closed."},
        {"sha256": text_sha256("an older text")},
        {"document_id": "gone"},
        {"start": -10, "end": 29},
        {"quote": "", "start": 5, "end": 5},
    ],
    ids=lambda changes: ", ".join(f"{key} {value}"[:30] for key, value in changes.items()),
)
def test_one_inexact_quote_spoils_the_answer(changes: dict[str, Any]) -> None:
    assert quote_exact([citation(), citation(**changes)], {"d": TEXT}) == 0.0
