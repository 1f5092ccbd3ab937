from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import kin
from index.features import asked
from index.index import Index
from index.kin import SHARE, held, kin_of, times
from index.lexical import lexical_candidates, lexical_share, rarities
from index.terms import terms
from index.word_table import WordTable
from index.worded import best_likeness, packed, unpacked

from .homes import Home

NO_WORD_IS_LIKE_ANOTHER = WordTable(np.zeros((1, 1), dtype=np.float32), {})


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who was fined in Italy?", "The Italian regulator"),
        ("What do Italians say?", "in Italy's towns"),
        ("the Dutch authority", "an authority of the Netherlands"),
        ("What does the UK plan?", "Britons voted; the United Kingdom left"),
        ("the United Kingdom", "the British government"),
        ("the U.S. senator", "two United States senators"),
        ("American troops", "troops of the US"),
        ("EU law", "the law of the European Union"),
        ("South Korean ships", "a ship from South Korea"),
        ("the Nepalese army", "Nepal has an army"),
        ("voters in sri lanka", "Sri Lankans voted"),
    ],
)
def test_a_country_is_held_under_its_other_names(question: str, text: str) -> None:
    named = kin_of(question)
    assert named
    assert held(named, named, terms(text)).keys() == named.keys()
    assert held(named, {}, terms(text)).keys() < named.keys()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who was fined in Italy?", "The French regulator"),
        ("Which states have laws?", "an American law"),
        ("Who leads the union?", "the EU"),
        ("EU law", "the law of a European customs union"),
        ("Nigerian music", "music from Niger"),
        ("Austria", "Australian"),
    ],
)
def test_another_country_or_half_a_name_is_not(question: str, text: str) -> None:
    assert held(terms(question), kin_of(question), terms(text)).keys() <= set(terms(text))


def test_most_questions_name_no_country() -> None:
    assert kin_of("Who founded the company?") == {}


def test_every_line_of_the_file_names_one_country_in_two_ways_or_more() -> None:
    file = Path(kin.__file__).with_name("peoples.txt")
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    for line in lines:
        names = [name.strip() for name in line.split(",")]
        # A form that a stem takes for another one needs no place.
        assert len({tuple(terms(name)) for name in names}) == len(names) > 1, line
        assert all(name[0].isupper() for name in names), line
    assert len({line.casefold() for line in lines}) == len(lines)


def test_a_name_of_two_words_is_counted_where_they_stand_together() -> None:
    stems = terms("United States of America. States united, united states.")
    assert times(("unit", "state"), stems) == 2
    assert times(("america",), stems) == 1


def test_bm25_takes_the_other_name_for_most_of_the_word() -> None:
    question = "Italian fine"
    named = kin_of(question)

    def share(text: str) -> float:
        return lexical_share(
            dict.fromkeys(terms(question), 1.0), named, ["", "", "", " ".join(terms(text))]
        )

    own, other, none = share("Italian cars"), share("Italy cars"), share("Spain cars")
    assert own > other > 0.9 * own
    assert none == 0


def test_the_nearest_word_is_the_other_name_and_none_goes_across_sentences() -> None:
    question = asked("British ships", {"british": 1.0, "ship": 1.0})
    texts = [["ferry"], ["united", "kingdom"], ["united"], ["kingdom", "uk"], ["kingdom", "united"]]
    found = unpacked([packed(texts, NO_WORD_IS_LIKE_ANOTHER)])
    near = best_likeness(
        question.words, question.stems, question.kin, found, NO_WORD_IS_LIKE_ANOTHER
    )
    share = pytest.approx(SHARE)
    assert near.tolist() == [[0, share, 0, share, 0], [0, 0, 0, 0, 0]]


@pytest.fixture
def filled(home: Home, index: Index) -> Index:
    home.write("rome.txt", "The regulator of Italy was strict.\n")
    home.write("london.txt", "The court of the United Kingdom was lenient.\n")
    home.write("both.txt", "Italian courts, and those of Italy, were slow.\n")
    home.write("none.txt", "The states of the kingdom were mountains.\n")
    index.sync()
    return index


def found_by(index: Index, question: str) -> list[str]:
    named = kin_of(question)
    rarity, _ = rarities(index._database, terms(question), named)
    numbers = lexical_candidates(index._database, rarity, named, k=10)
    rows = dict(
        index._database.rows("SELECT number, id FROM passages JOIN documents USING(generation)")
    )
    return [rows[number] for number in numbers]


def test_passages_are_proposed_by_the_other_name(filled: Index) -> None:
    assert found_by(filled, "Italians") == ["both", "rome"]
    # What has the word itself comes first; having both names counts no more than that.
    assert found_by(filled, "Italy") == ["rome", "both"]
    assert found_by(filled, "the British") == ["london"]
    assert found_by(filled, "Spaniards") == []


def test_a_country_that_only_has_other_names_is_not_unseen(filled: Index) -> None:
    def looked_up(question: str) -> tuple[dict[str, float], frozenset[str]]:
        return rarities(filled._database, terms(question), kin_of(question))

    italy, unseen = looked_up("Italy")
    assert not unseen
    assert looked_up("Spain")[1] == {"spain"}
    assert italy["itali"] < looked_up("Spain")[0]["spain"]
    assert looked_up("UK") == (
        pytest.approx({"uk": looked_up("lenient")[0]["lenient"]}),
        frozenset(),
    )
