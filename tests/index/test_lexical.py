from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.index import Index
from index.lexical import lexical_candidates, lexical_share, rarities, weighed
from index.terms import terms

from .homes import Home

RARITY = {"face": 1.0, "ban": 3.0}


def share(rarity: dict[str, float], columns: Sequence[list[str]]) -> float:
    return lexical_share(rarity, {}, [" ".join(column) for column in columns])


def test_the_share_is_bm25_over_weighted_columns_divided_by_the_sum_of_rarities() -> None:
    # face: 1 in the title and 2 in the body = 3; ban: .5 in the source. Length 8 of 80, so the
    # norm is 1.2 * (1 - .75 + .75 * 8 / 80) = .39.
    columns = [["face", "law"], ["ban"], [], ["face", "face", "scan", "citi", "polic"]]
    expected = (1.0 * 3 / (3 + 0.39) + 3.0 * 0.5 / (0.5 + 0.39)) / 4.0
    assert share(RARITY, columns) == pytest.approx(expected)


@pytest.mark.parametrize("columns", [[[], [], [], []], [["law"], [], [], ["citi"]]])
def test_a_passage_without_a_term_of_the_question_has_no_share(columns: list[list[str]]) -> None:
    assert share(RARITY, columns) == 0.0


def test_a_question_without_a_content_word_gives_no_share() -> None:
    assert share({}, [["face"], [], [], ["face"]]) == 0.0


STEMS = st.lists(st.sampled_from(["face", "ban", "law", "citi"]), max_size=300)
COLUMNS = st.tuples(STEMS, STEMS, STEMS, STEMS)


@given(COLUMNS, st.dictionaries(st.sampled_from(["face", "ban"]), st.floats(0.01, 20)))
def test_a_share_is_never_outside_zero_and_one(
    columns: tuple[list[str], ...], rarity: dict[str, float]
) -> None:
    assert 0.0 <= share(rarity, columns) < 1.0 + 1e-9


@given(COLUMNS)
def test_one_more_mention_in_place_of_another_word_never_lowers_the_share(
    columns: tuple[list[str], ...],
) -> None:
    body = [*columns[3], "law"]
    more = [*columns[3], "face"]
    assert share(RARITY, [*columns[:3], more]) > share(RARITY, [*columns[:3], body])


@pytest.fixture
def filled(home: Home, index: Index) -> Index:
    home.write("a.txt", "The city banned the cameras.\n")
    home.write("b.txt", "The error rate was 34.7% for cameras, and 0.8% for others.\n")
    home.write("c.txt", "Vendors sold cameras to the city. 35 of them, for £7 each.\n")
    index.sync()
    return index


def test_rarity_counts_the_passages_that_have_a_term(filled: Index) -> None:
    def expected(count: int) -> float:
        return math.log(1 + (3 - count + 0.5) / (count + 0.5))

    asked = ["camera", "citi", "34.7", "35", "zebra", "camera"]
    assert rarities(filled._database, asked, {})[0] == pytest.approx(
        {
            "camera": expected(3),
            "citi": expected(2),
            "34.7": expected(1),
            "35": expected(1),
            "zebra": expected(0),
        }
    )


@pytest.mark.parametrize(
    ("asked", "documents"),
    [
        (["citi"], {"a", "c"}),
        (["34.7"], {"b"}),
        (["34"], set()),
        (["zebra", "35"], {"c"}),
        ([], set()),
    ],
)
def test_candidates_are_the_passages_with_any_of_the_terms(
    filled: Index, asked: list[str], documents: set[str]
) -> None:
    numbers = lexical_candidates(filled._database, dict.fromkeys(asked, 1.0), {}, k=10)
    rows = filled._database.rows("SELECT number, id FROM passages JOIN documents USING(generation)")
    assert {dict(rows)[number] for number in numbers} == documents


def test_no_more_candidates_than_asked_for(filled: Index) -> None:
    assert len(lexical_candidates(filled._database, {"camera": 1.0}, {}, k=2)) == 2


@given(
    COLUMNS,
    st.dictionaries(st.sampled_from(["face", "ban", "fac"]), st.floats(0.01, 20), min_size=1),
)
def test_a_share_is_what_the_stems_weigh_times_their_rarity(
    columns: tuple[list[str], ...], rarity: dict[str, float]
) -> None:
    stored = weighed(columns)
    expected = sum(rarity.get(stem, 0.0) * weight for stem, weight in stored.items())
    assert share(rarity, columns) == pytest.approx(expected / sum(rarity.values()))


@pytest.mark.parametrize(
    "text",
    [
        "Ærø øl łódź ß straße œuvre",
        "人脸识别 顔認証 Распознавание лиц",
        "naïve Ångström ﬁne ™ ½ 𝐀 İstanbul",
        'AND OR NOT NEAR * ^ " ( ) : title',
        "1,000.50 3.5.2 10.0 v2.1",
    ],
)
def test_every_term_of_a_passage_finds_it(home: Home, index: Index, text: str) -> None:
    home.write("a.txt", f"The text has these words: {text}\n")
    home.write("b.txt", "Nothing of the kind is said here.\n")
    index.sync()
    body = index.catalogue.document("a").text
    for term in terms(body):
        assert lexical_candidates(index._database, {term: 1.0}, {}, k=5) == [1], term
        assert (
            rarities(index._database, [term], {})[0][term]
            < rarities(index._database, ["zebra"], {})[0]["zebra"]
        ), term


def test_terms_of_removed_documents_no_longer_count(home: Home, filled: Index) -> None:
    filled.remove(["a", "c"])
    known, unseen = rarities(filled._database, ["citi", "zebra"], {})
    assert unseen == {"zebra", "citi"}
    assert set(known.values()) == {math.log(1 + 1.5 / 0.5)}
    assert lexical_candidates(filled._database, {"citi": 1.0}, {}, k=5) == []


def test_what_was_removed_is_in_no_file_of_the_state_folder(home: Home, index: Index) -> None:
    home.write("a.txt", "The whistleblower was called Quetzalcoatlus in the files.\n")
    home.write("b.txt", "Nothing of the kind is said here.\n")
    index.sync()
    index.remove(["a"])
    files = [path for path in home.state.rglob("*") if path.is_file()]
    assert [path.name for path in files if b"uetzalcoatl" in path.read_bytes()] == []
