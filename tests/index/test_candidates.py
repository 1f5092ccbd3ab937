from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.allowed import Allowed, vectors_of
from index.candidates import Gone, Texts, read_candidates
from index.index import Index
from index.passages import Filters
from index.terms import terms

from .homes import Home, passage_numbers

# id, date, source, tags
DOCUMENTS = (
    ("early", "2019-05-14", "The Record", ("bans", "US")),
    ("middle", "2020-02-28", "THE RECORD", ("leaks",)),
    ("late", "2021-11-03", "Écho du Lac", ("Lois",)),
    ("undated", None, None, ()),
)
DAYS = [dt.date.fromisoformat(date) for _, date, _, _ in DOCUMENTS if date]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Index:
    home = Home(tmp_path_factory.mktemp("home"))
    for name, date, source, tags in DOCUMENTS:
        front = [f"title: On the {name} one", f"tags: [{', '.join(tags)}]"]
        front += [f"date: {date}"] if date else []
        front += [f"source: {source}"] if source else []
        home.write(
            f"{name}.md", "---\n" + "\n".join(front) + f"\n---\n\nThe {name} text is here.\n"
        )
    index = home.open()
    index.sync()
    return index


def passing(index: Index, filters: Filters) -> list[str]:
    """Return the ids of the documents of which passages pass."""
    allowed = Allowed(index._database).among(filters).numbers()
    numbers = allowed.tolist()
    assert numbers == sorted(numbers)
    candidates = read_candidates(index._database, numbers)
    stored = dict(zip([one.number for one in candidates.passages], candidates.vectors, strict=True))
    read = [one for some in vectors_of(index._database, allowed) for one in zip(*some, strict=True)]
    assert [number for number, _ in read] == numbers
    for number, vector in read:
        assert np.array_equal(stored[number], vector)
    assert sorted(stored) == numbers
    return sorted(one.document_id for one in candidates.passages)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), ["early", "late", "middle", "undated"]),
        (Filters(since=dt.date(2020, 2, 28)), ["late", "middle"]),
        (Filters(since=dt.date(2020, 2, 29)), ["late"]),
        (Filters(until=dt.date(2020, 2, 28)), ["early", "middle"]),
        (Filters(until=dt.date(2020, 2, 27)), ["early"]),
        (Filters(since=dt.date(2020, 2, 28), until=dt.date(2020, 2, 28)), ["middle"]),
        (Filters(since=dt.date(2022, 1, 1), until=dt.date(2020, 1, 1)), []),
        (Filters(sources=("the record",)), ["early", "middle"]),
        (Filters(sources=("The Record", "écho du lac")), ["early", "late", "middle"]),
        (Filters(sources=("Écho du Lac",)), ["late"]),
        (Filters(sources=("Record",)), []),
        (Filters(tags=("us",)), ["early"]),
        (Filters(tags=("BANS", "leaks")), ["early", "middle"]),
        (Filters(tags=("ban",)), []),
        (Filters(documents=("late", "undated")), ["late", "undated"]),
        (Filters(documents=("none",)), []),
        (Filters(sources=("the record",), tags=("leaks",)), ["middle"]),
        (Filters(documents=("undated",), since=dt.date(1900, 1, 1)), []),
        (Filters(sources=("x' OR 1=1 --",)), []),
    ],
)
def test_filters_let_through_what_they_say(
    filled: Index, filters: Filters, expected: list[str]
) -> None:
    assert passing(filled, filters) == expected


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2).map(tuple)


FILTERS = st.builds(
    Filters,
    since=st.none() | st.sampled_from(DAYS),
    until=st.none() | st.sampled_from(DAYS),
    sources=some("the record", "ÉCHO DU LAC", "other"),
    tags=some("us", "LEAKS", "other"),
    documents=some("early", "late", "undated"),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILTERS)
def test_combined_filters_let_through_what_each_of_them_does(
    filled: Index, filters: Filters
) -> None:
    single = [
        Filters(since=filters.since),
        Filters(until=filters.until),
        Filters(sources=filters.sources),
        Filters(tags=filters.tags),
        Filters(documents=filters.documents),
    ]
    everything = {name for name, *_ in DOCUMENTS}
    expected = everything.intersection(*(passing(filled, one) for one in single))
    assert passing(filled, filters) == sorted(expected)


def test_a_candidate_is_a_passage_with_its_text_and_vectors(filled: Index) -> None:
    candidates = read_candidates(filled._database, passage_numbers(filled))
    assert len(candidates.passages) == 4
    texts = Texts(filled._database)
    texts.read(candidates.passages, candidates.passages[:1])
    for place, candidate in enumerate(candidates.passages):
        passage = candidate.passage()
        assert passage.id == candidate.id
        text = filled.catalogue.document(passage.document_id).text
        assert texts.text(candidate) == text[passage.start : passage.end]
        assert [
            candidate.sentence(texts.text(candidate), n) for n in range(len(candidate.spans))
        ] == [text[one.start : one.end] for one in passage.sentences]
        assert candidate.title == f"On the {passage.document_id} one"
        assert candidate.stems[-1] == " ".join(terms(texts.text(candidate)))
        start = candidates.starts[place]
        assert candidate.vectors.shape == (len(passage.sentences), 256)
        assert np.array_equal(candidate.vectors[0], candidates.sentences[start])
        assert candidates.vectors[place].shape == (256,)
        entry = filled.catalogue.entry(passage.document_id)
        about = texts.about(candidate)
        assert about.sha256 == entry.sha256
        assert about.date == (entry.date.isoformat() if entry.date else None)
        assert about.version_of is None


@pytest.mark.parametrize("numbers", [[], [999], [-1, 0]])
def test_numbers_that_nothing_has_give_no_candidate(filled: Index, numbers: list[int]) -> None:
    assert read_candidates(filled._database, numbers).passages == ()


def test_a_document_that_leaves_between_two_looks_is_noticed(home: Home, index: Index) -> None:
    home.write("a.txt", "The ferry left at noon.")
    index.sync()
    (candidate,) = read_candidates(index._database, passage_numbers(index)).passages
    index.remove(["a"])
    texts = Texts(index._database)
    texts.read([candidate], [candidate])
    for look in (texts.about, texts.text):
        with pytest.raises(Gone):
            look(candidate)
