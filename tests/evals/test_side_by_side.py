"""Ranking benchmarks are judged with the statistics of suites."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.settings import Settings
from evals.benchmarks.collection import Collection, Paragraph, Question
from evals.benchmarks.retrieval import OURS, bench_retrieval
from evals.benchmarks.retrieval_table import retrieval_table
from evals.benchmarks.side_by_side import ahead_of, outcomes_of
from evals.compare import compare
from evals.files import write_json

from ..fakes import BagOfStems

TOWNS = Collection(
    "towns",
    (Paragraph("Harbour", "The harbour froze in winter."), Paragraph("Mill", "The mill burned.")),
    tuple(
        Question(text, {place: 1}, article)
        for article, (text, place) in enumerate(
            [("When did the mill burn?", 1), ("When did the harbour freeze?", 0)] * 6
        )
    ),
    "made up",
)
EVERYONE = range(len(TOWNS.questions))


def columns(hits: list[float]) -> dict[str, np.ndarray]:
    return {"hit@1": np.array(hits), "map": np.array(hits) / 2}


def test_a_lead_that_chance_does_not_explain_has_a_small_p() -> None:
    ours = outcomes_of(TOWNS, columns([1.0] * 12), EVERYONE)
    worse = outcomes_of(TOWNS, columns([0.0] * 9 + [1.0] * 3), EVERYONE)
    lead = ahead_of(ours, worse)
    assert set(lead) == {"hit@1", "map"}
    assert lead["hit@1"]["difference"] == 0.75
    assert lead["map"]["difference"] == 0.375
    assert (lead["hit@1"]["p"] or 1.0) < 0.02
    behind = ahead_of(worse, ours)["hit@1"]
    assert (behind["difference"], behind["p"]) == (-0.75, lead["hit@1"]["p"])
    by_one = ahead_of(ours, outcomes_of(TOWNS, columns([0.0] + [1.0] * 11), EVERYONE))
    assert by_one["hit@1"]["p"] == 1.0


def test_questions_are_swapped_by_article() -> None:
    one = replace(TOWNS, questions=tuple(replace(q, article=0) for q in TOWNS.questions))
    ours = outcomes_of(one, columns([1.0] * 12), EVERYONE)
    worse = outcomes_of(one, columns([0.0] * 9 + [1.0] * 3), EVERYONE)
    assert ahead_of(ours, worse)["hit@1"]["p"] == 1.0  # one article is no evidence


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return two reports: of the towns, and of them with another paragraph for the last question
    and a text that draws questions away."""
    folder = tmp_path_factory.mktemp("reports")
    fog = Paragraph("Fog", "When did the mill burn? When did the harbour freeze?")
    last = replace(TOWNS.questions[-1], grades={2: 1})
    changed = replace(
        TOWNS,
        paragraphs=(*TOWNS.paragraphs, fog),
        questions=(*TOWNS.questions[:-1], last),
    )
    for name, collection in (("before", TOWNS), ("after", changed)):
        measured = bench_retrieval(collection, Settings(), embedder=BagOfStems())
        assert OURS + "  " in retrieval_table(measured)
        assert "ours above it (p)" in retrieval_table(measured)
        write_json(folder / f"{name}.json", measured)
    return folder / "before.json", folder / "after.json"


def test_two_reports_are_compared_question_by_question(reports: tuple[Path, Path]) -> None:
    said = compare(*reports)
    (hit,) = [line.split() for line in said.splitlines() if line.startswith("hit@1 ")]
    before, after, change, chance = map(float, hit[1:5])
    assert before == 1.0
    assert after < 0.9
    assert change == pytest.approx(after - before, abs=0.001)
    assert 0.0 < chance < 1.0
    assert "11 cases compared" in said
    assert "new or rewritten: 00011" in said
    assert "answer_f1" not in said  # a ranking has no answers


def test_a_report_beside_itself_shows_no_change(reports: tuple[Path, Path]) -> None:
    said = compare(reports[0], reports[0])
    assert "12 cases compared: 0 lost, 0 won" in said
    (hit,) = [line.split() for line in said.splitlines() if line.startswith("hit@1 ")]
    assert hit[3:5] == ["+0.000", "1.000"]
