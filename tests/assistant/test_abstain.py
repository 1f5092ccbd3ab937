from __future__ import annotations

import dataclasses
import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.abstain import Features, Model, confidence, features, fitted_model
from assistant.expect import expected
from assistant.extract import rank_sentences
from index.passages import Hit

from .made_hits import hit_of, hits, query_of

NAMES = [field.name for field in dataclasses.fields(Features)]
QUESTION = "How much did the Blue Wave ferry cost in 2024?"
TITLES = {"a": "The Blue Wave ferry", "b": "Ice"}

shares = st.floats(0, 1)
any_features = st.builds(Features, *[shares] * len(NAMES))
weights = st.tuples(*[st.floats(-10, 10)] * len(NAMES))


def features_of(found: list[Hit], question: str = QUESTION) -> Features:
    query, wanted = query_of(question), expected(question)
    ranked = rank_sentences(query, wanted, found, TITLES)
    return features(query, wanted, found, ranked, TITLES)


def test_confidence_is_a_logistic_regression() -> None:
    found = Features(*[0.5] * len(NAMES))
    steps = tuple(float(place) for place in range(len(NAMES)))
    model = Model(bias=-3.0, weights=steps, threshold=0.5, fitted="here")
    assert confidence(found, model) == pytest.approx(
        1 / (1 + math.exp(3.0 - 0.5 * sum(range(len(NAMES)))))
    )


@given(any_features, weights, st.sampled_from(NAMES), shares)
def test_confidence_follows_each_feature_by_the_sign_of_its_weight(
    found: Features, each: tuple[float, ...], name: str, value: float
) -> None:
    model = Model(0.0, each, 0.5, "here")
    weight = each[NAMES.index(name)]
    before = confidence(found, model)
    after = confidence(dataclasses.replace(found, **{name: value}), model)
    step = weight * (value - getattr(found, name))
    assert 0 <= before <= 1
    if step >= 0:
        assert after >= before - 1e-9
    else:
        assert after <= before + 1e-9


def test_the_shipped_model_has_a_weight_for_each_feature_and_says_what_it_was_fitted_on() -> None:
    model = fitted_model()
    assert len(model.weights) == len(NAMES)
    assert all(math.isfinite(number) for number in (model.bias, *model.weights))
    assert 0 < model.threshold < 1
    assert model.fitted


def test_the_shipped_threshold_parts_a_full_match_from_none() -> None:
    speaks_against = (
        *("misses", "count_misses", "missing", "names_missing", "short"),
        *("denies", "opposed", "gap", "lacks", "unmet", "elsewhere", "thingless", "other_year"),
    )
    nothing = Features(**{name: float(name in speaks_against) for name in NAMES})
    everything = Features(**{name: float(name not in speaks_against) for name in NAMES})
    assert confidence(nothing) < fitted_model().threshold < confidence(everything)


def test_the_features_of_a_search_that_found_everything() -> None:
    best = hit_of(
        "a",
        [("The Blue Wave ferry cost $3 in 2024.", 0.8), ("Ice came.", 0.1)],
        score=0.9,
        dense=0.6,
        lexical=0.7,
        dense_rank=1.0,
        lexical_rank=1.0,
    )
    found = features_of([best, hit_of("b", [("Ice melted.", 0.0)], score=0.1)])
    assert found == Features(
        similarity=0.8,
        dense=0.6,
        coverage=1.0,
        lexical=0.7,
        passage=0.9,
        count_misses=0.0,
        misses=0.0,
        agreement=1.0,
        margin=found.margin,
        missing=0.0,
        names_missing=0.0,
        short=0.0,
        denies=0.0,
        opposed=0.0,
        gap=0.0,
        lacks=0.0,
        unmet=0.0,
        elsewhere=0.0,
        thingless=0.0,
        other_year=0.0,
    )
    assert 0 < found.margin <= 1


def test_the_features_of_a_search_that_found_nothing_of_it() -> None:
    hit = hit_of("b", [("Ice came.", -0.2)], score=0.1, dense=-0.1, dense_rank=1.0)
    found = features_of([hit])
    assert 0.1 < found.lacks <= 1
    assert found == Features(
        similarity=0.0,
        dense=0.0,
        coverage=0.0,
        lexical=0.0,
        passage=0.1,
        count_misses=0.0,
        misses=1.0,
        agreement=0.0,
        margin=0.0,
        missing=1.0,
        names_missing=1.0,
        short=0.0,
        denies=0.0,
        opposed=0.0,
        gap=1.0,
        lacks=found.lacks,
        unmet=1.0,
        elsewhere=0.0,
        thingless=0.0,
        other_year=1.0,
    )


@pytest.mark.parametrize(
    ("question", "count_misses", "misses"),
    [
        ("How much did it cost?", 0.0, 0.0),
        ("Who paid for the boat?", 0.0, 1.0),
        ("How many boats did it cost?", 1.0, 0.0),
        ("What came?", 0.0, 0.0),
    ],
)
def test_a_kind_of_thing_that_is_asked_for_may_be_missed(
    question: str, count_misses: float, misses: float
) -> None:
    found = features_of([hit_of("a", [("It cost $3.", 0.5)])], question)
    assert (found.count_misses, found.misses) == (count_misses, misses)


@pytest.mark.parametrize(
    ("question", "short"), [("When does it end?", 1.0), ("Why?", 1.0), (QUESTION, 0.0)]
)
def test_a_question_of_one_content_word_is_short(question: str, short: float) -> None:
    assert features_of([hit_of("a", [("It ends.", 0.5)])], question).short == short


def test_names_and_numbers_are_looked_for_where_the_best_sentence_stands() -> None:
    best = hit_of("b", [("The ferry cost $3 in 2024.", 0.9)], score=0.9)
    other = hit_of("b", [("Blue Wave came.", 0.1)], score=0.1, start=50)
    # Blue and Wave are only in the other passage; 2024 is in this one.
    assert features_of([best, other]).names_missing == pytest.approx(2 / 3)
    assert features_of([best, other]).missing == 0.0


@given(hits(), st.sampled_from([QUESTION, "Why?", "Who is Ada Berg?", "What about the ice?"]))
def test_every_feature_is_a_share(found: list[Hit], question: str) -> None:
    values = dataclasses.astuple(features_of(found, question))
    assert all(-1e-9 <= value <= 1 + 1e-9 for value in values)


@pytest.mark.parametrize(
    ("sentence", "elsewhere"),
    [
        ("The British fine of 7.5 million pounds stands.", 1.0),
        ("Vienna's fine of 7.5 million euros stands.", 0.0),
        ("The Austrian fine is larger than the British one.", 0.0),
    ],
)
def test_what_is_told_of_another_country_speaks_against_an_answer(
    sentence: str, elsewhere: float
) -> None:
    found = [hit_of("a", [(sentence, 0.7)])]
    assert features_of(found, "How large was the fine in Austria?").elsewhere == elsewhere
    assert features_of(found, "How large was the fine?").elsewhere == 0.0


def test_a_value_told_of_another_country_meets_no_question() -> None:
    found = [hit_of("a", [("The British fine of 7.5 million pounds stands.", 0.7)])]
    assert features_of(found, "How much was the fine in Austria?").unmet == 1.0
    assert features_of(found, "How much was the fine in Britain?").unmet == 0.0


@pytest.mark.parametrize(
    ("question", "other_year"),
    [
        ("How many fans came in 2018?", 1.0),
        ("How many fans came in 2021?", 0.0),
        ("How many fans came in 2023?", 0.0),
        ("How did the number of fans grow from 2018 to 2023?", 0.0),
        ("How did the number of fans grow from 2015 to 2018?", 1.0),
        ("How many fans came in the 1990s?", 0.0),
        ("How many fans came?", 0.0),
    ],
)
def test_a_passage_is_of_the_years_that_it_names_and_of_its_documents(
    question: str, other_year: float
) -> None:
    found = [hit_of("a", [("In 2021 some 400 fans came.", 0.7)])]
    query, wanted = query_of(question), expected(question)
    ranked = rank_sentences(query, wanted, found, TITLES)
    dates = {"a": dt.date(2023, 5, 1)}
    assert features(query, wanted, found, ranked, TITLES, dates).other_year == other_year


def test_a_country_is_not_missing_where_its_adjective_stands() -> None:
    found = [hit_of("a", [("The Dutch fine of 7.5 million euros stands.", 0.7)])]
    named = features_of(found, "How large was the fine of the Netherlands?")
    other = features_of(found, "How large was the fine of the Hebrides?")
    assert named.names_missing == 0.0 < other.names_missing
    assert named.missing < other.missing


def test_words_that_frame_a_question_are_not_missed() -> None:
    found = [hit_of("a", [("The ferry is at the bottom.", 0.7)])]
    assert features_of(found, "What happened to the ferry?").missing == 0.0
    assert features_of(found, "What happened to the mine?").missing == 1.0
    assert features_of(found, "What happened?").missing == 1.0, "it has no other word"
