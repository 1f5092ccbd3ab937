"""Faults planted in the program itself turn the gate red, also where a run before them was kept.

Each runs a copy of the program in a process of its own, over the same home and the same cache.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.program import ROOT

from ..assistant.small_corpus import COUNCIL_WORTH, FERRY_WORTH, write_home

RUN = Path(__file__).with_name("planted_run.py")
pytestmark = pytest.mark.slow

BOATS = "Two electric boats replace the diesel boats."
NEWEST = "In 2025 the tram line to the harbour opened. The mayor rode the first tram."
CASES: list[dict[str, Any]] = [
    {
        "id": "ferry",
        "question": "Which ferry contract did the city sign with Blue Wave Lines?",
        "answers": ["18 million euros"],
        "evidence": [{"document": "ferry", "quote": FERRY_WORTH}],
    },
    {
        "id": "council",
        "question": "What worth did the council put the ferry contract with Blue Wave Lines at?",
        "answers": ["21 million euros"],
        "evidence": [{"document": "council", "quote": COUNCIL_WORTH}],
    },
    {
        "id": "library",
        "question": "When was the library reopened after eleven months of repairs?",
        "answers": ["4 September 2023"],
        "evidence": [{"document": "library", "quote": "The library reopened on 4 September 2023"}],
    },
    {
        "id": "boats",
        "question": "Which electric boats replace the diesel boats?",
        "answers": ["Two electric boats"],
        "evidence": [
            {"document": "ferry", "quote": "Two electric boats replace the diesel boats."}
        ],
    },
    {
        "id": "tram",
        "question": "When did the tram line to the harbour open?",
        "answers": ["2025"],
        "evidence": [{"document": "tram", "quote": "In 2025 the tram line to the harbour opened."}],
    },
    {
        "id": "hubble",
        "question": "Which astronaut repaired the Hubble telescope?",
        "unanswerable": True,
    },
    {
        "id": "opera",
        "question": "Which soprano sang at the opera on Friday?",
        "unanswerable": True,
    },
]
GATES = """
[planted]
cases = 7
min."hit@1" = 1.0
min."mrr@10" = 1.0
min.answer_contains = 1.0
min.quote_exact = 1.0
min.abstention_recall = 1.0
"""


@dataclass(frozen=True)
class Fault:
    """A text of a file that another takes the place of."""

    file: str
    old: str
    new: str


FAULTS = {
    "the retriever shuffled": Fault(
        "index/scoring.py",
        "    order.sort(key=_order)\n",
        "    __import__('random').Random(len(order)).shuffle(order)\n",
    ),
    "quotes shifted by one": Fault(
        "assistant/contract_answer.py",
        '"start": citation.start,\n        "end": citation.end,',
        '"start": citation.start + 1,\n        "end": citation.end + 1,',
    ),
    "the threshold at zero": Fault(
        "assistant/confidence.json", '"threshold": 0.', '"threshold": 0.000'
    ),
    # Its name is the last one, too.
    "the newest document left out": Fault(
        "corpus/walk.py", "files = sorted(walk.files())", "files = sorted(walk.files())[:-1]"
    ),
}


@dataclass(frozen=True)
class Planted:
    """A home with a suite, and a copy of the program that may be spoilt."""

    folder: Path

    def run(self) -> tuple[int, dict[str, Any]]:
        """Run the suite; return the exit code and the report."""
        report = self.folder / "report.json"
        os.utime(self.folder / "home" / "documents")  # or it is not looked through again
        arguments = [
            *(self.folder / "program", ROOT, self.folder / "planted.jsonl"),
            *(self.folder / "home", self.folder / "gates.toml", report),
        ]
        done = subprocess.run(
            [
                sys.executable,
                "-P",
                str(Path(__file__).with_name("planted_run.py")),
                *map(str, arguments),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert done.returncode in (0, 1), done.stderr
        return done.returncode, json.loads(report.read_text("utf-8"))

    @contextmanager
    def spoilt(self, fault: Fault) -> Iterator[None]:
        """Plant a fault in the program, and mend it in the end."""
        path = self.folder / "program" / fault.file
        whole = path.read_text("utf-8")
        assert whole.count(fault.old) == 1, f"{fault.file} has changed: plant the fault anew"
        path.write_text(whole.replace(fault.old, fault.new), "utf-8")
        try:
            yield
        finally:
            path.write_text(whole, "utf-8")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder = tmp_path_factory.mktemp("planted")
    for room in ("corpus", "index", "assistant", "evals"):
        unneeded = shutil.ignore_patterns("__pycache__", "documents", "web", "cleaning_pages")
        keep = shutil.ignore_patterns("__pycache__", "documents") if room == "corpus" else unneeded
        shutil.copytree(ROOT / room, folder / "program" / room, ignore=keep)
    home = write_home(folder / "home")
    (home.documents / "tram.txt").write_text(NEWEST, "utf-8")
    lines = "".join(json.dumps(one) + "\n" for one in CASES)
    (folder / "planted.jsonl").write_text(lines, "utf-8")
    (folder / "gates.toml").write_text(GATES, "utf-8")
    made = Planted(folder)
    time.sleep(2.1)  # or the files could be younger than the process
    assert made.run()[0] == 0
    return made


def test_a_second_run_asks_nothing(planted: Planted) -> None:
    code, report = planted.run()
    assert (code, report["cached"], report["failed"]) == (0, 7, 0)


@pytest.mark.parametrize(
    ("fault", "reasons"),
    [
        ("the retriever shuffled", ["hit@1", "mrr@10"]),
        ("quotes shifted by one", ["quote_exact"]),
        ("the threshold at zero", ["abstention_recall"]),
        ("the newest document left out", ["1 case quoted what the corpus does not say"]),
    ],
)
def test_a_fault_in_the_program_turns_the_gate_red(
    planted: Planted, fault: str, reasons: list[str]
) -> None:
    with planted.spoilt(FAULTS[fault]):
        code, report = planted.run()
    assert (code, report["cached"]) == (1, 0)
    said = [one.split(" is ")[0].split(";")[0] for one in report["gate"]["reasons"]]
    assert set(reasons) <= set(said)
