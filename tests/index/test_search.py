from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import scoring
from index.index import Index
from index.passages import Filters, Hit
from index.ranker import FIRST, WEIGHTS, Weights
from index.search import CANDIDATES

from .homes import Home, found

WORDS = "vendor camera contract ban city court fine police leak error rate senate".split()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    home.write(
        "contract.txt", "Contracts\n\nThe agency paid $224,000 for the contract. It is new.\n"
    )
    home.write("leak.txt", "Leaks\n\nA list of customers was leaked. Police were on the list.\n")
    home.write("ban.txt", "Bans\n\nThe city banned cameras. The police may not use them.\n")
    for number in range(30):
        pair = f"{WORDS[number % 12]} {WORDS[number * 7 % 11]}"
        home.write(f"more/{number:02}.txt", f"Case {number}\n\nThis is about a {pair} again.\n")
    return home


@pytest.fixture(scope="module")
def filled(home: Home) -> Iterator[Index]:
    index = home.open()
    index.sync()
    yield index
    index.close()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How much did the agency pay for its contract?", "contract"),
        ("Which customers were leaked?", "leak"),
        ("Where did a city ban cameras?", "ban"),
        ("224,000", "contract"),
    ],
)
def test_the_passage_that_says_it_comes_first(filled: Index, question: str, first: str) -> None:
    assert found(filled, question)[0] == first


def test_a_score_is_the_weighted_sum_of_its_parts(filled: Index) -> None:
    for hit in filled.search(filled.prepare("city ban"), k=20):
        parts = hit.parts
        expected = sum(
            weight * max(0.0, parts[name]) for name, weight in dataclasses.asdict(WEIGHTS).items()
        )
        assert hit.score == pytest.approx(expected)
        assert parts["sentence"] == max(hit.sentence_scores)
        assert len(hit.sentence_scores) == len(hit.passage.sentences)


def test_only_the_likeliest_are_compared_word_by_word(
    filled: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "CLOSELY", 5)
    hits = filled.search(filled.prepare("city ban"), k=100)
    closely = [hit for hit in hits if "words" in hit.parts]
    others = [hit for hit in hits if "words" not in hit.parts]
    assert len(closely) == 5
    assert min(FIRST.score(hit.parts) for hit in closely) >= max(
        FIRST.score(hit.parts) for hit in others
    )


def test_ranks_count_from_one_in_each_list(filled: Index) -> None:
    hits = filled.search(filled.prepare("city ban"), k=100)
    for name in ("dense_rank", "lexical_rank"):
        ranks = sorted(hit.parts[name] for hit in hits if name in hit.parts)
        assert ranks == [float(rank) for rank in range(1, len(ranks) + 1)]


QUESTIONS = st.lists(st.sampled_from([*WORDS, "zebra", "the", "?", '"']), max_size=5).map(" ".join)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUESTIONS)
def test_hits_fall_in_order_within_zero_and_one_and_quote_their_document(
    filled: Index, question: str
) -> None:
    hits = filled.search(filled.prepare(question), k=100)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert len({hit.passage.id for hit in hits}) == len(hits)
    for hit in hits:
        text = filled.catalogue.document(hit.passage.document_id).text
        assert text[hit.passage.start : hit.passage.end] == hit.text
    assert filled.search(filled.prepare(question), k=3) == hits[:3]


def test_passages_that_say_the_same_come_in_the_order_of_their_documents(
    home: Home, filled: Index
) -> None:
    # Only titles differ, by a stop word, so all parts of the scores are the same.
    names = ["tie-c", "tie-a", "tie-b"]
    for name, word in zip(names, ["The", "A", "An"], strict=True):
        home.write(f"{name}.txt", f"---\ntitle: {word}\n---\n\nQuokkas {word.lower()} jump high.\n")
    filled.sync()
    hits = filled.search(filled.prepare("quokkas"), k=3)
    assert [hit.passage.document_id for hit in hits] == ["tie-a", "tie-b", "tie-c"]
    assert len({hit.score for hit in hits}) == 1


def everything(index: Index) -> Filters:
    return Filters(documents=tuple(entry.id for entry in index.catalogue.entries()))


@pytest.mark.parametrize("question", ["city ban", "police leak", "zebra", "contract"])
def test_a_filter_that_lets_all_through_changes_nothing(filled: Index, question: str) -> None:
    assert filled.catalogue.passage_count() <= CANDIDATES
    query = filled.prepare(question)

    def plain(hits: tuple[Hit, ...]) -> list[tuple[str, float]]:
        return [(hit.passage.id, hit.score) for hit in hits]

    assert plain(filled.search(query, k=60)) == plain(
        filled.search(query, k=60, filters=everything(filled))
    )


def test_a_filtered_search_ranks_the_rest_as_an_unfiltered_one_does(filled: Index) -> None:
    query = filled.prepare("police cameras city")
    allowed = ("ban", "leak", "more/03")
    every = filled.search(query, k=60)
    assert [hit.passage.id for hit in filled.search(query, filters=Filters(documents=allowed))] == [
        hit.passage.id for hit in every if hit.passage.document_id in allowed
    ]


def test_a_filter_that_lets_nothing_through_finds_nothing(filled: Index) -> None:
    assert filled.search(filled.prepare("city"), filters=Filters(sources=("none",))) == ()


def test_weights_decide_what_counts(filled: Index) -> None:
    query = filled.prepare("city ban")
    lexical = filled._beside.store._searcher.search(query, weights=Weights(lexical=1))
    assert [hit.score for hit in lexical] == [hit.parts["lexical"] for hit in lexical]
    assert lexical[0].parts["lexical_rank"] <= 3


def test_an_empty_index_finds_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = Home(tmp_path_factory.mktemp("empty"))
    home.write("x", "").unlink()
    index = home.open()
    assert index.sync().added == ()
    assert index.search(index.prepare("anything")) == ()
    assert index.search(index.prepare("anything"), filters=Filters(tags=("a",))) == ()
    index.close()


def test_a_vector_whose_document_is_gone_is_never_found(filled: Index) -> None:
    ghost = filled.embedder.embed_question("city ban")
    filled._beside.store._vectors.upsert([9_999], np.stack([ghost]))
    hits = filled.search(filled.prepare("city ban"), k=100)
    assert filled._beside.store._vectors.nearest(ghost, 1)[0][0] == 9_999
    assert len(hits) == filled.catalogue.passage_count()
