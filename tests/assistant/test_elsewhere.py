from __future__ import annotations

from assistant.elsewhere import is_elsewhere, without_elsewhere
from assistant.expect import expected
from assistant.extract import rank_sentences

from .made_hits import hit_of, query_of

QUESTION = "When was the French fine imposed?"


def test_further_sentences_are_not_told_of_another_country() -> None:
    hits = [
        hit_of("a", [("The fine was imposed on May 4, 2020.", 0.9)]),
        hit_of("b", [("The British fine was imposed on May 5, 2021.", 0.8)]),
        hit_of("c", [("In France the fine was paid on May 6, 2022.", 0.7)]),
    ]
    query = query_of(QUESTION)
    ranked = rank_sentences(query, expected(QUESTION), hits, {})
    assert len(ranked) == 3
    kept = without_elsewhere(query, ranked, {})
    assert {one.document_id for one in kept} == {"a", "c"}
    titled = without_elsewhere(query, ranked, {"b": "France and Britain"})
    assert {one.document_id for one in titled} == {"a", "b", "c"}


def test_the_best_sentence_stays_and_a_question_without_a_country_takes_any() -> None:
    hits = [hit_of("b", [("The British fine was imposed on May 5, 2021.", 0.8)])]
    query = query_of(QUESTION)
    ranked = rank_sentences(query, expected(QUESTION), hits, {})
    assert is_elsewhere(query, ranked[0], {})
    assert without_elsewhere(query, ranked, {}) == tuple(ranked)
    assert not is_elsewhere(query_of("When was it imposed?"), ranked[0], {})
