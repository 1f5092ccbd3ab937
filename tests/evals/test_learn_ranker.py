from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from assistant import archive, shell
from assistant.settings import Settings
from evals.benchmarks.learn_ranker import (
    Example,
    fit,
    learn_ranker,
    observe,
    ranker_json,
    ranker_table,
)
from evals.cli import cli
from index import ranker
from index.ranker import Weights, load_weights

from ..fakes import BagOfStems
from .small_sets import write_onestopqa, write_squad2

FEATURES = len(dataclasses.fields(Weights))


def made(weights: np.ndarray, questions: int, set_name: str, seed: int) -> list[Example]:
    """Return questions whose right passage is drawn with the chances that the weights give."""
    rng = np.random.default_rng(seed)
    examples = []
    for number in range(questions):
        features = rng.random((12, FEATURES))
        odds = np.exp(features @ weights)
        right = np.arange(12) == rng.choice(12, p=odds / odds.sum())
        examples.append(Example(features, right, (set_name, number % 10)))
    return examples


def test_the_fit_finds_the_weights_that_made_the_data() -> None:
    true = np.array([8.0, 4.0, 0.0, 2.0, 0.0, 6.0, 0.0])
    found = fit(made(true, 1500, "a", 1) + made(true, 1500, "b", 2))
    assert found == pytest.approx(true / true.sum(), abs=0.04)
    assert fit(made(true, 50, "a", 1)).tolist() == fit(made(true, 50, "a", 1)).tolist()


def test_what_sinks_the_right_passage_gets_no_weight_but_never_less() -> None:
    found = fit(made(np.array([5.0, -5.0, 0, 0, 0, 0, 0]), 500, "a", 3))
    assert found.min() >= 0.0
    assert found[1] == pytest.approx(0.0, abs=1e-6)
    assert found.sum() == pytest.approx(1)


def test_a_small_set_counts_as_much_as_a_large_one() -> None:
    one, other = np.zeros(FEATURES), np.zeros(FEATURES)
    one[0], other[1] = 6.0, 6.0
    found = fit(made(one, 1000, "large", 4) + made(other, 250, "small", 5))
    assert found[0] == pytest.approx(found[1], rel=0.35)


def test_questions_of_which_nothing_right_was_found_teach_nothing() -> None:
    examples = made(np.ones(FEATURES) * 3, 80, "a", 6)
    lost = [dataclasses.replace(one, right=np.zeros(12, dtype=bool)) for one in examples[:20]]
    assert fit(examples[20:] + lost) == pytest.approx(fit(examples[20:]), abs=1e-6)


def test_only_the_tuning_half_is_asked(tmp_path: Path) -> None:
    folder = write_onestopqa(tmp_path)
    examples = observe("onestopqa", folder, Settings(), BagOfStems())
    assert {one.article for one in examples} == {("onestopqa", 0)}
    assert len(examples) == 3
    for one in examples:
        assert one.right.sum() == 1
        assert one.features.min() >= 0.0
        assert one.features.max() <= 1.0 + 1e-6


def test_the_command_fits_prints_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_onestopqa(tmp_path / "data")
    write_squad2(tmp_path / "data")
    (tmp_path / "home" / "documents").mkdir(parents=True)
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(archive, "default_embedder", lambda _: BagOfStems())
    written = tmp_path / "ranker.json"
    monkeypatch.setattr(ranker, "RANKER_FILE", written)
    data = str(tmp_path / "data")
    assert shell.run(cli, "evals", ["fit-ranker", "--data", data, "--write"]) == 0
    said = capsys.readouterr()
    assert said.err.splitlines()[:2] == [
        "onestopqa: indexing and asking",
        "squad2: indexing and asking",
    ]
    assert said.out.startswith("onestopqa: 3 questions of the tuning half")
    weights = dataclasses.astuple(load_weights(written))
    assert sum(weights) == pytest.approx(1, abs=5e-4)
    assert "(3 of onestopqa and 2 of squad2)" in json.loads(written.read_text("utf-8"))["fitted"]


def test_what_is_written_is_what_is_shown(tmp_path: Path) -> None:
    write_onestopqa(tmp_path)
    write_squad2(tmp_path)
    fitted = learn_ranker(tmp_path, Settings(), BagOfStems(), lambda _: None)
    raw = json.loads(json.dumps(ranker_json(fitted)))
    assert raw["weights"] == dataclasses.asdict(fitted.weights)
    for name, value in raw["weights"].items():
        assert any(
            line.split() == [name, f"{value:.3f}"] for line in ranker_table(fitted).splitlines()
        )
