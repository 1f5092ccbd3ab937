"""A suite against the real assistant: a home that another process owns, asked from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.connect import own
from assistant.home import make_home
from evals.results import METRICS

DOCUMENTS = {
    "bridge.md": (
        "---\ntitle: The old bridge\ndate: 1984-05-04\n---\n\n"
        "The bridge over the Aller opened on 4 May 1911. It carries two railway tracks.\n\n"
        "Repairs in 1984 cost $224,000. The town council paid for them."
    ),
    "harbour.md": (
        "---\ntitle: The frozen harbour\ndate: 1947-03-01\n---\n\n"
        "The harbour froze in February 1947. Ships waited eleven days for the ice to break."
    ),
}
CASES = [
    {
        "id": "cost",
        "question": "How much did the repairs of the bridge cost?",
        "answers": ["$224,000"],
        "evidence": [{"document": "bridge.md", "quote": "Repairs in 1984 cost $224,000."}],
        "tags": ["number"],
    },
    {
        "id": "froze",
        "question": "When did the harbour freeze?",
        "answers": ["February 1947"],
        "evidence": [{"document": "harbour", "quote": "The harbour froze in February 1947."}],
        "tags": ["date"],
    },
    {"id": "capital", "question": "What is the capital of France?", "unanswerable": True},
]


@pytest.mark.model
def test_a_suite_runs_against_the_process_that_owns_the_home(
    tmp_path: Path, write_suite: Callable[..., Path]
) -> None:
    home = make_home(tmp_path / "home")
    for name, text in DOCUMENTS.items():
        (home.documents / name).write_text(text, encoding="utf-8")
    suite, report = write_suite(CASES), tmp_path / "report.json"
    with own(home, command="a test"):
        done = subprocess.run(
            [
                *(sys.executable, "-c", "from evals.cli import main; main()"),
                *("run", str(suite), "--home", str(home.root), "--json", str(report)),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
    written = json.loads(report.read_text("utf-8"))
    assert (written["suite"], written["cases"], written["errors"]) == ("towns", 3, 0)
    assert set(written["metrics"]) == set(METRICS)
    assert written["metrics"]["quote_exact"] == 1.0
    assert written["metrics"]["hit@5"] == 1.0
    assert {one["id"]: one["stage"] for one in written["results"]} == {
        "cost": None,
        "froze": None,
        "capital": None,
    }
