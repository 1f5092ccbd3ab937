from __future__ import annotations

from collections.abc import Sequence

from assistant.examining import Examination
from assistant.expect import expected
from assistant.extract import rank_sentences
from assistant.second_look import looked_again
from index.passages import Hit

from .made_hits import hit_of, query_of

QUESTION = "How much did Meta agree to pay Texas?"
TRUE = "Meta, the parent company, agreed to pay Texas $1.4 billion over a tool for photos."
ECHO = "Meta agreed to pay Texas a sum."


def examination(hits: Sequence[Hit], question: str = QUESTION) -> Examination:
    query, wanted = query_of(question), expected(question)
    ranked = rank_sentences(query, wanted, hits, {})
    return Examination(query, wanted, tuple(hits), {}, tuple(ranked))


def texts(hits: Sequence[Hit], question: str = QUESTION, most: int = 3) -> list[str]:
    return [one.text for one in looked_again(examination(hits, question), most)][:2]


def test_what_tells_more_stands_behind_a_sentence_that_repeats_the_question() -> None:
    hits = [hit_of("echo", [(ECHO, 0.95)], score=0.9), hit_of("true", [(TRUE, 0.6)], score=0.5)]
    found = looked_again(examination(hits), 3)
    assert [one.text for one in found[:2]] == [ECHO, TRUE]
    assert found[0].score == found[1].score
    assert examination(hits).ranked[1].score < found[1].score
    assert looked_again(examination(hits), 1) == examination(hits).ranked


def test_a_sentence_that_tells_what_is_asked_for_needs_no_second_look() -> None:
    hits = [hit_of("true", [(TRUE, 0.9)], score=0.9), hit_of("echo", [(ECHO, 0.5)], score=0.5)]
    found = examination(hits)
    assert looked_again(found, 3) == found.ranked


def test_a_name_of_the_question_is_no_name_that_was_asked_for() -> None:
    question = "Who wrote House Bill 2031?"
    echo = "This is what House Bill 2031 is about."
    true = "House Bill 2031 was written by Lashrecse Aird."
    hits = [hit_of("echo", [(echo, 0.95)], score=0.9), hit_of("true", [(true, 0.6)], score=0.5)]
    assert texts(hits, question) == [echo, true]


def test_where_nothing_tells_more_the_ranking_stays() -> None:
    hits = [hit_of("echo", [(ECHO, 0.95)], score=0.9), hit_of("far", [("Rain fell.", 0.1)])]
    found = examination(hits)
    assert looked_again(found, 3) == found.ranked
    assert looked_again(examination([]), 3) == ()
