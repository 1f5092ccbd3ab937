from __future__ import annotations

import json
import random
from dataclasses import fields
from pathlib import Path

import pytest

from assistant import archive, shell
from assistant.abstain import Features
from assistant.settings import Settings
from evals.benchmarks.abstention import abstention_table, bench_abstention
from evals.benchmarks.answerable import ask_doubted
from evals.calibrate import Observation, calibrate, calibration_table
from evals.cli import cli

from ..fakes import BagOfStems
from .small_sets import write_clapnq, write_squad2


def features_of(**values: float) -> Features:
    return Features(**{one.name: values.get(one.name, 0.5) for one in fields(Features)})


def test_questions_are_asked_as_they_are_and_without_their_paragraph(tmp_path: Path) -> None:
    folder = write_squad2(tmp_path)
    asked = list(ask_doubted("squad2", folder, Settings(), BagOfStems(), leave_out=True))
    told = [(one.article, one.answerable, one.left_out) for one in asked]
    pair = [(True, False), (False, True)]
    assert told == [
        *[(0, *one) for one in (*pair, *pair)],
        *[(1, *one) for one in pair],
        (0, False, False),
    ]
    # "When did the mine open?" finds its words with the paragraph, and less of them without.
    assert asked[0].features.coverage > asked[1].features.coverage
    tuning = list(ask_doubted("squad2", folder, Settings(), BagOfStems(), only_tuning=True))
    assert [(one.article, one.answerable) for one in tuning] == [(0, True), (0, True), (0, False)]


def test_the_bench_tells_answerable_questions_from_both_kinds_of_others(tmp_path: Path) -> None:
    write_squad2(tmp_path)
    write_clapnq(tmp_path)
    measured = bench_abstention(tmp_path, Settings(), embedder=BagOfStems())
    assert set(measured["sets"]) == {"squad2", "clapnq"}
    halves = measured["sets"]["squad2"]
    assert {half: set(kinds) for half, kinds in halves.items()} == {
        "tuning": {"unanswerable", "left_out"},
        "held_out": {"left_out"},
    }
    part = halves["tuning"]["left_out"]
    assert (part["answerable"], part["unanswerable"]) == (2, 2)
    assert part["metrics"]["auroc"] == 1.0
    # The surest of four questions has an answer; half of all four have none.
    assert (part["risk"]["0.1"], part["risk"]["1.0"]) == (0.0, 0.5)
    assert "left out" in abstention_table(measured)


def test_the_command_says_what_it_needs_and_writes_what_it_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home" / "documents").mkdir(parents=True)
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(archive, "default_embedder", lambda _: BagOfStems())
    write_squad2(tmp_path / "data")
    written = tmp_path / "abstention.json"
    line = ["bench", "abstention", "--data", str(tmp_path / "data"), "--json", str(written)]
    assert shell.run(cli, "evals", line) == 0
    assert "auroc" in capsys.readouterr().out
    assert json.loads(written.read_text("utf-8"))["bench"] == "abstention"
    assert shell.run(cli, "evals", ["bench", "abstention"]) == 2
    assert "add --data DIR" in capsys.readouterr().err
    line = ["bench", "abstention", "--data", str(tmp_path / "home")]
    assert shell.run(cli, "evals", line) == 2
    assert "name the folder they lie in" in capsys.readouterr().err


def observed(*, public: bool) -> list[Observation]:
    """Made-up questions: of a public set only ``denies`` tells, of the suites ``passage``."""
    rng = random.Random(7)
    found = []
    for number in range(200):
        answerable = number % 2 == 0
        noise = rng.random()
        told = 0.9 * (not answerable) if noise < 0.9 else 0.9 * answerable
        seen = features_of(denies=told) if public else features_of(passage=0.9 - told, denies=0.0)
        group = f"{'article' if public else 'case'} {number % 5 if public else number}"
        found.append(Observation(group, answerable, False, seen, public=public))
    return found


def test_a_public_set_teaches_what_the_suites_have_none_of() -> None:
    names = [one.name for one in fields(Features)]
    alone = calibrate("mine", observed(public=False))
    both = calibrate("mine", [*observed(public=False), *observed(public=True)])
    denies, passage = names.index("denies"), names.index("passage")
    assert alone.model.weights[denies] == pytest.approx(0.0, abs=1e-6)
    assert alone.auroc_public is None
    assert both.model.weights[denies] < -1
    assert both.model.weights[passage] > 1
    assert both.auroc_public is not None
    assert both.auroc_public > 0.85
    assert both.auroc == pytest.approx(alone.auroc, abs=0.02)
    assert "200 questions about the even articles of SQuAD 2" in both.model.fitted
    assert "over the public set" in calibration_table(both)
