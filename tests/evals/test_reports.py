from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from evals.cases import Case, Evidence
from evals.gates import Judged
from evals.html import html_report
from evals.junit import junit_xml
from evals.markdown import markdown_report
from evals.report import terminal_report
from evals.report_json import run_json
from evals.results import METRICS, Result, RunReport, Verdict
from evals.stages import Stage

VALUES: dict[str, float | None] = {
    **dict.fromkeys(METRICS, 0.5),
    "abstention_auroc": None,
    "latency_p50_ms": 15.25,
    "latency_p95_ms": 123.456,
}
ANSWER: Any = {
    "question": "When?",
    "searched": "When?",
    "answer": "It opened <late>.\x07 [1]",
    "abstained": False,
    "confidence": 0.75,
    "citations": [],
    "hits": [],
    "nearest": [],
}
FAILED = Verdict(("hit@1 is 0.5; it must be at least 0.9.",))


def case(name: str, question: str, **options: Any) -> Case:
    return Case(name, question, ("1911", "May 1911"), (Evidence("bridge", "q"),), **options)


WRITTEN: dict[str, Any] = {
    "suite": "towns",
    "cases": 3,
    "errors": 1,
    "stale": 0,
    "failed": 2,
    "cached": 1,
    "metrics": VALUES,
    "intervals": {"hit@1": [0.25, 0.75]},
    "slices": {"date": {"cases": 2, **VALUES}},
    "results": [
        {
            "id": "opened",
            "question": "When?",
            "answer": ANSWER,
            "scores": {"hit@1": 1.0},
            "stage": None,
            "error": None,
            "seconds": 0.1,
            "cached": True,
        },
        {
            "id": "cost",
            "question": "How *much* | ?",
            "answer": ANSWER,
            "scores": {"hit@1": 0.0},
            "stage": "wrong sentence chosen",
            "error": None,
            "seconds": 0.2,
            "cached": False,
        },
        {
            "id": "lost",
            "question": "Why?",
            "answer": None,
            "scores": {"hit@1": 0.0},
            "stage": "error",
            "error": "KeyError: 'x\x00'",
            "seconds": 0.0,
            "cached": False,
        },
    ],
    "gate": {"passed": False, "reasons": list(FAILED.reasons)},
    "judge": None,
}


@pytest.fixture
def report() -> RunReport:
    results = (
        Result(case("opened", "When?"), ANSWER, {"hit@1": 1.0}, None, None, 0.1, cached=True),
        Result(
            case("cost", "How *much* | ?"), ANSWER, {"hit@1": 0.0}, Stage.WRONG_SENTENCE, None, 0.2
        ),
        Result(case("lost", "Why?"), None, {"hit@1": 0.0}, Stage.ERROR, "KeyError: 'x\x00'", 0.0),
    )
    slices = {"date": {"cases": 2, **VALUES}}
    return RunReport("towns", results, VALUES, {"hit@1": (0.25, 0.75)}, slices)


def test_the_terminal_shows_metrics_slices_failures_and_the_verdict(report: RunReport) -> None:
    assert terminal_report(Judged(report, FAILED)) == "\n".join(
        [
            "towns: 3 cases, 2 failed (1 error, 0 stale), 1 cached",
            "",
            "metric                value    95% interval",
            "hit@1                 0.500  0.250 to 0.750",
            "hit@5                 0.500",
            "recall@5              0.500",
            "mrr@10                0.500",
            "map@10                0.500",
            "ndcg@10               0.500",
            "answer_em             0.500",
            "answer_f1             0.500",
            "answer_contains       0.500",
            "citation_precision    0.500",
            "citation_recall       0.500",
            "alce_precision        0.500",
            "alce_recall           0.500",
            "quote_exact           0.500",
            "abstention_precision  0.500",
            "abstention_recall     0.500",
            "abstention_auroc        n/a",
            "risk_coverage_area    0.500",
            "latency_p50_ms         15.2",
            "latency_p95_ms        123.5",
            "",
            "tag   cases  hit@5  mrr@10  answer_contains  citation_recall  abstention_recall",
            "date      2  0.500   0.500            0.500            0.500              0.500",
            "",
            "failed: 1 wrong sentence chosen, 1 error",
            "  - cost [wrong sentence chosen] How *much* | ?",
            "  - lost [error] KeyError: 'x\x00'",
            "",
            "gate: failed",
            "  - hit@1 is 0.5; it must be at least 0.9.",
        ]
    )


def test_the_json_is_the_contracts_object(report: RunReport) -> None:
    written = json.loads(json.dumps(run_json(report, FAILED), allow_nan=False))
    statistics = [
        {name: one.pop(name) for name in ("tags", "cluster", "unanswerable", "declined")}
        for one in written["results"]
    ]
    assert statistics == [
        {"tags": [], "cluster": "document bridge", "unanswerable": False, "declined": declined}
        for declined in (False, False, True)
    ]
    assert [one.pop("confidence") for one in written["results"]] == [0.75, 0.75, None]
    assert written["results"][0].pop("accepted") == ["1911", "May 1911"]
    assert written["results"][0].pop("evidence") == [{"document": "bridge", "quote": "q"}]
    for one in written["results"][1:]:
        del one["accepted"], one["evidence"]
    assert len({one.pop("digest") for one in written["results"]}) == 3
    assert written == WRITTEN


def test_junit_counts_failures_and_errors_and_keeps_the_gate_apart(report: RunReport) -> None:
    root = ElementTree.fromstring(junit_xml([(report, FAILED)]))
    counts = [
        {key: suite.get(key) for key in ("name", "tests", "failures", "errors")} for suite in root
    ]
    assert counts == [
        {"name": "towns", "tests": "3", "failures": "1", "errors": "1"},
        {"name": "towns gate", "tests": "1", "failures": "1", "errors": "0"},
    ]
    troubles = {one.get("name"): [child.tag for child in one] for one in root.iter("testcase")}
    assert troubles == {"opened": [], "cost": ["failure"], "lost": ["error"], "gate": ["failure"]}


def test_junit_is_xml_whatever_an_answer_holds(report: RunReport) -> None:
    root = ElementTree.fromstring(junit_xml([(report, Verdict())]))
    assert root.findtext(".//failure") == (
        "wrong sentence chosen\nquestion: How *much* | ?\naccepted: 1911 | May 1911\n"
        "answer: It opened <late>. [1]"
    )
    assert root.findtext(".//error") == "KeyError: 'x'"


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\x0b", "\ud800", "\ufffe", "\uffff"])
def test_characters_that_xml_forbids_are_left_out(char: str) -> None:
    lost = Result(case(f"a{char}b", "?"), None, {}, Stage.ERROR, f"c{char}d", 0.0)
    xml = junit_xml([(RunReport(f"e{char}f", (lost,), VALUES, {}, {}), Verdict())])
    (error,) = ElementTree.fromstring(xml.encode()).iter("error")
    assert (error.text, error.get("message")) == ("cd", "cd")
    assert 'name="ab"' in xml
    assert 'name="ef"' in xml


def test_markdown_renders_as_tables_with_all_text_plain(report: RunReport) -> None:
    html = MarkdownIt("commonmark").enable("table").render(markdown_report(Judged(report, FAILED)))
    assert html.count("<table>") == 3
    assert "<h3>Evaluation: towns, failed</h3>" in html
    assert "<li>hit@1 is 0.5; it must be at least 0.9.</li>" in html
    assert '<td style="text-align:right">0.250 to 0.750</td>' in html
    assert "<td>How *much* | ?</td>" in html
    assert "<em>" not in html


def test_the_page_shows_each_case_and_lets_nothing_of_a_text_through(report: RunReport) -> None:
    page = html_report([Judged(report, FAILED)], {})
    assert page.count('<details class="case"') == 3
    assert "How *much* | ?" in page
    assert "It opened &lt;late&gt;." in page
    assert "<late>" not in page
    assert "hit@1 is 0.5; it must be at least 0.9." in page


def test_the_page_loads_nothing(report: RunReport) -> None:
    page = html_report([Judged(report, FAILED)], {})
    assert "default-src 'none'" in page
    assert not re.findall(r"(?:src|href)=|url\(|@import|https?:", page)
