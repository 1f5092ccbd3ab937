"""The workflow for users names commands and options that exist."""

from __future__ import annotations

import shlex
from pathlib import Path

import yaml

from evals.cases import SUITES
from evals.cli import cli

ROOT = Path(__file__).parents[2]


def test_the_workflow_runs_what_there_is() -> None:
    workflow = yaml.safe_load((ROOT / "examples" / "evals.yml").read_text("utf-8"))
    steps = [step["run"] for step in workflow["jobs"]["evals"]["steps"] if "run" in step]
    assert steps[0] == "make setup"
    _, command, *arguments = shlex.split(steps[1])
    assert command == "run"
    suites = [one for one in arguments if not one.startswith("-") and "/" not in one]
    assert [(SUITES / f"{suite}.jsonl").is_file() for suite in suites] == [True, True]
    known = {option for one in cli.commands["run"].params for option in one.opts}
    assert {one for one in arguments if one.startswith("--")} <= known
