from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from assistant.home import make_home
from corpus.errors import UsageError
from evals.benches import run_bench
from evals.benchmarks import speed_search
from evals.benchmarks.made_index import fill_home
from evals.benchmarks.made_texts import PASSAGES, SENTENCES, make_question, make_text
from evals.benchmarks.made_vectors import DIMENSIONS
from evals.benchmarks.speed_parts import Setup
from evals.benchmarks.speed_search import MEASURES, measure_home
from evals.benchmarks.timed_search import PARTS, TOTAL
from index.embed import Vectors
from index.terms import terms

from ..fakes import BagOfStems


class Wide(BagOfStems):
    """Gives vectors as long as the made-up ones."""

    dimensions = DIMENSIONS

    def _vector(self, text: str) -> Vectors:
        short = super()._vector(text)
        return np.pad(short, (0, DIMENSIONS - len(short)))


def test_a_made_text_is_the_same_for_everybody_and_its_sentences_stand_where_it_says() -> None:
    made = make_text(7, subject=3)
    assert made == make_text(7, subject=3)
    assert made != make_text(8, subject=3)
    assert [len(passage) for passage in made.passages] == [SENTENCES] * PASSAGES
    for passage in made.passages:
        for sentence in passage:
            said = made.text[sentence.start : sentence.end]
            assert said.endswith(".")
            assert said[0].isupper() or said[0].isdigit()
            assert "." not in said[:-1]


def test_made_words_are_as_frequent_as_those_of_real_texts() -> None:
    """Beside 1,812 real passages (decision 24); fewer here, so the bounds are wide."""
    passages = [
        terms(text.text[passage[0].start : passage[-1].end])
        for number in range(40)
        for text in (make_text(number, subject=number % 9),)
        for passage in text.passages
    ]
    assert 70 < np.mean([len(passage) for passage in passages]) < 90
    frequency = Counter(term for passage in passages for term in set(passage))
    shares = sorted((count / len(passages) for count in frequency.values()), reverse=True)
    assert 0.15 < shares[2] < 0.35
    assert 0.04 < shares[99] < 0.09
    assert sum(count == 1 for count in frequency.values()) > 0.3 * len(frequency)


def test_a_made_question_asks_for_eight_to_twelve_terms_of_its_passage() -> None:
    text = make_text(1, subject=1)
    start, end = text.passages[4][0].start, text.passages[4][-1].end
    passage = text.text[start:end]
    questions = [make_question(passage, number) for number in range(30)]
    assert len(set(questions)) == 30
    for question in questions:
        asked = set(terms(question))
        assert 8 <= len(asked) <= 12
        assert asked <= set(terms(passage))


def test_a_size_is_measured_with_all_its_parts_and_filters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed_search, "QUESTIONS", 8)
    monkeypatch.setattr(speed_search, "FILTERED", 2)
    monkeypatch.setattr(speed_search, "_REMOVED", 2)
    home, embedder = make_home(tmp_path / "home"), Wide()
    found = measure_home(home, embedder, fill_home(home, embedder, 101))
    assert set(found.parts) == set(PARTS)
    whole = found.parts[TOTAL]
    assert 0 < whole.p50.clock <= whole.p95.clock
    assert set(found.filtered) == set(speed_search.FILTERS)
    assert found.passages == 1010
    assert found.remove_ms > 0
    assert found.disk > 1010 * DIMENSIONS * 4


def test_only_the_part_search_takes_a_number_of_passages(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    for name, parts in (("speed", ()), ("speed", ("search", "chroma")), ("cleaning", ())):
        with pytest.raises(UsageError, match="--passages is for"):
            run_bench(name, None, home, parts=parts, passages=1000)


@pytest.mark.slow
@pytest.mark.model
def test_searching_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed_search, "QUESTIONS", 5)
    monkeypatch.setattr(speed_search, "FILTERED", 2)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    part = speed_search.measure(Setup(make_home(tmp_path / "home"), full=False, passages=1000))
    assert set(part.metrics) == set(MEASURES) - {"search_large_p95_ms"}
    assert all(value > 0 for value in part.metrics.values())
    assert "Chroma" in part.shown
    assert os.listdir(tmp_path) == ["home"]
