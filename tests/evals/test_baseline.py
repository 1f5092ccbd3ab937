from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import UsageError
from evals.cases import Case, Evidence, Suite
from evals.gates import Gate, judge, load_gates
from evals.history import past_runs, remember
from evals.outcomes import outcome_of
from evals.paired import Comparison, compare_outcomes
from evals.report_json import baseline_text, read_runs, run_json
from evals.results import RunReport, Verdict
from evals.runner import run_suite

from .conftest import QuotingClient


@pytest.fixture
def report(client: Any, suite: Suite) -> RunReport:
    return run_suite(suite, client)


def against(path: Path, report: RunReport) -> Comparison:
    before = read_runs(path)[report.suite].outcomes
    return compare_outcomes(before, [outcome_of(one) for one in report.results])


def test_a_baseline_read_back_is_the_run(report: RunReport, tmp_path: Path) -> None:
    path = tmp_path / "towns.json"
    path.write_text(baseline_text(report), "utf-8")
    found = against(path, report)
    assert (found.cases, found.missing, found.added) == (len(report.results), (), ())
    assert all(one.p in (None, 1.0) for one in found.changes)
    assert "seconds" not in path.read_text("utf-8")
    # One case a line, so that a diff names the case.
    assert path.read_text("utf-8").count("\n") == len(report.results) + 4


def test_any_report_is_a_baseline(report: RunReport, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(run_json(report, Verdict())), "utf-8")
    assert against(path, report).cases == len(report.results)


def test_a_report_of_an_older_release_has_metrics_alone(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    old = {"suite": "towns", "metrics": {"hit@1": 0.5}, "results": [{"id": "a", "scores": {}}]}
    path.write_text(json.dumps(old), "utf-8")
    assert read_runs(path)["towns"].outcomes == ()


@pytest.mark.parametrize("damage", [{"scores": None}, {"scores": {"hit@1": "high"}}])
def test_a_damaged_report_is_refused(
    report: RunReport, tmp_path: Path, damage: dict[str, Any]
) -> None:
    run: Any = run_json(report, Verdict())
    run["results"][0] |= damage
    path = tmp_path / "report.json"
    path.write_text(json.dumps(run), "utf-8")
    with pytest.raises(UsageError, match="damaged"):
        read_runs(path)


def test_a_case_that_did_not_run_turns_the_gate_red(
    report: RunReport, client: Any, suite: Suite, tmp_path: Path
) -> None:
    path = tmp_path / "towns.json"
    path.write_text(baseline_text(report), "utf-8")
    fewer = run_suite(Suite(suite.name, suite.cases[2:]), client)
    assert judge(fewer, None, against(path, fewer)).reasons == (
        "2 cases of the baseline did not run (opened, cost); "
        "bring them back, or write the baseline again.",
    )


def test_a_loss_that_chance_does_not_explain_turns_the_gate_red(tmp_path: Path) -> None:
    texts = {f"mill{n}": f"The mill of town{n} burned down in {1800 + n}." for n in range(16)}
    cases = tuple(
        Case(name, text.replace("The mill", "When was the mill")[:-8] + "?", (text[-5:-1],),
             (Evidence(name, text),))
        for name, text in texts.items()
    )  # fmt: skip
    good = run_suite(Suite("mills", cases), QuotingClient(texts))
    path = tmp_path / "mills.json"
    path.write_text(baseline_text(good), "utf-8")
    assert judge(good, None, against(path, good)).passed
    # It declines to answer anything.
    bad = run_suite(Suite("mills", cases), QuotingClient(texts, threshold=1.1))
    reasons = judge(bad, None, against(path, bad)).reasons
    assert (
        "answer_contains went from 1 to 0 on the same 16 cases, "
        "which chance does not explain (p = 0.000)."
    ) in reasons
    assert judge(bad, Gate(level=1e-4), against(path, bad)).passed


def test_gates_name_a_baseline_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    path.write_text('[towns]\nbaseline = "towns.json"\nlevel = 0.01\n', "utf-8")
    assert load_gates(path) == {"towns": Gate(baseline=tmp_path / "towns.json", level=0.01)}


def test_runs_are_remembered_in_order(report: RunReport, tmp_path: Path) -> None:
    for passed in (True, False):
        remember(tmp_path, report, Verdict(() if passed else ("why",)))
    with (tmp_path / "evals" / "runs.jsonl").open("a") as file:
        file.write('{"suite": "towns", "when": "2026-')
    runs = past_runs(tmp_path, "towns")
    assert [one.passed for one in runs] == [True, False]
    assert runs[0].metrics["hit@1"] == report.metrics["hit@1"]
    assert past_runs(tmp_path, "other") == []
    assert past_runs(tmp_path / "nowhere", "towns") == []
