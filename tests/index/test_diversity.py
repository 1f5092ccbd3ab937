from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.diversity import MOST, varied
from index.passages import Hit, Passage, Sentence


def hit(document: str, score: float, start: int = 0) -> Hit:
    passage = Passage(
        f"{document}:{start}", document, start, start + 1, "", (Sentence(start, start + 1),)
    )
    return Hit(passage, "x", score)


def names(hits: tuple[Hit, ...]) -> str:
    return "".join(one.passage.document_id for one in hits)


def ranking(documents: str, *scores: float) -> list[Hit]:
    return [
        hit(name, score, number)
        for number, (name, score) in enumerate(zip(documents, scores, strict=True))
    ]


def test_a_fifth_passage_gives_way_to_one_that_is_nearly_as_good() -> None:
    hits = ranking("aaaaaab", 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.41)
    assert names(varied(hits, 5)) == "aaaab"
    assert varied(hits, 5)[-1].score == 0.41


def test_a_fifth_passage_stays_before_one_that_is_far_behind() -> None:
    hits = ranking("aaaaaab", 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.39)
    assert names(varied(hits, 5)) == "aaaaa"


def test_what_gave_way_comes_back_where_places_are_left() -> None:
    hits = ranking("aaaaaab", 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.41)
    assert names(varied(hits, 6)) == "aaaaab"
    assert varied(hits, 7) == tuple(hits)


def test_a_single_document_keeps_all_its_passages() -> None:
    hits = ranking("a" * 12, *(1 - place / 100 for place in range(12)))
    assert varied(hits, 10) == tuple(hits[:10])


HITS = st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.01, 1)), max_size=25).map(
    lambda pairs: [
        hit(name, score, number)
        for number, (name, score) in enumerate(sorted(pairs, key=lambda pair: -pair[1]))
    ]
)


@given(HITS, st.integers(1, 30))
def test_as_many_as_asked_for_in_their_order_the_best_always_first(hits: list[Hit], k: int) -> None:
    found = varied(hits, k)
    assert len(found) == min(k, len(hits))
    assert [hits.index(one) for one in found] == sorted(hits.index(one) for one in found)
    assert found[:MOST] == tuple(hits[: min(k, MOST)])
