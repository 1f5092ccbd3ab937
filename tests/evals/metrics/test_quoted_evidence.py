from __future__ import annotations

import pytest

from evals.metrics import Span
from evals.metrics.quoted_evidence import quoted_characters, quoted_sentences


@pytest.mark.parametrize(
    ("quotes", "elsewhere", "annotators", "scores"),
    [
        ([(0, 10)], 0, [[(0, 10)]], (1.0, 1.0, 1.0)),
        ([(0, 20)], 0, [[(0, 10)]], (0.5, 1.0, 2 / 3)),
        ([(0, 10)], 10, [[(0, 20)]], (0.5, 0.5, 0.5)),
        ([(0, 10)], 0, [[(50, 60)]], (0.0, 0.0, 0.0)),
        ([], 30, [[(0, 10)]], (0.0, 0.0, 0.0)),
        ([], 0, [[(0, 10)]], (0.0, 0.0, 0.0)),
        ([(0, 10), (20, 30)], 0, [[(5, 25)]], (0.5, 0.5, 0.5)),
        ([(0, 10)], 0, [[(50, 60)], [(0, 10)]], (1.0, 1.0, 1.0)),
    ],
    ids=[
        "all of it",
        "twice as much",
        "half from another document",
        "beside it",
        "only another document",
        "nothing",
        "two quotes, half of each",
        "the annotator who agrees best",
    ],
)
def test_quotes_are_scored_by_characters(
    quotes: list[Span],
    elsewhere: int,
    annotators: list[list[Span]],
    scores: tuple[float, float, float],
) -> None:
    assert quoted_characters(quotes, elsewhere, annotators) == pytest.approx(scores)


def test_quotes_are_scored_by_sentences() -> None:
    marked = [(0, 10), (10, 20), (30, 40)]
    assert quoted_sentences([(0, 10), (20, 30)], 0, [marked]) == pytest.approx((1 / 2, 1 / 3, 0.4))
    # One of our sentences may be two of the set's, and the other way round.
    assert quoted_sentences([(0, 20)], 0, [marked])[:2] == pytest.approx((1.0, 2 / 3))
    assert quoted_sentences([(0, 4)], 1, [marked]) == pytest.approx((0.5, 0.0, 0.0))
