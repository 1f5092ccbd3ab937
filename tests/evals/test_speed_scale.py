from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from assistant.home import make_home
from evals.benchmarks import speed_chroma, speed_scale
from evals.benchmarks.made_index import fill_home, make_question
from evals.benchmarks.made_vectors import DIMENSIONS, make_questions, make_vectors
from evals.benchmarks.speed_parts import Setup

from ..index.homes import Home


def test_made_vectors_are_the_same_for_everybody_of_length_one_and_in_clusters() -> None:
    vectors = make_vectors(1005)
    assert vectors.shape == (1005, DIMENSIONS)
    assert np.array_equal(vectors, make_vectors(1005))
    assert not np.array_equal(vectors, make_vectors(1005, seed=8))
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alike = vectors @ vectors.T
    of_one_document = alike[np.arange(0, 1000, 10), np.arange(1, 1000, 10)]
    of_others = alike[np.arange(0, 990, 10), np.arange(10, 1000, 10)]
    assert of_one_document.mean() > 0.5
    assert abs(of_others.mean()) < 0.2


def test_made_questions_are_near_what_they_are_about() -> None:
    vectors = make_vectors(500)
    nearest = (make_questions(vectors, 50) @ vectors.T).max(axis=1)
    assert 0.6 < nearest.mean() < 0.85


def test_a_made_home_is_one_that_a_sync_has_nothing_to_do_in(tmp_path: Path) -> None:
    from ..fakes import BagOfStems

    home = make_home(tmp_path / "home")
    embedder = BagOfStems()
    assert fill_home(home, embedder, 12) == 120
    index = Home(home.root, embedder).open()
    changes = index.sync()
    assert (changes.unchanged, changes.updated, changes.failed) == (12, (), ())
    assert index.is_sound()
    document = index.catalogue.document("05/report-000005")
    assert (home.documents / document.path).read_text("utf-8") == document.text
    index.close()


def test_made_questions_ask_different_things() -> None:
    assert len({make_question(number) for number in range(20)}) == 20


@pytest.mark.slow
def test_chroma_is_measured_with_its_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed_chroma, "QUICK", 3000)
    monkeypatch.setattr(speed_chroma, "QUESTIONS", 50)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    part = speed_chroma.measure(Setup(make_home(tmp_path / "home"), full=False))
    assert set(part.metrics) == set(part.measures)
    assert part.metrics["chroma_recall_at_50"] >= 0.98
    assert all(value > 0 for value in (*part.metrics.values(), *part.baselines.values()))
    assert set(part.baselines) == set(part.measures) - {"exact_p95_ms"}
    assert os.listdir(tmp_path) == ["home"]


@pytest.mark.slow
@pytest.mark.model
def test_a_large_home_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed_scale, "QUICK", 30)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    said: list[str] = []
    part = speed_scale.measure(Setup(make_home(tmp_path / "home"), full=False, say=said.append))
    assert set(part.metrics) == set(part.measures)
    assert all(value > 0 for value in part.metrics.values())
    assert set(part.baselines) == {"open_s"}
    assert said
    assert os.listdir(tmp_path) == ["home"]
