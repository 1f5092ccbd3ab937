from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant.home import make_home
from corpus.errors import CheckFailed
from evals.benchmarks.across import across_table, bench_across
from evals.cases import Case, Evidence, Suite, load_suite
from evals.results import ACROSS_METRICS
from evals.runner import run_suite
from evals.summary import summarise

from ..assistant.program import fast_parts

DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"


def test_the_suite_across_documents_is_what_it_says() -> None:
    cases = load_suite("across").cases
    assert len(cases) >= 60
    for case in cases:
        assert len({one.document for one in case.evidence}) >= 2, case.id
        kind, half = case.tags
        assert kind in {"comparison", "timeline", "both", "which-of"}
        assert half in {"tuned-on", "held-out"}
        for one in case.evidence:
            text = (DOCUMENTS / f"{one.document}.md").read_text("utf-8")
            assert text.count(one.quote) == 1, (case.id, one.quote)
    halves = [case.tags[1] for case in cases]
    assert abs(halves.count("tuned-on") - halves.count("held-out")) <= 4


class TwoSided:
    """Finds both documents as the assistant asks, and only one of them by a plain search."""

    def __init__(self) -> None:
        self.plain: list[tuple[str, bool]] = []

    def list(self) -> list[Any]:
        return [{"id": name, "path": f"{name}.md"} for name in ("rome", "oslo")]

    def show(self, document_id: str) -> Any:
        return {"text": f"This is {document_id}."}

    def ask(self, question: str, **_: Any) -> Any:
        return {
            "searched": f"{question} (completed)",
            "abstained": True,
            "confidence": 0.1,
            "citations": [],
            "hits": [hit("rome"), hit("oslo")],
            "nearest": [],
            "remarks": [],
        }

    def search(self, query: str, *, plain: bool, **_: Any) -> Any:
        self.plain.append((query, plain))
        return {"hits": [hit("rome")]}


def hit(name: str) -> dict[str, Any]:
    return {"document_id": name, "start": 0, "end": 10, "copies": []}


def case(ident: str, *documents: str) -> Case:
    evidence = tuple(Evidence(name, f"This is {name}.") for name in documents)
    return Case(ident, "Rome or Oslo?", ("Rome",), evidence, tags=(ident,))


def test_a_case_with_two_documents_is_asked_of_a_plain_search_too() -> None:
    client: Any = TwoSided()
    suite = Suite("s", (case("two", "rome", "oslo"), case("one", "rome")))
    report = run_suite(suite, client)
    assert client.plain == [("Rome or Oslo? (completed)", True)]
    assert report.metrics["all_evidence@10"] == 1.0
    assert report.metrics["plain_all_evidence@10"] == 0.0
    assert report.slices["two"]["plain_all_evidence@5"] == 0.0
    assert report.slices["one"]["all_evidence@5"] is None


def test_a_suite_without_such_cases_shows_nothing_of_them() -> None:
    client: Any = TwoSided()
    report = run_suite(Suite("s", (case("one", "rome"),)), client)
    assert not set(ACROSS_METRICS) & report.metrics.keys()
    assert summarise("s", report.results).metrics.keys() == report.metrics.keys()


def test_a_case_that_could_not_be_judged_scores_nought() -> None:
    client: Any = TwoSided()
    client.show = lambda document_id: {"text": "Something else."}
    client.removed_from = lambda document_id: []
    (result,) = run_suite(Suite("s", (case("two", "rome", "oslo"),)), client).results
    assert {result.scores[name] for name in ACROSS_METRICS} == {0.0}
    assert re.search("no longer says", result.error or "")


@pytest.mark.slow
def test_the_benchmark_sets_both_searches_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, part in fast_parts().items():
        monkeypatch.setattr(name, part)
    home = make_home(tmp_path)
    for file in DOCUMENTS.glob("*.md"):
        shutil.copy(file, home.documents)
    measured = bench_across(home)
    assert measured["cases"] == len(load_suite("across").cases)
    assert 60 <= measured["split"] <= 75
    for half in measured["halves"].values():
        assert half["metrics"].keys() == half["plain"].keys() == half["difference"].keys()
        for name, (low, high) in half["difference"].items():
            assert low <= half["metrics"][name] - half["plain"][name] + 1e-4
            assert high >= half["metrics"][name] - half["plain"][name] - 1e-4
        # Even with words alone, most evidence is found.
        assert half["metrics"]["all_evidence@10"] > 0.6
    shown = across_table(measured)
    assert "held-out" in shown
    assert "had sides" in shown
    next(home.documents.glob("*borde*")).unlink()
    with pytest.raises(CheckFailed, match="does not say"):
        bench_across(home)
