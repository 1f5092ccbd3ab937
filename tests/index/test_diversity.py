from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.diversity import MOST, varied

Ranking = list[tuple[str, float]]


def ranking(documents: str, *scores: float) -> Ranking:
    return list(zip(documents, scores, strict=True))


def names(ranked: Ranking, k: int) -> str:
    return "".join(ranked[place][0] for place in varied(ranked, k))


def test_a_fifth_passage_gives_way_to_one_that_is_nearly_as_good() -> None:
    hits = ranking("aaaaaab", 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.41)
    assert names(hits, 5) == "aaaab"
    assert varied(hits, 5)[-1] == 6


def test_a_fifth_passage_stays_before_one_that_is_far_behind() -> None:
    hits = ranking("aaaaaab", 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.39)
    assert names(hits, 5) == "aaaaa"


def test_what_gave_way_comes_back_where_places_are_left() -> None:
    hits = ranking("aaaaaab", 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.41)
    assert names(hits, 6) == "aaaaab"
    assert varied(hits, 7) == list(range(7))


def test_a_single_document_keeps_all_its_passages() -> None:
    hits = ranking("a" * 12, *(1 - place / 100 for place in range(12)))
    assert varied(hits, 10) == list(range(10))


HITS = st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.01, 1)), max_size=25).map(
    lambda pairs: sorted(pairs, key=lambda pair: -pair[1])
)


@given(HITS, st.integers(1, 30))
def test_as_many_as_asked_for_in_their_order_the_best_always_first(hits: Ranking, k: int) -> None:
    found = varied(hits, k)
    assert len(found) == len(set(found)) == min(k, len(hits))
    assert found == sorted(found)
    assert found[:MOST] == list(range(min(k, MOST, len(hits))))
