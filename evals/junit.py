"""A run as JUnit XML: one test case for each case of the suite, and one for the gate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from evals.results import Result, RunReport, Verdict
from evals.stages import UNFOUND, Stage

# What XML 1.0 allows (section 2.2, Char); anything else would make the file unreadable.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(runs: Sequence[tuple[RunReport, Verdict]]) -> str:
    """Return the runs as one JUnit document.

    A case that could not be judged is an error, one that was judged and failed is a failure. The
    gate, which may let some failures pass, is a test suite of its own.
    """
    root = Element("testsuites")
    for report, verdict in runs:
        _add_cases(root, report)
        _add_gate(root, report.suite, verdict)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add_cases(root: Element, report: RunReport) -> None:
    errors = report.errors + report.stale
    suite = _add_suite(root, report.suite, tests=len(report.results), errors=errors)
    suite.set("failures", str(len(report.failed) - errors))
    suite.set("time", f"{sum(result.seconds for result in report.results):.3f}")
    for result in report.results:
        _add_case(suite, report.suite, result)


def _add_case(suite: Element, name: str, result: Result) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=_clean(f"evals.{name}"),
        name=_clean(result.case.id),
        time=f"{result.seconds:.3f}",
    )
    if result.stage:
        unjudged = result.stage in (Stage.ERROR, *UNFOUND)
        _add_trouble(case, "error" if unjudged else "failure", result.stage, _detail(result))


def _add_gate(root: Element, name: str, verdict: Verdict) -> None:
    suite = _add_suite(root, f"{name} gate", tests=1, errors=0)
    suite.set("failures", str(int(not verdict.passed)))
    suite.set("time", "0")
    case = SubElement(suite, "testcase", classname=_clean(f"evals.{name}"), name="gate", time="0")
    if not verdict.passed:
        _add_trouble(case, "failure", "gate", "\n".join(verdict.reasons))


def _add_suite(root: Element, name: str, *, tests: int, errors: int) -> Element:
    return SubElement(
        root, "testsuite", name=_clean(name), tests=str(tests), errors=str(errors), skipped="0"
    )


def _add_trouble(case: Element, kind: str, label: str, detail: str) -> None:
    trouble = SubElement(case, kind, type=_clean(label), message=_clean(detail.split("\n")[0]))
    trouble.text = _clean(detail)


def _detail(result: Result) -> str:
    if result.error or not result.answer:
        return result.error or ""
    return (
        f"{result.stage}\nquestion: {result.case.question}\n"
        f"accepted: {' | '.join(result.case.answers) or 'nothing, it should be declined'}\n"
        f"answer: {result.answer['answer']}"
    )


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)
