from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from assistant import connect, shell
from corpus.errors import HomeReadOnly
from evals.cli import cli

WriteSuite = Callable[..., Path]
Evals = Callable[..., int]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "documents").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def evals(client: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> Evals:
    """Run the command line against the foreseeable client; returns the exit code."""

    @contextmanager
    def connected(*_: object, **__: object) -> Iterator[Any]:
        yield client

    monkeypatch.setattr(connect, "connect", connected)
    monkeypatch.setenv("ASSISTANT_HOME", str(home))
    return lambda *arguments: shell.run(cli, "evals", [str(one) for one in arguments])


def test_a_run_prints_its_report_and_writes_what_is_asked_for(
    evals: Evals, suite_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    names = ("json", "junit", "markdown", "html", "write-baseline")
    files = {name: out / f"r.{name}" for name in names}
    options = [part for name, path in files.items() for part in (f"--{name}", path)]
    assert evals("run", suite_file, *options) == 0
    said = capsys.readouterr()
    assert said.out.startswith("towns: 7 cases, 0 failed (0 errors, 0 stale)\n")
    assert said.out.endswith("gate: passed\n")
    assert said.err == ""
    written = json.loads(files["json"].read_text())
    assert (written["suite"], written["cases"], written["gate"]["passed"]) == ("towns", 7, True)
    assert ElementTree.parse(files["junit"]).getroot()[0].get("tests") == "7"
    assert files["markdown"].read_text().startswith("### Evaluation: towns, passed\n")
    assert "When was the bridge opened?" in files["html"].read_text()
    assert evals("run", suite_file, "--baseline", files["write-baseline"]) == 0
    assert "7 cases compared: 0 lost, 0 won\n" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--json", "--junit", "--markdown", "--html"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_asked(
    evals: Evals, suite_file: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert evals("run", suite_file, option, suite_file / "r") == 3
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "could not be written" in said.err
    assert evals("run", suite_file, option, "") == 2
    assert capsys.readouterr().out == ""


def test_a_baseline_of_another_suite_is_refused_before_anything_is_asked(
    evals: Evals, client: Any, suite_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = tmp_path / "b.json"
    baseline.write_text('{"suite": "other", "metrics": {}, "results": []}', "utf-8")
    assert evals("run", suite_file, "--baseline", baseline) == 2
    assert capsys.readouterr().err == f"evals: {baseline} has no run of towns (only other)\n"
    assert client.asked == []


def test_a_baseline_of_several_suites_is_refused_before_anything_is_asked(
    evals: Evals, client: Any, suite_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "b.json"
    assert evals("run", suite_file, "starter", "--write-baseline", out) == 2
    assert "a baseline is for one suite" in capsys.readouterr().err
    assert client.asked == []
    assert not out.exists()


def test_gates_of_ones_own_and_a_baseline_that_is_not_there(
    evals: Evals, suite_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gates = tmp_path / "gates.toml"
    gates.write_text('[towns]\ncases = 9\nbaseline = "towns.json"\n', "utf-8")
    assert evals("run", suite_file, "--gates", gates) == 2
    assert "write it with 'evals run towns --no-gate --write-baseline" in capsys.readouterr().err
    command = ("run", suite_file, "--no-gate", "--write-baseline", tmp_path / "towns.json")
    assert evals(*command) == 0
    capsys.readouterr()
    assert evals("run", suite_file, "--gates", gates) == 1
    assert "The suite has 7 cases; it needs at least 9." in capsys.readouterr().out


def test_the_index_is_brought_up_to_date_before_anything_is_asked(
    evals: Evals, client: Any, suite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise HomeReadOnly("the home may not be written")

    assert evals("run", suite_file) == 0
    assert client.synced
    # What is there is judged where that can't be done.
    monkeypatch.setattr(client, "sync", refuse)
    assert evals("run", suite_file) == 0


def test_several_suites_are_written_as_a_list(
    evals: Evals, suite_file: Path, write_suite: WriteSuite, tmp_path: Path
) -> None:
    other = write_suite([{"id": "x", "question": "Why?", "unanswerable": True}], "other")
    assert evals("run", suite_file, other, "--json", tmp_path / "r.json") == 0
    written = json.loads((tmp_path / "r.json").read_text())
    assert [run["suite"] for run in written] == ["towns", "other"]


def test_a_failed_gate_exits_1_unless_it_is_waived(
    evals: Evals,
    client: Any,
    suite_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    del client.texts["mill"]
    assert evals("run", suite_file, "--json", tmp_path / "r.json") == 1
    said = capsys.readouterr()
    assert said.err == "evals: towns did not pass the gate: see the reasons above\n"
    reason = "1 case quoted what the corpus does not say; none may."
    assert said.out.endswith(f"gate: failed\n  - {reason}\n")
    assert json.loads((tmp_path / "r.json").read_text())["gate"] == {
        "passed": False,
        "reasons": [reason],
    }
    assert evals("run", suite_file, "--no-gate") == 0


def test_a_suite_of_a_gated_name_is_held_to_its_thresholds(
    evals: Evals, write_suite: WriteSuite, capsys: pytest.CaptureFixture[str]
) -> None:
    short = write_suite([{"id": "x", "question": "Why?", "unanswerable": True}], "starter")
    assert evals("run", short) == 1
    assert "The suite has 1 case; it needs at least 200." in capsys.readouterr().out


def test_insisting_on_a_gate_fails_a_suite_without_thresholds(
    evals: Evals, suite_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals("run", suite_file, "--gate") == 1
    assert "The suite towns has no thresholds" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["run", "unheard-of"], "evals: no suite named unheard-of: name one of "),
        (["run", "--home", "/nowhere"], "evals: /nowhere is no home"),
        (["run", "--jsn", "x"], "evals: No such option"),
        (["bench", "clapnq"], "evals: the benchmark clapnq needs its data set: add --data DIR"),
        (["compare", "a.json"], "evals: Missing argument 'B'."),
        (["compare", "a.json", "b.json"], "evals: cannot read a.json (No such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_one_line_and_exit_2(
    evals: Evals,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    write_suite: WriteSuite,
    tmp_path: Path,
    arguments: list[str],
    complaint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    if arguments[1:2] == ["--home"]:
        path = write_suite([{"id": "x", "question": "Why?", "unanswerable": True}])
        arguments = ["run", str(path), *arguments[1:]]
    assert evals(*arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(complaint)
    assert said.err.count("\n") == 1


def test_two_reports_are_compared(
    evals: Evals, suite_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "r.json"
    evals("run", suite_file, "--json", report)
    capsys.readouterr()
    assert evals("compare", report, report) == 0
    said = capsys.readouterr().out
    # Seven cases of five documents: none differs, and six documents would have to.
    assert "hit@1                 1.000  1.000  +0.000  1.000       1.000\n" in said
