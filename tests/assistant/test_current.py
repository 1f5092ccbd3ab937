"""Questions about the present, whose answer older and newer documents tell differently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from assistant.contract_answer import citation_json, disagreement_json
from assistant.current import asks_what_is_so_now, told_over_time
from assistant.expect import expected
from assistant.extract import rank_sentences
from assistant.quoting import Quoted, quote_answer
from assistant.spoken_values import differing
from corpus.documents import Document, text_sha256
from index.passages import Hit

from .made_hits import hit_of, query_of

Sentences = Sequence[tuple[str, float]]


def made(*told: Sentences, dated: bool = True) -> tuple[list[Hit], dict[str, Document]]:
    """Return a passage for each document, the oldest first, and the documents."""
    hits, documents = [], {}
    for place, sentences in enumerate(told):
        name, text = f"d{place}", " ".join(one for one, _ in sentences)
        hits.append(hit_of(name, sentences))
        documents[name] = Document(
            id=name, title=name, text=text, date=dt.date(2020 + place, 5, 1) if dated else None,
            source=None, url=None, language="en", tags=(), media_type="text/plain", path=name,
            sha256=text_sha256(text),
        )  # fmt: skip
    return hits, documents


def answer(question: str, *told: Sentences, dated: bool = True, most: int = 3) -> Quoted:
    hits, documents = made(*told, dated=dated)
    query, wanted = query_of(question), expected(question)
    ranked = rank_sentences(query, wanted, hits, {})
    return quote_answer(query, wanted, ranked, documents, most, lambda name: name, hits)


def values(found: Quoted) -> list[str]:
    return [one.text for one in found.disagreement.values] if found.disagreement else []


CHANGED = [
    (
        "How many trams does Basel run now?",
        "Basel runs 40 trams on its lines.",
        "With the new ones Basel runs 55 trams.",
        ["55", "40"],
    ),
    (
        "How many species has the Kew survey named so far?",
        "The Kew survey named 120 species in its first year.",
        "Twelve species were found in May, so that the Kew survey has now named 310 species.",
        ["310", "120"],
    ),
    (
        "Until when is fishing forbidden in Lake Arno?",
        "Fishing in Lake Arno is forbidden until 1 May 2021, the council said on 3 June 2020.",
        "The council has forbidden fishing in Lake Arno until 1 May 2024.",
        ["1 May 2024", "1 May 2021"],
    ),
    (
        "How much does a crossing to Fogo cost today?",
        "A crossing to Fogo costs 12 dollars.",
        "Since spring a crossing to Fogo costs 15 dollars.",
        ["15 dollars", "12 dollars"],
    ),
    (
        "At how many ports does the ABC check seals now?",
        "The ABC checks seals at nearly 30 ports.",
        "The Agency for Border Control checks seals at 80 ports.",
        ["80", "nearly 30"],
    ),
]
SAME = [
    ("How many trams did Basel run in 2019?", "Basel ran 40 trams.", "Basel ran 55 trams."),
    ("How many trams does Basel run now?", "Basel runs 40 trams.", "Basel runs forty trams."),
    ("How many trams does Basel run now?", "Basel runs 40 trams.", "Bern runs 55 trams."),
    ("How many trams does Basel run now?", "Basel runs 40 trams.", "Basel could run 55 trams."),
    ("How many trams does Basel run now?", "Basel runs 40 trams.", "Basel has 55 bridges."),
    ("Who runs the trams of Basel now?", "Ann Lee runs the trams.", "Bo Ray runs the trams."),
    ("How many trams did Basel buy?", "Basel bought 40 trams.", "Later Basel bought 55 trams."),
]


@pytest.mark.parametrize(("question", "older", "newer", "told"), CHANGED)
def test_the_newest_value_comes_first_and_the_older_one_behind(
    question: str, older: str, newer: str, told: list[str]
) -> None:
    # The older document is nearer to the question, and its quote would come first.
    found = answer(question, [(older, 0.8)], [(newer, 0.6)])
    assert values(found) == told
    assert [one.citation.quote for one in found.said if one.citation] == [newer, older]
    assert found.disagreement is not None
    assert found.disagreement.changed
    assert found.short is None
    assert not values(answer(question, [(older, 0.8)], [(newer, 0.6)], dated=False))
    assert not values(answer(question, [(older, 0.8)], [(newer, 0.6)], most=1))


def test_a_number_of_the_very_things_counts_however_its_sentence_is_put() -> None:
    older, newer = "Varn has 40 pictures.", "The vault of Varn is said to keep more than 90 photos."
    question = "How many pictures does Varn have now?"
    assert values(answer(question, [(older, 0.8)], [(newer, 0.3)])) == ["more than 90", "40"]
    unnamed = newer.replace("of Varn ", "")
    assert not values(answer(question, [(older, 0.8)], [(unnamed, 0.3)]))


@pytest.mark.parametrize(("question", "older", "newer"), SAME)
def test_what_did_not_change_or_was_not_asked_is_left_alone(
    question: str, older: str, newer: str
) -> None:
    hits, documents = made([(older, 0.8)], [(newer, 0.6)])
    query, wanted = query_of(question), expected(question)
    ranked = rank_sentences(query, wanted, hits, {})
    assert told_over_time(query, wanted, ranked, hits, documents) == ()


def test_of_a_document_the_sentence_that_sums_up_counts() -> None:
    found = answer(
        "How many arrests have the cameras led to in all?",
        [("The cameras led to 1,035 arrests.", 0.7)],
        [
            ("The cameras led to 61 arrests at the weekend.", 0.8),
            ("In all, the cameras led to more than 1,400 arrests.", 0.5),
        ],
    )
    assert values(found) == ["more than 1,400", "1,035"]


def test_a_passage_that_is_far_from_the_question_is_no_news() -> None:
    question = "How many trams does Basel run now?"
    hits, documents = made([("Basel runs 40 trams.", 0.8)], [("Basel runs 55 trams.", 0.2)])
    query, wanted = query_of(question), expected(question)
    ranked = rank_sentences(query, wanted, hits, {})
    assert told_over_time(query, wanted, ranked, hits, documents) == ()


@pytest.mark.parametrize(
    ("question", "now"),
    [
        ("Is it still forbidden?", True),
        ("Is it forbidden?", False),
        ("Was it still forbidden in 2019?", False),
    ],
)
def test_quotes_come_by_date_where_the_present_is_asked_for(question: str, now: bool) -> None:
    assert asks_what_is_so_now(question) == now
    older, newer = "It is forbidden everywhere.", "It is forbidden no more."
    found = answer(question, [(older, 0.61)], [(newer, 0.6)])
    quoted = [one.citation.quote for one in found.said if one.citation]
    assert quoted == ([newer, older] if now else [older, newer])


def test_it_is_said_that_it_changed() -> None:
    question, older, newer, _ = CHANGED[0]
    found = answer(question, [(older, 0.8)], [(newer, 0.6)])
    said = disagreement_json(found.disagreement)
    assert said is not None
    assert said["changed"]
    citations = [citation_json(one.citation) for one in found.said if one.citation]
    assert differing(said, citations) == (
        "Told differently over time: 55 [1] (d1, 1 May 2021); 40 [2] (d0, 1 May 2020)."
    )


ONE_DOCUMENT = [
    (
        ("The Kew herbarium is put at 120 species.", 0.8),
        ("The Kew herbarium has grown to 310 species.", 0.7),
        ["310", "15"],
    ),
    (
        ("On 3 May 2021 the Kew herbarium had 310 species.", 0.7),
        ("On 9 March 2019 the Kew herbarium had 120 species.", 0.8),
        ["310", "15"],
    ),
    (
        ("The Kew herbarium is put at 120 species.", 0.8),
        ("The Kew herbarium is put at 310 species.", 0.79),
        ["120", "310", "15"],
    ),
]


@pytest.mark.parametrize(("one", "two", "expect"), ONE_DOCUMENT)
def test_of_two_values_in_one_document_the_later_counts_and_both_where_none_is(
    one: tuple[str, float], two: tuple[str, float], expect: list[str]
) -> None:
    older = [("The Kew herbarium started with 15 species.", 0.8)]
    found = answer("How many species has the Kew herbarium now?", older, [one, two])
    assert values(found) == expect
    # Of one document comes first what is told above.
    first = found.said[0].citation
    assert first is not None
    assert expect[0] in first.quote


def test_pictures_and_photographs_are_counted_as_images() -> None:
    question = "How many images has the Acme database now?"
    older = [("The Acme database has 10 million images.", 0.8)]
    newer = [("The Acme database holds 30 million photographs.", 0.7)]
    assert values(answer(question, older, newer)) == ["30 million", "10 million"]
