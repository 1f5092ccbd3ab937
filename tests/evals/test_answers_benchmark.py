from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from assistant import archive, shell
from assistant.quote_ranker import load_quote_model
from assistant.sentence_features import SentenceFeatures
from assistant.settings import Settings
from evals.benchmarks.answers import bench_answers
from evals.benchmarks.asked_sets import ask_all
from evals.benchmarks.collection import plain, plain_span
from evals.benchmarks.datasets import load_collection
from evals.benchmarks.learn_quotes import fit_quotes, quotes_json, quotes_table
from evals.cli import cli

from ..fakes import BagOfStems
from .small_sets import write_clapnq, write_onestopqa, write_squad2

MEASURES = {
    "onestopqa": {"evidence_precision", "evidence_recall", "evidence_f1", "lifted"},
    "clapnq": {"sentence_precision", "sentence_recall", "sentence_f1"},
    "squad2": {"answer_quoted", "lifted"},
}


def write_sets(folder: Path) -> Path:
    write_onestopqa(folder)
    write_squad2(folder)
    write_clapnq(folder)
    return folder


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [("a bc", 2, 4), ("  a  b\nc", 5, 6), ("a  b", 1, 4), ("ab", 1, 2), ("x\n\ny z", 3, 6)],
)
def test_a_span_is_found_again_in_the_plain_text(text: str, start: int, end: int) -> None:
    left, right = plain_span(text, start, end)
    assert plain(text)[left:right] == plain(text[start:end])


def test_the_sets_tell_where_their_answers_stand(tmp_path: Path) -> None:
    write_sets(tmp_path)
    collection = load_collection("onestopqa", tmp_path / "onestopqa")
    told = {
        one.text: [
            plain(collection.paragraphs[next(iter(one.grades))].text)[start:end]
            for start, end in one.evidence[0]
        ]
        for one in collection.questions
    }
    assert told["Who is the captain?"] == ["Its captain is Mira Holm."]
    assert told["How often does the ferry sail?"] == ["The ferry sails nine times a day."]
    assert collection.questions[0].answers == ("Nine times a day",)


def test_each_set_is_asked_and_measured_by_halves(tmp_path: Path) -> None:
    measured = bench_answers(write_sets(tmp_path), Settings(), embedder=BagOfStems())
    assert set(measured["sets"]) == set(MEASURES)
    for name, parts in measured["sets"].items():
        for part in parts.values():
            assert MEASURES[name] <= set(part["metrics"])
            assert 1 <= part["metrics"]["sentences"] <= 3
            for measure, value in part["metrics"].items():
                low, high = part["intervals"][measure]
                assert low - 1e-9 <= value <= high + 1e-9
    ferry = measured["sets"]["onestopqa"]["tuning"]
    assert ferry["questions"] == 3
    assert ferry["metrics"]["evidence_recall"] == 1.0


def test_the_command_prints_and_writes_the_measures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home" / "documents").mkdir(parents=True)
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(archive, "default_embedder", lambda _: BagOfStems())
    data, written = write_sets(tmp_path / "data"), tmp_path / "answers.json"
    assert (
        shell.run(cli, "evals", ["bench", "answers", "--data", str(data), "--json", str(written)])
        == 0
    )
    assert "answer_quoted" in capsys.readouterr().out
    assert json.loads(written.read_text("utf-8"))["bench"] == "answers"
    assert shell.run(cli, "evals", ["bench", "answers"]) == 2
    assert "add --data DIR" in capsys.readouterr().err
    assert shell.run(cli, "evals", ["bench", "answers", "--data", str(tmp_path / "home")]) == 2
    assert "name the folder they lie in" in capsys.readouterr().err


def test_what_is_fitted_is_what_the_program_reads(tmp_path: Path) -> None:
    write_sets(tmp_path)
    asked = [
        one
        for name in ("onestopqa", "squad2")
        for one in ask_all(name, tmp_path / name, Settings(), BagOfStems(), only_tuning=True)
    ]
    assert {one.article for one in asked} == {("onestopqa", 0), ("squad2", 0)}
    # Folds need articles to choose from: the same questions stand for other articles' too.
    more = [
        dataclasses.replace(one, question=dataclasses.replace(one.question, article=2 * number))
        for number in range(5)
        for one in asked
    ]
    fitted = fit_quotes(more)
    file = tmp_path / "quote_ranker.json"
    file.write_text(json.dumps(quotes_json(fitted)), encoding="utf-8")
    assert load_quote_model(file) == fitted.model
    assert list(fitted.model.weights) == [one.name for one in dataclasses.fields(SentenceFeatures)]
    assert fitted.questions["onestopqa"] == 15
    assert "further sentences are kept from" in quotes_table(fitted)
