from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.expect import expected
from assistant.extract import PASSAGES, Quote, choose, rank_sentences, with_told
from assistant.quote_ranker import QuoteModel
from index.passages import Hit

from .made_hits import hit_of, hits, query_of

QUESTION = "How much did the ferry cost?"


def ranked_of(found: list[Hit], question: str = QUESTION, **titles: str) -> list[Quote]:
    return rank_sentences(query_of(question), expected(question), found, titles)


def quote(document_id: str, start: int, score: float, *covered: str) -> Quote:
    text = f"{document_id} {start}"
    return Quote(document_id, start, start + 5, text, score, score, 0.0, False, frozenset(covered))


def test_a_sentence_is_described_by_its_similarity_its_terms_and_its_kind() -> None:
    hit = hit_of("a", [("It rained.", 0.1), ("The ferry cost $3.", 0.6)], start=7)
    best, other = ranked_of([hit])
    assert (best.document_id, best.start, best.end, best.text) == (
        "a",
        18,
        36,
        "The ferry cost $3.",
    )
    assert (best.similarity, best.coverage, best.fits) == (0.6, 1.0, True)
    assert best.covered == {"ferri", "cost"}
    assert (other.similarity, other.coverage, other.fits) == (0.1, 0.0, False)
    assert other.covered == frozenset()


def test_a_term_that_only_title_or_heading_has_counts_half() -> None:
    bare = hit_of("a", [("It cost $3.", 0.5)])
    headed = hit_of("a", [("It cost $3.", 0.5)], heading="The ferry")
    assert [one.coverage for one in ranked_of([bare])] == [0.5]
    assert [one.coverage for one in ranked_of([bare], a="The ferry")] == [0.75]
    assert [one.coverage for one in ranked_of([headed])] == [0.75]
    assert [one.coverage for one in ranked_of([headed], a="The cost of a ferry")] == [0.75]


def test_rare_terms_count_more() -> None:
    hit = hit_of("a", [("The ferry came.", 0.5), ("The cost rose.", 0.5)])
    query = query_of(QUESTION, {"ferri": 3.0, "cost": 1.0})
    ranked = rank_sentences(query, expected(QUESTION), [hit], {})
    assert [(one.text, one.coverage) for one in ranked] == [
        ("The ferry came.", 0.75),
        ("The cost rose.", 0.25),
    ]


def test_a_question_without_terms_covers_nothing() -> None:
    assert [one.coverage for one in ranked_of([hit_of("a", [("It is.", 0.5)])], "Why?")] == [0.0]


def test_of_equal_texts_the_best_stays() -> None:
    low = hit_of("a", [("The ferry  cost $3.", 0.2)], score=0.5)
    high = hit_of("b", [("the FERRY cost $3.", 0.8)], score=0.5)
    assert [(one.document_id, one.also) for one in ranked_of([low, high])] == [("b", ("a",))]


def test_equally_good_sentences_come_by_document_and_place() -> None:
    one = hit_of("b", [("Ice rose.", 0.5)], score=0.5)
    two = hit_of("a", [("Ice fell.", 0.5)], score=0.5, start=50)
    three = hit_of("a", [("Ice grew.", 0.5)], score=0.5)
    assert [quote.text for quote in ranked_of([one, two, three])] == [
        "Ice grew.",
        "Ice fell.",
        "Ice rose.",
    ]


def test_sentences_come_from_the_best_passages_only() -> None:
    found = [hit_of(f"d{n}", [(f"Ice {n}.", 0.5)], score=1 - n / 100) for n in range(PASSAGES + 2)]
    assert len(ranked_of(found)) == PASSAGES


def test_passages_without_a_score_are_no_trouble() -> None:
    assert len(ranked_of([hit_of("a", [("Ice.", -1.0)], score=0.0)])) == 1
    assert ranked_of([]) == []


@pytest.mark.parametrize(
    ("ranked", "most", "starts"),
    [
        ([], 3, []),
        ([quote("a", 9, 1.0)], 3, [9]),
        ([quote("a", 9, 1.0), quote("a", 1, 0.9)], 3, [9, 1]),
        ([quote("a", 9, 1.0), quote("a", 1, 0.99)], 1, [9]),
        ([quote("a", 9, 1.0), quote("a", 1, 0.49)], 3, [9]),
        ([quote("b", 9, 1.0), quote("a", 1, 0.99)], 3, [9, 1]),
        ([quote("b", 9, 1.0), quote("a", 1, 0.99), quote("b", 3, 0.98)], 3, [9, 1, 3]),
    ],
    ids=[
        "nothing to choose from",
        "only one",
        "a second that is nearly as good, behind the best",
        "no more than asked for",
        "a second that is too far behind",
        "another document's sentence, behind the best one's",
        "the best first, whatever the document",
    ],
)
def test_further_sentences_must_be_nearly_as_good(
    ranked: list[Quote], most: int, starts: list[int]
) -> None:
    model = QuoteModel(0.0, {}, keep=0.5, lift=0.5)
    assert [one.start for one in choose(ranked, most, model)] == starts


@settings(deadline=None)
@given(hits(), st.integers(1, 5))
def test_chosen_quotes_are_few_unique_and_the_best_first(found: list[Hit], most: int) -> None:
    ranked = ranked_of(found)
    chosen = choose(ranked, most)
    texts = [" ".join(one.text.split()).casefold() for one in chosen]
    assert 1 <= len(chosen) <= most
    assert len(set(texts)) == len(texts)
    assert list(chosen) == ranked[: len(chosen)]


@settings(deadline=None)
@given(hits())
def test_every_sentence_is_cut_from_its_passage_and_scored_in_bounds(found: list[Hit]) -> None:
    texts = {(hit.passage.document_id, hit.passage.start): hit for hit in found}
    ranked = ranked_of(found)
    for one in ranked:
        hit = next(
            hit
            for (document_id, _), hit in texts.items()
            if document_id == one.document_id
            and hit.passage.start <= one.start < one.end <= hit.passage.end
        )
        offset = hit.passage.start
        assert hit.text[one.start - offset : one.end - offset] == one.text
        assert 0 <= one.coverage <= 1
        assert 0 <= one.score <= 1 + 1e-9
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)


def test_a_documents_own_question_is_quoted_only_where_there_is_nothing_else() -> None:
    asked, told = ("What did the ferry cost?", 0.9), ("It cost $3.", 0.4)
    assert [one.text for one in ranked_of([hit_of("a", [asked, told])])] == ["It cost $3."]
    assert [one.text for one in ranked_of([hit_of("a", [asked])])] == ["What did the ferry cost?"]


def test_a_sentence_that_tells_of_the_question_answers_none() -> None:
    question = "When did the harbour ferry stop?"
    told = "Few people know when the harbour ferry stopped."
    dated = "When the harbour ferry stopped in May 2020, it rained."
    hits = [hit_of("told", [(told, 0.9)]), hit_of("dated", [(dated, 0.5)])]
    ranked = rank_sentences(query_of(question), expected(question), hits, {})
    assert [one.text for one in ranked] == [dated]
    alone = rank_sentences(query_of(question), expected(question), hits[:1], {})
    assert [one.text for one in alone] == [told]


def test_what_a_clause_in_front_of_the_question_tells_is_not_what_is_asked() -> None:
    question = "When the mine of Varn closed, what did the town do?"
    answer = "When the mine of Varn closed, the town opened a school."
    hits = [hit_of("a", [(answer, 0.8), ("The town has a mine.", 0.4)])]
    assert ranked_of(hits, question)[0].text == answer


def test_a_relative_clause_may_answer_in_the_questions_words() -> None:
    question = "Where does the captain hold his walking lessons?"
    park = "Behind the pier is a park, where the captain holds his walking lessons."
    told = "Few people know where the captain holds his walking lessons."
    found = [hit_of("told", [(told, 0.9), (park, 0.5)])]
    assert [one.text for one in ranked_of(found, question)] == [park]


def told_of(question: str, before: str, *sentences: tuple[str, float]) -> list[tuple[str, bool]]:
    ranked = ranked_of([hit_of("a", list(sentences))], question)
    marked = with_told(ranked, query_of(question), expected(question), [before])
    return [(one.text, one.told) for one in marked]


def test_what_an_answer_before_has_is_told_unless_it_gives_what_is_asked_for() -> None:
    before = "the FERRY  opened in May 2020. [1] It was built by Ann Reed. [2]"
    opened, built, other = "The ferry opened in May 2020.", "It was built by Ann Reed.", "It sank."
    sentences = ((opened, 0.6), (built, 0.5), (other, 0.4))
    assert dict(told_of("Why so late?", before, *sentences)) == {
        opened: True,
        built: True,
        other: False,
    }
    assert not dict(told_of("When did it open?", before, *sentences))[opened]
    assert not dict(told_of("Who built it?", before, *sentences))[built]
    assert dict(told_of("Who built it?", before, *sentences))[opened]


def test_what_was_told_comes_last_and_sets_no_bar() -> None:
    model = QuoteModel(0.0, {}, keep=0.5, lift=0.5)
    told, near, far = quote("a", 9, 1.0), quote("a", 1, 0.4), quote("a", 5, 0.1)
    assert choose([told, near, far], 3, model) == (told,)
    known = replace(told, told=True)
    assert choose([known, near, far], 3, model) == (near, known)
    assert choose([known, near, far], 1, model) == (near,)
    assert choose([known], 3, model) == (known,)
    more = [replace(quote("b", place, 0.9), told=True) for place in (1, 2)]
    assert choose([known, *more, near], 3, model) == (near, known, more[0])


def test_the_surer_the_best_one_the_nearer_another_has_to_come() -> None:
    model = QuoteModel(0.0, {}, keep=0.8, lift=0.5, doubt=0.5)
    assert model.least(1.0) == pytest.approx(0.8)
    assert model.least(0.25) == pytest.approx(0.25 * 0.4)
    assert QuoteModel(0.0, {}, keep=1.5, lift=0.5).least(0.3) == 0.3
    assert choose([], 3, model) == ()


def test_whether_it_was_is_told_by_what_says_so_and_not_by_what_may_be() -> None:
    may = "Users of Acme can expect to be fined in Arno as well."
    said = 'Some page could read: "Acme was never fined in Arno."'
    was = "The town of Arno fined Acme 30 million euros in May."
    hits = [hit_of("d", [(may, 0.72), (said, 0.7), (was, 0.7)])]
    question = "Was Acme ever fined in Arno?"
    ranked = rank_sentences(query_of(question), expected(question), hits, {})
    assert ranked[0].text == was
    # What may be is not looked past where it is asked for.
    open_question = "What can users of Acme expect in Arno?"
    first = rank_sentences(query_of(open_question), expected(open_question), hits, {})[0]
    assert first.text == may
